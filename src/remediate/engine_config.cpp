#include "remediate/engine_config.hpp"

#include "core/file.hpp"
#include "jobmedic/error.hpp"
#include "json/reader.hpp"

namespace jobmedic {
namespace {

Source parse_source(const json::Reader& in) {
  if (in.value().as<std::string>() != nullptr) {
    if (in.string().empty()) in.fail("is empty");
    return {in.string(), ""};
  }
  if (in.value().as<json::Object>() == nullptr) in.expected("a path or a document");
  return {{}, json::write(in.value())};
}

// What the member's own reader says, at its place in this document.
template <typename Member>
Member parse_member(const json::Reader& in) {
  try {
    return Member::parse(json::write(in.value()));
  } catch (const Error& error) {
    const json::Value detail = json::parse(error.detail());
    const json::Value* pointer = detail.find("pointer");
    const std::string* inner = pointer != nullptr ? pointer->as<std::string>() : nullptr;
    if (inner == nullptr) throw;
    const std::string_view message = error.what();
    const std::string where = in.pointer() + *inner;
    const std::string problem(message.starts_with(*inner) ? message.substr(inner->size()) : message);
    throw Error(error.status(), where + problem, json::write(json::object({{"pointer", where}})));
  }
}

}  // namespace

EngineConfig EngineConfig::parse(std::string_view text) {
  const json::Value value = json::parse(text);
  const json::Reader in(value);
  if (in.find("schema")) in.check_schema("jobmedic.engine/1");
  EngineConfig config;
  if (const auto rules = in.find("rules")) {
    for (const json::Reader& source : rules->items()) config.rules.push_back(parse_source(source));
  }
  config.shipped_rules = in.boolean_or("shipped_rules", true);
  config.store = in.string_or("store", "");
  config.model = in.string_or("model", "");
  if (const auto space = in.find("space")) config.space = parse_source(*space);
  if (const auto collector = in.find("collector")) config.collector = parse_source(*collector);
  if (const auto policy = in.find("policy")) config.policy = parse_member<Policy>(*policy);
  if (const auto loop = in.find("loop")) config.loop = parse_member<LoopPolicy>(*loop);
  if (const auto rightsize = in.find("rightsize")) config.rightsize = parse_member<RightsizePolicy>(*rightsize);
  config.warm_up = in.boolean_or("warm_up", false);
  config.torch_module = in.string_or("torch_module", "");
  config.cache = in.string_or("cache", "");
  if (const auto secrets = in.find("secrets")) {
    config.mask_secrets = secrets->boolean_or("mask", true);
    if (const auto files = secrets->find("files")) {
      for (const json::Reader& source : files->items()) config.secrets.push_back(parse_source(source));
    }
  }
  return config;
}

SecretMask read_secrets(const EngineConfig& config) {
  if (!config.mask_secrets) return SecretMask::none();
  SecretMask mask;
  for (const Source& source : config.secrets) {
    mask = source.path.empty() ? mask.with(source.text) : mask.with(read_file(source.path), source.path.string());
  }
  return mask;
}

std::unique_ptr<Store> open_store(const EngineConfig& config,
                                  std::function<void(std::string_view, const std::string&)> tell) {
  StoreOptions options;
  options.tell = std::move(tell);
  options.secrets = read_secrets(config);
  return Store::open(config.store, options);
}

}  // namespace jobmedic
