#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jobmedic/store.hpp"

/// Look-up of patches without looking at patches. A store knows few kinds of scope (which members are given) and many
/// scopes; so a look-up asks for one key per kind, however many patches there are.
namespace jobmedic {

/// The members a scope gives, sorted, as JSON Pointers into an attempt: ["/engine", "/job", "/labels/queue"].
using ScopeKind = std::vector<std::string>;

ScopeKind kind_of(const Scope& scope);
/// A kind as it is stored: a JSON array.
std::string write_kind(const ScopeKind& kind);
/// Throws Error (parse, schema).
ScopeKind parse_kind(std::string_view text);

/// The same for every scope with the same members and values: 32 hexadecimal digits.
std::string key_of(const Scope& scope);
/// The key of the scope of that kind that matches the attempt; none where the attempt lacks one of its labels.
std::optional<std::string> key_of(const ScopeKind& kind, const Attempt& attempt);

}  // namespace jobmedic
