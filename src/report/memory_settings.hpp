#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "jobmedic/space.hpp"
#include "json/value.hpp"

namespace jobmedic::reported {

/// What configurations of one engine ask for of memory. Anyone may have written them: what cannot be read is none.
class MemorySettings {
 public:
  explicit MemorySettings(const std::string& engine);
  [[nodiscard]] const std::string& engine() const noexcept { return engine_; }
  /// Of a parameter of memory, the engine's default where it is absent; none: not of memory, or not known.
  [[nodiscard]] std::optional<double> gib(const json::Value& config, const std::string& parameter) const;

 private:
  std::string engine_;
  Space space_;
};

/// Spark holds the memory of an executor so many times.
double copies(const json::Value& config);

/// The members that a patch of right-sizing sets, and their values as they are written, in its order.
std::vector<std::pair<std::string, std::string>> settings_of(const std::string& patch);

/// A member as it is written; empty: absent.
std::string written(const json::Value& config, const std::string& member);

}  // namespace jobmedic::reported
