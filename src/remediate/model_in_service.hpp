#pragma once
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "jobmedic/error.hpp"
#include "jobmedic/model.hpp"
#include "jobmedic/store.hpp"

namespace jobmedic {

/// The model version the store has in service, read when it is first needed and again when the version changes. Safe
/// from any number of threads.
class ModelInService {
 public:
  /// Null: none is in service. Throws Error (store, model) as long as the version in service cannot be read; it is not
  /// read again until another is in service, or after forget().
  /// `read` is told the name of a version that was read just now, also where that failed.
  std::shared_ptr<const Model> follow(const Store& store, const std::function<void(const std::string&)>& read = {});
  /// The last one that could be read; null: none.
  [[nodiscard]] std::shared_ptr<const Model> last_good() const;
  void forget();

 private:
  std::string read_version(const Store& store, const std::string& version);

  mutable std::mutex mutex_;
  std::optional<std::string> version_;  // of `model_` or `failure_`; none: unknown
  std::shared_ptr<const Model> model_;
  std::optional<Error> failure_;
};

}  // namespace jobmedic
