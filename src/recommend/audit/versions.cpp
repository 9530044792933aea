#include "recommend/audit/versions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/time.hpp"

namespace jobmedic::audits {

std::string next_version(const Store& store, std::string_view prefix) {
  const std::string day = format_time(now()).substr(0, 10);
  const std::vector<ModelVersion> taken = store.models();
  for (int number = 1;; ++number) {
    std::string version = fmt::format("{}{}.{}", prefix, day, number);
    const bool free = std::none_of(taken.begin(), taken.end(), [&](const auto& m) { return m.version == version; });
    if (free) return version;
  }
}

ModelVersion find_version(const Store& store, const std::string& version) {
  for (const ModelVersion& model : store.models()) {
    if (model.version == version) return model;
  }
  return {};
}

TrainedVersion keep_version(Store& store, NewVersion made, const std::string& serving, const ServeOptions& serve) {
  TrainedVersion kept;
  kept.blocked_by = blocking(json::write(made.report), find_version(store, serving).report);
  made.report.emplace_back("blocked_by", json::Array(kept.blocked_by.begin(), kept.blocked_by.end()));
  kept.version = {made.name, format_time(now()), json::write(made.report), false, made.weights.size(), made.kind};
  store.put_model(kept.version, made.weights, made.folds);
  if (serve.promote && kept.blocked_by.empty()) {
    kept.promoted = store.promote({made.name, "", "trained", serve.by, "its audits let it"}, serving);
  }
  kept.version.serving = kept.promoted;
  made.report.emplace_back("promoted", kept.promoted);
  kept.version.report = json::write(made.report);
  return kept;
}

}  // namespace jobmedic::audits
