#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "jobmedic/attempt.hpp"

/// A patch with its scope, as a store keeps it: the document jobmedic.patch/1.
namespace jobmedic {

/// Matches an attempt where each member equals the attempt's; an absent member matches any.
struct Scope {
  std::optional<std::string> job;
  std::optional<std::string> engine;
  std::map<std::string, std::string> labels;
  [[nodiscard]] std::size_t size() const noexcept { return (job ? 1U : 0U) + (engine ? 1U : 0U) + labels.size(); }
  [[nodiscard]] bool matches(const Attempt& attempt) const;
};

/// Sources of the patches that jobmedic makes by itself.
namespace patch_source {
inline constexpr std::string_view recommendation = "recommendation";
inline constexpr std::string_view rightsize = "rightsize";
inline constexpr std::string_view proposal = "proposal";  ///< right-sizing in shadow mode: disabled until a person nods
}  // namespace patch_source

struct StoredPatch {
  std::string id;  ///< given by the store when empty
  Scope scope;
  std::string patch = "[]";  ///< RFC 6902, against the configuration
  std::int64_t priority = 0;
  bool layer = false;                     ///< applies before the last candidate instead of standing alone
  bool disabled = false;                  ///< kept, but never applied
  std::string created_at;                 ///< RFC 3339 UTC; given by the store when empty
  std::string activates_at;               ///< not applied before; empty: at once
  std::string expires_at;                 ///< not applied from then on; empty: never
  std::optional<std::int64_t> uses_left;  ///< absent: no limit
  std::string plan_hash;                  ///< applies to attempts whose plan has this hash only; empty: to any
  std::string source;                     ///< "user", or one of patch_source
  std::string note;
  std::string damage;  ///< why its row in the store cannot be read; then only `id` means anything. Not in the document

  /// Throws Error: parse, schema (pointer).
  static StoredPatch parse(std::string_view json);
  [[nodiscard]] std::string to_json() const;
  /// By right-sizing, whoever put it in force.
  [[nodiscard]] bool sizes() const noexcept {
    return source == patch_source::rightsize || source == patch_source::proposal;
  }
  /// By right-sizing, and nobody has put it in force.
  [[nodiscard]] bool proposed() const noexcept { return disabled && source == patch_source::proposal; }
  /// Why it is not in force at `now` (RFC 3339): disabled, expired, not active yet, used up. Empty: it is.
  [[nodiscard]] std::string why_idle(std::string_view now) const;
  /// Was it made for another definition of the job? An attempt without a plan does not say.
  [[nodiscard]] bool made_for_other_plan(const Attempt& attempt) const;
};

/// What two plans share that are the same but for numbers, and words with digits in them: expression ids, dates and
/// temporary names differ from run to run of one definition. 32 hexadecimal digits; empty of an empty plan.
std::string plan_hash(std::string_view plan);

}  // namespace jobmedic
