#include "remediate/allowed.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "json/reader.hpp"

namespace jobmedic {
namespace {

bool is_parameter(const std::string& path, const Space& space) {
  return std::any_of(space.parameters.begin(), space.parameters.end(), [&](const Parameter& parameter) {
    const std::string pointer = "/" + json::escape_pointer_token(parameter.name);
    return path == pointer || path.starts_with(pointer + "/");
  });
}

}  // namespace

std::string objection(std::string_view patch, const Space& space) {
  const json::Value value = json::parse(patch);
  for (const json::Reader& operation : json::Reader(value).items()) {
    const std::string& kind = operation.at("op").string();
    if (kind == "test") continue;
    const std::string& path = operation.at("path").string();
    if (!is_parameter(path, space)) return fmt::format("\"{}\" is no parameter that may be changed", path);
    if (kind != "move") continue;
    const std::string& from = operation.at("from").string();
    if (!is_parameter(from, space)) return fmt::format("\"{}\" is no parameter that may be changed", from);
  }
  return "";
}

}  // namespace jobmedic
