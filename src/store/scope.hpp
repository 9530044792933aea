#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "jobmedic/store.hpp"

/// Look-up of patches without looking at patches. A store knows few kinds of scope (which members are given) and many
/// scopes; so a look-up asks for one key per kind, however many patches there are. Patches are filed by the job their
/// scope names (or none) and then by key, so that the keys of one attempt lie side by side.
namespace jobmedic {

/// The members a scope gives, sorted, as JSON Pointers into an attempt: ["/engine", "/job", "/labels/queue"].
using ScopeKind = std::vector<std::string>;

ScopeKind kind_of(const Scope& scope);
bool names_job(const ScopeKind& kind);
/// A kind as it is stored: a JSON array.
std::string write_kind(const ScopeKind& kind);
/// Throws Error (parse, schema).
ScopeKind parse_kind(std::string_view text);

/// The same for every scope with the same members and values: 32 hexadecimal digits.
std::string key_of(const Scope& scope);

/// The keys under which an attempt is found, of any number of kinds.
class ScopeKeys {
 public:
  explicit ScopeKeys(const Attempt& attempt);
  /// The key of the scope of that kind that matches the attempt; none where the attempt lacks one of its labels.
  [[nodiscard]] std::optional<std::string> find(const ScopeKind& kind) const;

 private:
  std::unordered_map<std::string, std::string> parts_;  // by member: the member and its value, as JSON
};

}  // namespace jobmedic
