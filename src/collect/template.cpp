#include "collect/template.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "jobmedic/error.hpp"

namespace jobmedic::collect {
namespace {

[[noreturn]] void refuse(const std::string& problem) {
  throw Error(Status::invalid_argument, problem);
}

// Calls `literal` for text and `placeholder` for names.
void walk(std::string_view text, const std::function<void(std::string_view)>& literal,
          const std::function<void(std::string_view)>& placeholder) {
  while (!text.empty()) {
    const std::size_t brace = std::min(text.find_first_of("{}"), text.size());
    if (brace > 0) literal(text.substr(0, brace));
    text.remove_prefix(brace);
    if (text.empty()) return;
    if (text.size() > 1 && text[0] == text[1]) {
      literal(text.substr(0, 1));
      text.remove_prefix(2);
      continue;
    }
    const std::size_t end = text.find('}');
    if (text.front() == '}' || end == std::string_view::npos) refuse(R"(a single brace; "{{" and "}}" are braces)");
    const std::string_view name = text.substr(1, end - 1);
    if (name.empty() || name.find('{') != std::string_view::npos) refuse("a placeholder without a name");
    placeholder(name);
    text.remove_prefix(end + 1);
  }
}

std::string label(std::string_view name, const Attempt& attempt) {
  const auto found = attempt.labels.find(std::string(name));
  if (found == attempt.labels.end() || found->second.empty()) {
    refuse(fmt::format("the attempt has no label \"{}\", which this source needs", name));
  }
  return found->second;
}

std::string known_value(std::string_view name, const Attempt& attempt) {
  constexpr std::string_view labels = "labels.";
  if (name == "job") return attempt.job;
  if (name == "run") return attempt.run;
  if (name == "engine") return attempt.engine;
  if (name == "attempt") return std::to_string(attempt.attempt);
  return label(name.starts_with(labels) ? name.substr(labels.size()) : name, attempt);
}

std::string value_of(std::string_view name, const Attempt* attempt) {
  if (attempt == nullptr) refuse(fmt::format("{{{}}} is filled in from an attempt, and none was given", name));
  std::string value = known_value(name, *attempt);
  if (value.empty()) refuse(fmt::format("the attempt's \"{}\" is empty, and this source needs it", name));
  if (std::any_of(value.begin(), value.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; })) {
    refuse(fmt::format("the attempt's \"{}\" holds a control character", name));
  }
  return value;
}

std::size_t climbs(std::string_view path) {
  std::size_t count = 0;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    if (path.substr(0, end) == "..") ++count;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return count;
}

std::string fill(std::string_view text, const Attempt* attempt, const std::function<std::string(std::string)>& treat) {
  std::string filled;
  walk(
      text, [&](std::string_view literal) { filled += literal; },
      [&](std::string_view name) { filled += treat(value_of(name, attempt)); });
  return filled;
}

// ".." that the template itself has is its author's own.
void check_path(std::string_view text, const std::string& filled) {
  if (climbs(filled) > climbs(text)) refuse(fmt::format(R"("{}": a value would leave the folder (".."))", filled));
}

}  // namespace

void check_template(std::string_view text) {
  walk(
      text, [](std::string_view) {}, [](std::string_view) {});
}

bool has_placeholder(std::string_view text) {
  bool found = false;
  walk(
      text, [](std::string_view) {}, [&](std::string_view) { found = true; });
  return found;
}

std::string fill_argument(std::string_view text, const Attempt* attempt) {
  std::string filled = fill(text, attempt, [](std::string value) { return value; });
  // "-" alone and "-x" are options to a program; only the template's author may write one.
  if (text.starts_with('{') && !text.starts_with("{{") && filled.starts_with('-')) {
    refuse(fmt::format("\"{}\" begins with '-': the command would take it for an option", filled));
  }
  return filled;
}

std::string fill_path(std::string_view text, const Attempt* attempt) {
  std::string filled = fill(text, attempt, [](std::string value) { return value; });
  check_path(text, filled);
  return filled;
}

std::string fill_glob(std::string_view text, const Attempt* attempt) {
  std::string filled = fill(text, attempt, [](const std::string& value) {
    std::string escaped;
    for (const char c : value) {
      if (std::string_view("*?[]\\").find(c) != std::string_view::npos) escaped += '\\';
      escaped += c;
    }
    return escaped;
  });
  check_path(text, filled);
  return filled;
}

}  // namespace jobmedic::collect
