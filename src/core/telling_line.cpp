// The document of one telling line, as the store keeps it.
#include "jobmedic/templates.hpp"
#include "json/reader.hpp"

namespace jobmedic {

TellingLine TellingLine::parse(std::string_view text) {
  const json::Value value = json::parse(text);
  const json::Reader in(value);
  TellingLine line;
  line.text = in.at("template").string();
  line.example = in.string_or("example", "");
  line.exception = in.string_or("exception", "");
  line.log = in.string_or("log", "");
  line.weight = in.at("weight").number_in(0, 100);
  line.count = static_cast<std::uint64_t>(in.at("count").integer_in(0, INT64_MAX));
  return line;
}

std::string TellingLine::to_json() const {
  return json::write(json::object({{"template", text},
                                   {"example", example},
                                   {"exception", exception},
                                   {"log", log},
                                   {"weight", weight},
                                   {"count", count}}));
}

}  // namespace jobmedic
