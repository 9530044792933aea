#include "cli/engine_options.hpp"

#include "cli/arguments.hpp"
#include "cli/output.hpp"
#include "json/value.hpp"

namespace jobmedic::cli {
namespace {

json::Value policy(const EngineOptions& options) {
  json::Value value = json::Object();
  if (!options.policy.empty()) {
    value = read_as(options.policy, [](const std::string& text) {
      static_cast<void>(Policy::parse(text));  // here, where the file's name can still be told
      return json::parse(text);
    });
  }
  auto* members = value.as<json::Object>();
  if (options.deadline_ms == 0 || members == nullptr) return value;
  if (json::Value* given = value.find("deadline_ms")) {
    *given = options.deadline_ms;
  } else {
    members->emplace_back("deadline_ms", options.deadline_ms);
  }
  return value;
}

json::Value loop(const EngineOptions& options) {
  json::Value value = json::Object();
  if (!options.loop.empty()) {
    value = read_as(options.loop, [](const std::string& text) {
      static_cast<void>(LoopPolicy::parse(text));
      return json::parse(text);
    });
  }
  if (auto* members = value.as<json::Object>(); members != nullptr && !options.mode.empty()) {
    std::erase_if(*members, [](const auto& member) { return member.first == "mode"; });
    members->emplace_back("mode", options.mode);
  }
  return value;
}

}  // namespace

void add_engine_options(CLI::App* command, EngineOptions& options) {
  add_store(command, options.store);
  add_rules(command, options.rules);
  command->add_flag("!--no-shipped-rules", options.shipped_rules,
                    "only your own rules: what they do not know is left to the model");
  command->add_option("--deadline-ms", options.deadline_ms, "answer within this time, with the best found so far")
      ->check(CLI::Range(1, 3'600'000))
      ->type_name("N");
  command->add_option("--policy", options.policy, "how to weigh failure against money: a JSON object")
      ->type_name("FILE");
  command->add_option("--space", options.space, "what may be changed (default: the engine's own)")->type_name("FILE");
  command->add_option("--model", options.model, "a model file (default: the store's version in service)")
      ->type_name("FILE");
  add_secrets(command, options.secrets);
  command->add_flag("--libtorch", options.libtorch, "predict with libtorch, which takes a second to load");
}

Engine open_engine(const EngineOptions& options) {
  json::Object config{
      {"schema", "jobmedic.engine/1"}, {"store", options.store}, {"policy", policy(options)}, {"loop", loop(options)}};
  if (!options.rules.empty()) config.emplace_back("rules", json::Array(options.rules.begin(), options.rules.end()));
  config.emplace_back("shipped_rules", options.shipped_rules);
  if (!options.space.empty()) config.emplace_back("space", options.space);
  if (!options.model.empty()) config.emplace_back("model", options.model);
  const auto& files = options.secrets.files;
  config.emplace_back(
      "secrets", json::object({{"mask", !options.secrets.show}, {"files", json::Array(files.begin(), files.end())}}));
  Engine engine(json::write(config));
  if (options.trace) {
    engine.set_log([](int, std::string_view message) { print_error(message); });
  }
  if (options.libtorch) {
    if (const std::string problem = engine.warm_up(); !problem.empty()) throw Error(Status::model, problem);
  }
  return engine;
}

}  // namespace jobmedic::cli
