#include "jobmedic/train.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/time.hpp"

namespace jobmedic {
namespace {

std::string next_version(const Store& store) {
  const std::string day = format_time(now()).substr(0, 10);
  const std::vector<ModelVersion> taken = store.models();
  for (int number = 1;; ++number) {
    std::string version = fmt::format("{}.{}", day, number);
    const bool free = std::none_of(taken.begin(), taken.end(), [&](const auto& m) { return m.version == version; });
    if (free) return version;
  }
}

std::vector<Attempt> history_of(const Store& store) {
  std::vector<Attempt> attempts;
  store.each_attempt([&](const Attempt& attempt) { attempts.push_back(attempt); });
  return attempts;
}

}  // namespace

ModelVersion train_and_serve(Store& store, const Space& space, TrainingOptions options) {
  if (options.version.empty()) options.version = next_version(store);
  TrainedModel trained = train(history_of(store), space, options);
  ModelVersion version{options.version, {}, std::move(trained.report), true, trained.safetensors.size()};
  store.put_model(version, trained.safetensors, true);
  return version;
}

}  // namespace jobmedic
