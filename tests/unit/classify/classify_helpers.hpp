#pragma once
#include <string>
#include <vector>

#include "core/file.hpp"
#include "jobmedic/classify.hpp"
#include "jobmedic/error.hpp"
#include "json/reader.hpp"

/// With a sanitizer the long comparisons take fewer rounds than in the plain build.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool sanitized = true;
#elif defined(__has_feature)
constexpr bool sanitized = __has_feature(address_sanitizer);  // Clang's way to tell
#else
constexpr bool sanitized = false;
#endif

/// A classifier that leaves no files behind.
inline jobmedic::Classifier uncached(jobmedic::RuleSet rules) {
  return jobmedic::Classifier(std::move(rules), {{{}, false}});
}

/// A rule set of one category from (name, regex) pairs.
inline jobmedic::RuleSet rules_of(const std::vector<std::pair<std::string, std::string>>& rules, int lines = 1) {
  namespace json = jobmedic::json;
  json::Array array;
  for (const auto& [name, regex] : rules) {
    array.push_back(json::object({{"name", name}, {"regex", regex}, {"lines", lines}, {"category", "data"}}));
  }
  return jobmedic::RuleSet::parse(
      json::write(json::object({{"schema", "jobmedic.rules/1"}, {"rules", std::move(array)}})));
}

inline jobmedic::Classification classify_one(const jobmedic::Classifier& classifier, std::string_view data) {
  const std::vector<jobmedic::Log> logs{{"driver.stderr", data}};
  return classifier.classify(logs);
}

/// A data file under tests/data/classify.
inline jobmedic::json::Value classify_data(const std::string& name) {
  return jobmedic::json::parse(jobmedic::read_file("tests/data/classify/" + name));
}

template <typename Call>
std::string message_of(Call call) {
  try {
    call();
  } catch (const jobmedic::Error& error) {
    return error.what();
  }
  return "";
}
