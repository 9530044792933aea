#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "jobmedic/space.hpp"

namespace jobmedic {

/// The shipped parameter spaces, each parsed once. Safe from any number of threads.
class Spaces {
 public:
  /// Null where there is none.
  std::shared_ptr<const Space> find(const std::string& engine);
  /// For engines that have none of their own.
  std::shared_ptr<const Space> generic();
  /// Every shipped one, with its engine.
  std::vector<std::pair<std::string, std::shared_ptr<const Space>>> all();

 private:
  std::shared_ptr<const Space> at(const std::string& engine);

  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Space>> parsed_;
};

}  // namespace jobmedic
