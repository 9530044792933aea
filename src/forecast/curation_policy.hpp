#pragma once
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// How a lake of device characteristics is cleaned: jobmedic.curation/1, shipped as policy.json.
///
///   ignored       columns that only tell where a row is from. Rows equal in all columns are duplicates, and one counts
///   placeholders  values that nobody measured: a row with one of them is a test row and has no vote
///   missing       by characteristic, what stands where its rows have no value, in this order:
///                 "false" (a missing value is a vote for False), "secondary" (the second file),
///                 "reference" (what the next older SDK version of the device type has, else the next newer)
///                 else the field stays empty, which is an indicator of its own: features tell it from any value
///
/// Contradictions are settled by majority. A tie goes to the value that the type's other SDK versions have, else to the
/// smaller number (a limit believed too low warns too early, one too high too late), else to the first by the alphabet.
namespace jobmedic::forecast {

enum class WhenMissing { false_value, secondary, reference };

struct CurationPolicy {
  std::set<std::string> ignored;
  std::set<std::string> placeholders;
  std::map<std::string, std::vector<WhenMissing>> missing;

  /// The shipped one where `text` is empty. Throws Error: parse, schema.
  static CurationPolicy parse(std::string_view text);
  [[nodiscard]] bool uses(const std::string& characteristic, WhenMissing way) const;
};

}  // namespace jobmedic::forecast
