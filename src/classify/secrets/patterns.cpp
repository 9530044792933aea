#include "classify/secrets/patterns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "classify/regex.hpp"
#include "classify/secrets/literals.hpp"
#include "core/embedded.hpp"
#include "jobmedic/error.hpp"
#include "json/reader.hpp"

namespace jobmedic::secrets {
namespace {

constexpr std::size_t shortest_literal = 2;  // a shorter one would be found everywhere
constexpr std::size_t most_literal_bytes = 65'000;

std::vector<std::string> strings_or_none(const json::Reader& in, std::string_view name) {
  const auto member = in.find(name);
  return member ? member->strings() : std::vector<std::string>();
}

// Compiles it once to tell what is wrong with it, and where.
std::string checked_regex(const json::Reader& in, std::string_view flags) {
  try {
    static_cast<void>(classify::Regex(in.string(), flags, false));
  } catch (const classify::RegexError& error) {
    throw Error(Status::rules, fmt::format("{}: column {}: {}", in.pointer(), error.column, error.what()),
                json::write(json::object({{"pointer", in.pointer()}, {"column", std::uint64_t{error.column}}})));
  }
  return in.string();
}

void check_literal(const json::Reader& in, std::string_view literal) {
  if (literal.size() < shortest_literal) {
    in.fail(fmt::format("\"{}\" needs {} plain characters in a row", in.string(), shortest_literal));
  }
}

std::string parse_name(const json::Reader& in) {
  if (in.at("name").string().empty()) in.at("name").fail("is empty");
  return in.at("name").string();
}

Setting parse_setting(const json::Reader& in, bool check) {
  Setting setting{parse_name(in), in.at("keys").strings(), strings_or_none(in, "except"), in.string_or("value", "")};
  for (const json::Reader& key : in.at("keys").items()) check_literal(key, longest_literal(key.string()));
  for (std::string& key : setting.keys) key = lower(key);
  for (std::string& key : setting.except) key = lower(key);
  if (check && !setting.value.empty()) static_cast<void>(checked_regex(in.at("value"), ""));
  return setting;
}

Shape parse_shape(const json::Reader& in, bool check) {
  Shape shape{parse_name(in), in.at("starts").strings(), in.at("then").string(), in.string_or("flags", ""),
              in.boolean_or("within", false)};
  for (const json::Reader& start : in.at("starts").items()) check_literal(start, start.string());
  if (shape.flags.find_first_not_of("is") != std::string::npos) in.at("flags").expected(R"(of "i" and "s")");
  if (shape.then.empty()) in.at("then").fail("is empty");
  if (check) static_cast<void>(checked_regex(in.at("then"), shape.flags));
  return shape;
}

Examples parse_examples(const json::Reader& in) {
  return {parse_name(in), strings_or_none(in, "matches"), strings_or_none(in, "ignores")};
}

Patterns parse(std::string_view text, bool check) {
  const json::Value value = json::parse(text);
  const json::Reader in(value);
  in.check_schema("jobmedic.secrets/1");
  Patterns patterns;
  if (const auto regexes = in.find("not_secrets")) {
    for (const json::Reader& regex : regexes->items()) {
      patterns.not_secrets.push_back(check ? checked_regex(regex, "i") : regex.string());
    }
  }
  if (const auto settings = in.find("settings")) {
    for (const json::Reader& setting : settings->items()) {
      patterns.settings.push_back(parse_setting(setting, check));
      patterns.examples.push_back(parse_examples(setting));
    }
  }
  if (const auto shapes = in.find("shapes")) {
    for (const json::Reader& shape : shapes->items()) {
      patterns.shapes.push_back(parse_shape(shape, check));
      patterns.examples.push_back(parse_examples(shape));
    }
  }
  return patterns;
}

template <typename T>
void move_to_end(std::vector<T>& all, std::vector<T>& added) {
  all.insert(all.end(), std::make_move_iterator(added.begin()), std::make_move_iterator(added.end()));
}

std::size_t literal_bytes(const Patterns& patterns) {
  std::size_t sum = 0;
  for (const Setting& setting : patterns.settings) {
    for (const std::string& key : setting.keys) sum += key.size();
  }
  for (const Shape& shape : patterns.shapes) {
    for (const std::string& start : shape.starts) sum += start.size();
  }
  return sum;
}

}  // namespace

void Patterns::append(Patterns later) {
  if (literal_bytes(*this) + literal_bytes(later) > most_literal_bytes) {
    throw Error(Status::rules, fmt::format("keys and starts are longer than {} bytes together", most_literal_bytes));
  }
  move_to_end(not_secrets, later.not_secrets);
  move_to_end(settings, later.settings);
  move_to_end(shapes, later.shapes);
  move_to_end(examples, later.examples);
}

Patterns parse_patterns(std::string_view json, std::string_view file) {
  try {
    return parse(json, true);
  } catch (const Error& error) {
    throw error.within(file);
  }
}

Patterns shipped_patterns() {
  return parse(embedded::secrets().front().text, false);
}

std::string longest_literal(std::string_view glob) {
  std::string_view longest;
  while (!glob.empty()) {
    const std::string_view run = glob.substr(0, glob.find_first_of("*?"));
    if (run.size() > longest.size()) longest = run;
    glob.remove_prefix(std::min(run.size() + 1, glob.size()));
  }
  return std::string(longest);
}

}  // namespace jobmedic::secrets
