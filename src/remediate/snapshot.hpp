#pragma once
#include <memory>
#include <optional>
#include <string>

#include "jobmedic/classify.hpp"
#include "jobmedic/collect.hpp"
#include "jobmedic/model.hpp"
#include "jobmedic/space.hpp"
#include "metrics/rule_counts.hpp"
#include "remediate/engine_config.hpp"

namespace jobmedic {

/// What an engine read from files, as it was read: never changed, only replaced as a whole by reload().
struct Snapshot {
  Classifier classifier;
  std::optional<Collector> collector;
  std::shared_ptr<const Space> space;  ///< null: the shipped one of the attempt's engine
  std::string space_document;          ///< jobmedic.space/1 of `space`, as it was read
  std::shared_ptr<const Model> model;  ///< null: the one in service in the store
  SecretMask secrets;
  std::shared_ptr<const metrics::RuleTable> counts;
};

/// Rules that are counted in `before` (null: none) go on counting there.
std::shared_ptr<const Snapshot> read_snapshot(const EngineConfig& config, const Snapshot* before);

}  // namespace jobmedic
