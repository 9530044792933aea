#include "history.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "guard.hpp"
#include "json/reader.hpp"
#include "remediate/engine_config.hpp"

using namespace jobmedic;
using namespace jobmedic::capi;

namespace jobmedic::capi {
namespace {

Attempt parse_line(std::string_view line, std::int64_t number) {
  try {
    return Attempt::parse(line);
  } catch (const Error& error) {
    json::Value detail = json::parse(error.detail());
    if (auto* members = detail.as<json::Object>()) members->emplace_back("line", number);
    throw Error(error.status(), fmt::format("line {}: {}", number, error.what()), json::write(detail));
  }
}

OutcomeOptions parse_options(std::string_view text) {
  const json::Value document = json::parse(text);
  const json::Reader in(document);
  OutcomeOptions options;
  options.correct = in.boolean_or("correct", false);
  options.author = {in.string_or("by", ""), in.string_or("reason", "")};
  return options;
}

}  // namespace

std::vector<Attempt> parse_history(std::string_view json_lines) {
  std::vector<Attempt> attempts;
  for (std::int64_t number = 1; !json_lines.empty(); ++number) {
    const std::string_view line = json_lines.substr(0, json_lines.find('\n'));
    json_lines.remove_prefix(std::min(line.size() + 1, json_lines.size()));
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) attempts.push_back(parse_line(line, number));
  }
  return attempts;
}

std::unique_ptr<Store> open_store(const jobmedic_engine& engine) {
  const EngineConfig config = EngineConfig::parse(engine.config);
  if (config.store.empty()) refuse("engine", R"(its configuration names no store: give "store": "sqlite:PATH")");
  return jobmedic::open_store(config);
}

}  // namespace jobmedic::capi

jobmedic_status jobmedic_import_history(jobmedic_engine* engine, const char* json_lines, size_t json_lines_size,
                                        jobmedic_buffer** out, jobmedic_error** error) {
  return answer(out, error, [&] {
    const std::unique_ptr<Store> store = open_store(use("engine", engine));
    const std::vector<Attempt> attempts = parse_history(text("json_lines", json_lines, json_lines_size));
    const std::size_t changed = store->record_all(attempts);
    return json::write(json::object({{"schema", "jobmedic.import/1"},
                                     {"attempts", static_cast<std::int64_t>(attempts.size())},
                                     {"changed", static_cast<std::int64_t>(changed)}}));
  });
}

jobmedic_status jobmedic_record_outcome(jobmedic_engine* engine, const char* attempt, size_t attempt_size,
                                        const char* options, size_t options_size, jobmedic_buffer** out,
                                        jobmedic_error** error) {
  return answer(out, error, [&] {
    Engine& here = use("engine", engine).engine;
    const Attempt ended = capi::attempt(attempt, attempt_size);
    const std::string_view json = capi::options("options", options, options_size);
    return here.record_outcome(ended, parse_as("options", [&] { return parse_options(json); })).to_json();
  });
}
