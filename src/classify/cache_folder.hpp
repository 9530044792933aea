#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "jobmedic/rules.hpp"

namespace jobmedic::classify {

/// A folder of the user's for what would take long to make again. Each file carries a hash of its content: what is
/// damaged, foreign or not writable is as if it were not there, and nothing fails. What nobody read for a month goes.
class CacheFolder {
 public:
  /// Made if need be; not used where others may write to it.
  explicit CacheFolder(const RuleCache& cache);

  [[nodiscard]] std::optional<std::string> read(std::string_view name) const;
  void write(std::string_view name, std::string content) const;

 private:
  void forget_unread() const;
  std::filesystem::path folder_;  // empty: none
};

}  // namespace jobmedic::classify
