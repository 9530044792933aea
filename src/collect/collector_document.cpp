// jobmedic.collector/1, read.
#include <fmt/format.h>

#include <array>
#include <limits>
#include <set>

#include "collect/template.hpp"
#include "jobmedic/collect.hpp"
#include "jobmedic/error.hpp"
#include "json/reader.hpp"

namespace jobmedic {
namespace {

using Kind = LogSource::Kind;

constexpr std::array kinds{std::pair{"file", Kind::file}, std::pair{"glob", Kind::glob},
                           std::pair{"command", Kind::command}, std::pair{"event_log", Kind::event_log},
                           std::pair{"work_directory", Kind::work_directory}};

Kind read_kind(const json::Reader& in) {
  for (const auto& [name, kind] : kinds) {
    if (in.string() == name) return kind;
  }
  in.expected(R"("file", "glob", "command", "event_log" or "work_directory")");
}

std::string read_template(const json::Reader& in) {
  const std::string& text = in.string();
  if (text.find('\0') != std::string::npos) in.fail("holds a NUL character");
  try {
    collect::check_template(text);
  } catch (const Error& error) {
    in.fail(error.what());
  }
  return text;
}

std::vector<std::string> read_command(const json::Reader& in) {
  std::vector<std::string> command;
  for (const json::Reader& argument : in.items()) command.push_back(read_template(argument));
  if (command.empty() || command.front().empty()) in.fail("names no program");
  if (collect::has_placeholder(command.front())) in.fail("the program itself cannot come from an attempt");
  return command;
}

LogSource read_source(const json::Reader& in) {
  LogSource source;
  source.name = in.at("name").string();
  if (source.name.empty()) in.at("name").fail("is empty");
  const auto command = in.find("command");
  const auto kind = in.find("kind");
  source.kind = kind ? read_kind(*kind) : command ? Kind::command : Kind::file;
  if (source.kind == Kind::command) {
    source.command = read_command(in.at("command"));
  } else {
    source.path = read_template(in.at("path"));
    if (source.path.empty()) in.at("path").fail("is empty");
  }
  source.log = in.string_or("log", "");
  if (const auto limit = in.find("limit_bytes")) {
    source.limit_bytes = static_cast<std::uint64_t>(limit->integer_in(0, std::numeric_limits<std::int64_t>::max()));
  }
  constexpr double a_day = 86400;
  if (const auto timeout = in.find("timeout_s")) source.timeout_s = timeout->number_in(0, a_day);
  source.required = in.boolean_or("required", false);
  return source;
}

}  // namespace

Collector Collector::parse(std::string_view text) {
  const json::Value value = json::parse(text);
  const json::Reader in(value);
  in.check_schema("jobmedic.collector/1");
  std::vector<LogSource> sources;
  std::set<std::string> names;
  for (const json::Reader& item : in.at("sources").items()) {
    sources.push_back(read_source(item));
    if (!names.insert(sources.back().name).second) item.at("name").fail("another source has this name");
  }
  if (sources.empty()) in.at("sources").fail("names no source");
  return Collector(std::move(sources));
}

}  // namespace jobmedic
