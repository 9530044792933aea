#include "remediate/snapshot.hpp"

#include "core/file.hpp"
#include "jobmedic/error.hpp"

namespace jobmedic {
namespace {

RuleSet read_rules(const EngineConfig& config) {
  RuleSet rules;
  for (const Source& source : config.rules) {
    rules.append(source.path.empty() ? RuleSet::parse(source.text) : RuleSet::load(source.path, {config.cache}));
  }
  if (config.shipped_rules) rules.append(RuleSet::shipped());
  return rules;
}

template <typename Read>
auto within_file(const std::filesystem::path& path, const Read& read) {
  const std::string text = read_file(path);  // says the path itself
  try {
    return read(text);
  } catch (const Error& error) {
    throw error.within(path.string());
  }
}

struct GivenSpace {
  std::shared_ptr<const Space> space;
  std::string document;
};

GivenSpace read_space(const EngineConfig& config) {
  if (!config.space) return {};
  const auto parse = [](const std::string& text) {
    return GivenSpace{std::make_shared<const Space>(Space::parse(text)), text};
  };
  return config.space->path.empty() ? parse(config.space->text) : within_file(config.space->path, parse);
}

std::optional<Collector> read_collector(const EngineConfig& config) {
  if (!config.collector) return std::nullopt;
  const auto parse = [](const std::string& text) { return Collector::parse(text); };
  return config.collector->path.empty() ? parse(config.collector->text) : within_file(config.collector->path, parse);
}

std::shared_ptr<const Model> read_model(const EngineConfig& config) {
  if (config.model.empty()) return nullptr;
  return within_file(config.model, [](const std::string& bytes) { return Model::parse(bytes); });
}

}  // namespace

std::shared_ptr<const Snapshot> read_snapshot(const EngineConfig& config, const Snapshot* before) {
  ClassifierOptions options;
  options.cache.directory = config.cache;
  options.secrets = read_secrets(config);
  RuleSet rules = read_rules(config);
  GivenSpace space = read_space(config);
  auto counts = std::make_shared<const metrics::RuleTable>(rules, before != nullptr ? before->counts.get() : nullptr);
  return std::make_shared<const Snapshot>(Snapshot{Classifier(std::move(rules), options), read_collector(config),
                                                   std::move(space.space), std::move(space.document),
                                                   read_model(config), options.secrets, std::move(counts)});
}

}  // namespace jobmedic
