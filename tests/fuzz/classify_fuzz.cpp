// Rules and a log from one input: a line with the flags' letters and the number of lines, lines with one regex each, an
// empty line, then the log. Whatever the bytes and wherever they are cut, a stream gives the verdict of the whole.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "jobmedic/classify.hpp"
#include "jobmedic/error.hpp"
#include "json/value.hpp"

using namespace jobmedic;

namespace {

std::string_view take_line(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\n'), rest.size());
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return line;
}

std::string rules_document(std::string_view& rest) {
  const std::string_view head = take_line(rest);
  std::string flags;
  for (const char letter : {'i', 's', 'x'}) {
    if (head.find(letter) != std::string_view::npos) flags += letter;
  }
  const int lines = 1 + static_cast<int>(head.size() % 4);
  json::Array rules;
  while (rules.size() < 4) {
    const std::string_view regex = take_line(rest);
    if (regex.empty()) break;
    rules.push_back(json::object({{"name", "r" + std::to_string(rules.size())},
                                  {"regex", regex},
                                  {"flags", flags},
                                  {"lines", lines},
                                  {"category", "data"}}));
  }
  return json::write(json::object({{"schema", "jobmedic.rules/1"}, {"rules", std::move(rules)}}));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  try {
    const Classifier classifier(RuleSet::parse(rules_document(rest)), {{{}, false}});
    const Log log{"a", rest};
    const std::string whole = classifier.classify(std::span(&log, 1)).to_json();
    Scan scan = classifier.scan();
    scan.feed("a", {});
    std::uint32_t step = static_cast<std::uint32_t>(size);
    for (std::string_view left = rest; !left.empty();) {
      step = step * 1664525U + 1013904223U;
      const std::size_t count = std::min<std::size_t>(left.size(), 1 + (step >> 24U) % 97);
      scan.feed("a", left.substr(0, count));
      left.remove_prefix(count);
    }
    if (scan.result().to_json() != whole) std::abort();
    static_cast<void>(Classification::parse(whole));
  } catch (const Error&) {  // no rules: said so
  }
  return 0;
}
