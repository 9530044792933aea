#pragma once
#include <filesystem>
#include <string>
#include <string_view>

/// Changes to a user's rule file that leave the rest of its bytes as they are.
namespace jobmedic::cli {

/// The document with one more rule, after its others. `document` and `rule` are valid JSON, the first jobmedic.rules/1.
std::string with_rule(std::string_view document, std::string_view rule);
/// A new document of that rule.
std::string rules_document(std::string_view rule);
/// The document with `value` (JSON) for a member of its rule `name`, which it holds.
std::string with_member(std::string_view document, std::string_view name, std::string_view member,
                        std::string_view value);

/// The whole file, or nothing where it does not exist.
std::string read_rule_file(const std::filesystem::path& path);
/// Checks `text` as the file's rules, then puts it in the file's place at once; mode and links stay. Throws Error:
/// rules (as it would be read), io.
void write_rule_file(const std::filesystem::path& path, const std::string& text);

}  // namespace jobmedic::cli
