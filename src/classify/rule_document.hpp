#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "classify/frames.hpp"
#include "jobmedic/error.hpp"
#include "jobmedic/rules.hpp"
#include "json/reader.hpp"

namespace jobmedic::classify {

/// jobmedic.rules/1 read and checked. `check_regexes`: compiles each regex, too; that is most of the time, and the
/// shipped pack had it done by its tests.
std::vector<Rule> parse_rules(std::string_view text, std::string_view file, bool check_regexes);
/// The same without stopping: the rules that can be used; `refuse` gets the error of each of the others.
std::vector<Rule> parse_usable_rules(std::string_view text, std::string_view file,
                                     const std::function<void(const Error&)>& refuse);

/// A document before it is read.
struct RuleText {
  std::string file;
  std::string text;
};
/// A file, or a folder's in the order of its manifest.json, else by name.
std::vector<RuleText> rule_texts(const std::filesystem::path& path);
std::vector<RuleText> shipped_rule_texts();
/// A regex, or each of a list of regexes any of which may match. Throws Error (schema).
std::vector<json::Reader> alternatives_in(const json::Reader& regex);
/// The "frames" of a document. Throws Error (schema).
Frames read_frames(const json::Reader& document, bool check_regexes);

}  // namespace jobmedic::classify
