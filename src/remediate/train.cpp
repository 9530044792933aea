#include "jobmedic/train.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"
#include "core/time.hpp"
#include "jobmedic/error.hpp"
#include "jobmedic/forecast.hpp"
#include "json/value.hpp"
#include "recommend/audit/audits.hpp"

namespace jobmedic {
namespace {

constexpr double share_of_training = 0.95;  // of the progress; the rest are audits

std::string next_version(const Store& store) {
  const std::string day = format_time(now()).substr(0, 10);
  const std::vector<ModelVersion> taken = store.models();
  for (int number = 1;; ++number) {
    std::string version = fmt::format("{}.{}", day, number);
    const bool free = std::none_of(taken.begin(), taken.end(), [&](const auto& m) { return m.version == version; });
    if (free) return version;
  }
}

// The version that the new one is compared with, by its name.
audits::ServingVersion rival(const Store& store, const std::string& version) {
  if (version.empty()) return {};
  try {
    static_cast<void>(Model::parse(store.model(version).value_or("")));
  } catch (const Error& error) {
    return {version, {}, fmt::format("{} cannot be read: {}", version, error.what()), true};
  }
  try {
    return {version, store.fold_models(version), "", false};
  } catch (const Error& error) {
    return {version, {}, fmt::format("the networks of {} cannot be read: {}", version, error.what()), false};
  }
}

// Empty where there is none.
ModelVersion find(const Store& store, const std::string& version) {
  for (const ModelVersion& model : store.models()) {
    if (model.version == version) return model;
  }
  return {};
}

void need_model(ModelKind kind, std::string_view weights) {
  if (kind == ModelKind::forecast) {
    static_cast<void>(forecast::Forecaster::parse(weights));
  } else {
    static_cast<void>(Model::parse(weights));
  }
}

TrainingOptions with_share(TrainingOptions options) {
  if (!options.progress) return options;
  options.progress = [told = options.progress](double done, std::string_view what) {
    told(share_of_training * done, what);
  };
  return options;
}

json::Array audited(const model::Training& training, const audits::Rivals& rivals, const Space& space) {
  json::Array list;
  for (const Audit& audit : audits::all(training, rivals, space)) list.push_back(json::parse(audit.to_json()));
  return list;
}

}  // namespace

TrainedVersion train_version(Store& store, const Space& space, TrainingOptions options, const ServeOptions& serve) {
  if (options.version.empty()) options.version = next_version(store);
  const std::string serving = store.serving_version();
  audits::Rivals rivals(rival(store, serving), space);
  const History history = [&](const auto& visit) { store.each_job(visit); };
  const auto witness = [&](const model::ExampleSet& part, std::size_t failed) { rivals.see(part, failed); };
  model::Training training = model::learn(history, space, with_share(options), witness);

  if (options.progress) options.progress(share_of_training, "audits");
  training.report.emplace_back("compared_with", serving.empty() ? json::Value() : json::Value(serving));
  training.report.emplace_back("audits", audited(training, rivals, space));
  TrainedVersion made;
  made.blocked_by = blocking(json::write(training.report), find(store, serving).report);
  training.report.emplace_back("blocked_by", json::Array(made.blocked_by.begin(), made.blocked_by.end()));

  const std::string weights = training.weights.to_safetensors();
  std::vector<std::string> folds;
  for (const model::TrainedWeights& fold : training.folds) folds.push_back(fold.to_safetensors());
  if (options.progress) options.progress(1, "saving");  // the last chance to cancel
  made.version = {options.version, format_time(now()), json::write(training.report), false, weights.size()};
  store.put_model(made.version, weights, folds);
  if (serve.promote && made.blocked_by.empty()) {
    made.promoted = store.promote({options.version, "", "trained", serve.by, "its audits let it"}, serving);
  }
  made.version.serving = made.promoted;
  training.report.emplace_back("promoted", made.promoted);
  made.version.report = json::write(training.report);
  return made;
}

void promote_version(Store& store, Promotion promotion, bool force) {
  const auto weights = store.model(promotion.version);
  if (!weights) {
    throw Error(Status::invalid_argument,
                fmt::format("store {} has no model \"{}\": see jobmedic models list", store.url(), promotion.version));
  }
  const ModelVersion wanted = find(store, promotion.version);
  try {
    need_model(wanted.kind, *weights);
  } catch (const Error& error) {
    throw error.within(fmt::format("store {}: model \"{}\"", store.url(), promotion.version));
  }
  const std::string serving = store.serving_version(wanted.kind);
  const std::vector<std::string> against =
      blocking(wanted.report, serving == promotion.version ? "" : find(store, serving).report);
  if (!against.empty() && !force) {
    throw Error(Status::invalid_argument,
                fmt::format("model \"{}\" is kept out of service by {}: see jobmedic models show {}; --force --reason "
                            "TEXT promotes it all the same",
                            promotion.version, join(against, ", "), promotion.version));
  }
  if (!against.empty() && promotion.reason.empty()) {
    throw Error(Status::invalid_argument, "a version is promoted against its audits for a reason: say it");
  }
  promotion.kind = against.empty() ? "promoted" : "forced";
  if (!store.promote(promotion, serving)) {
    throw Error(Status::store, fmt::format("store {}: another version than \"{}\" was promoted meanwhile: look again",
                                           store.url(), serving));
  }
}

}  // namespace jobmedic
