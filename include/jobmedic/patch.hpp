#pragma once
#include <string>
#include <string_view>

/// JSON Patch (RFC 6902) over JSON Pointer (RFC 6901), and merge patch (RFC 7396).
/// Free functions: safe from any number of threads; inputs are borrowed for the call.
namespace jobmedic {

/// The document after all operations, or none: a failing operation throws and nothing is changed.
/// Members keep their order; `add` of a new member appends it. Integers of 64 bits and doubles keep their value; any
/// other number and duplicate members are refused, never rounded or merged. What a hostile patch may cost is bounded:
/// operations, nesting, copied bytes, work. Throws Error: parse (offset), schema (pointer into the patch), patch
/// (operation index from 0, pointer).
std::string apply_patch(std::string_view document, std::string_view patch);

/// A short patch that turns `from` into `to`: applying it gives `to` by value. The same pair gives the same patch.
/// Objects are changed member by member, arrays by the fewest edits or, where that is shorter, as a whole.
/// Throws Error: parse.
std::string diff(std::string_view from, std::string_view to);

/// The document after a merge patch (RFC 7396): its members replace the document's or, where they are null, remove
/// them; objects are merged member by member, anything else is replaced as a whole. Members keep their order, new ones
/// are appended. Throws Error: parse (offset).
std::string apply_merge_patch(std::string_view document, std::string_view patch);

}  // namespace jobmedic
