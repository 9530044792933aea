#include "cli/script_output.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "core/text.hpp"
#include "json/reader.hpp"
#include "json/setting.hpp"

namespace jobmedic::cli {
namespace {

// Between single quotes a shell takes every byte for itself, but it knows no NUL.
std::string quoted(std::string_view value) {
  std::string text = "'";
  for (const char c : value) {
    if (c == '\'') text += R"('\'')";
    if (c != '\'' && c != '\0') text += c;
  }
  return text + "'";
}

void assign(std::string& text, std::string_view name, std::string_view value) {
  text += fmt::format("JOBMEDIC_{}={}\n", name, quoted(value));
}

void assign_flag(std::string& text, std::string_view name, bool value) {
  text += fmt::format("JOBMEDIC_{}={}\n", name, value ? 1 : 0);
}

// Words for people, on one line.
void assign_words(std::string& text, std::string_view name, const json::Value* object, std::string_view member) {
  const json::Value* value = object == nullptr ? nullptr : object->find(member);
  const auto* words = value == nullptr ? nullptr : value->as<std::string>();
  assign(text, name, words == nullptr ? "" : one_line(*words));
}

// Only letters, digits and "_" may stand in a variable's name.
std::string variable(std::string_view name) {
  std::string text = "CONFIG_";
  for (const char c : name) {
    const bool lower = c >= 'a' && c <= 'z';
    const bool kept = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    text += lower ? static_cast<char>(c - 'a' + 'A') : kept ? c : '_';
  }
  return text;
}

// The code point that `text`, valid UTF-8, begins with; takes it away.
char32_t take_code_point(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t point = length == 1 ? lead : lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) point = point << 6U | (static_cast<unsigned char>(text[i]) & 0x3FU);
  text.remove_prefix(length);
  return point;
}

// java.util.Properties reads UTF-16 units in \u escapes, and ISO 8859-1 where its caller names no charset: hence ASCII.
std::string escaped(std::string_view words, std::string_view special) {
  std::string text;
  while (!words.empty()) {
    const char32_t point = take_code_point(words);
    if (point > 0xFFFF) {
      const auto above = static_cast<unsigned>(point - 0x10000);
      text += fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + (above >> 10U), 0xDC00 + (above & 0x3FFU));
    } else if (point < 0x20 || point > 0x7E) {
      text += fmt::format("\\u{:04x}", static_cast<unsigned>(point));
    } else {
      if (special.find(static_cast<char>(point)) != std::string_view::npos) text += '\\';
      text += static_cast<char>(point);
    }
  }
  return text;
}

}  // namespace

void add_script_formats(CLI::App* command) {
  CLI::Option* format = command->get_option("--format");
  format->get_validator()->active(false);  // the one for page and json alone
  format->check(CLI::IsMember({"page", "json", "env", "spark-conf"}));
  format->description(format->get_description() +
                      "; env: for eval in a shell; spark-conf: for spark-submit --properties-file");
}

std::string format_of(const CLI::App* command) {
  return command->get_option("--format")->as<std::string>();
}

std::string remediation_assignments(std::string_view remediation) {
  const json::Value document = json::parse(remediation);
  const json::Reader in(document);
  const json::Reader retry = in.at("retry");
  std::string text;
  assign_flag(text, "RESTART", retry.at("restart").boolean());
  // Whole seconds: POSIX sleep takes no other.
  text += fmt::format("JOBMEDIC_AFTER_S={:.0f}\n", std::ceil(retry.at("after_s").number()));
  assign_words(text, "REASON", document.find("retry"), "reason");
  assign_words(text, "DECISION", document.find("recommendation"), "decision");
  assign_words(text, "PATCH_ID", &document, "patch_id");
  const json::Value* verdict = document.find("classification");
  assign_words(text, "RULE", verdict, "rule");
  assign_words(text, "CATEGORY", verdict, "category");
  assign_words(text, "SUMMARY", verdict, "summary");
  assign_words(text, "ADVICE", verdict, "advice");
  assign(text, "MODE", in.string_or("mode", "act"));
  assign_flag(text, "QUARANTINED", in.boolean_or("quarantined", false));
  assign_flag(text, "STOPPED", in.find("stopped").has_value());
  return text;
}

std::string config_assignments(const ConfigAnswer& answer) {
  std::string text;
  assign(text, "APPLIED", join(answer.applied, " "));
  assign(text, "CONFIG", answer.config);
  const json::Value config = json::parse(answer.config);
  std::map<std::string, int> uses;
  for (const auto& [name, value] : *config.as<json::Object>()) ++uses[variable(name)];
  for (const auto& [name, value] : *config.as<json::Object>()) {
    if (uses[variable(name)] == 1) assign(text, variable(name), json::as_setting(value));
  }
  return text;
}

std::string spark_properties(const ConfigAnswer& answer) {
  const json::Value config = json::parse(answer.config);
  std::string text;
  for (const auto& [name, value] : *config.as<json::Object>()) {
    if (value.is_null()) continue;
    // Of a value only a leading space would be lost.
    const std::string words = escaped(json::as_setting(value), "\\");
    text += fmt::format("{}={}{}\n", escaped(name, "\\ =:#!"), words.starts_with(' ') ? "\\" : "", words);
  }
  return text;
}

}  // namespace jobmedic::cli
