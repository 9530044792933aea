#include "jobmedic/train.hpp"

#include <fmt/format.h>

#include "core/text.hpp"
#include "jobmedic/error.hpp"
#include "jobmedic/forecast.hpp"
#include "json/value.hpp"
#include "recommend/audit/audits.hpp"
#include "recommend/audit/versions.hpp"

namespace jobmedic {
namespace {

constexpr double share_of_training = 0.95;  // of the progress; the rest are audits

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
  if (options.version.empty()) options.version = audits::next_version(store, "");
  const std::string serving = store.serving_version();
  audits::Rivals rivals(rival(store, serving), space);
  const History history = [&](const auto& visit) { store.each_job(visit); };
  const auto witness = [&](const model::ExampleSet& part, std::size_t failed) { rivals.see(part, failed); };
  model::Training training = model::learn(history, space, with_share(options), witness);

  if (options.progress) options.progress(share_of_training, "audits");
  training.report.emplace_back("compared_with", serving.empty() ? json::Value() : json::Value(serving));
  training.report.emplace_back("audits", audited(training, rivals, space));

  audits::NewVersion made{options.version, ModelKind::recommend, training.weights.to_safetensors(), {}, {}};
  for (const model::TrainedWeights& fold : training.folds) made.folds.push_back(fold.to_safetensors());
  made.report = std::move(training.report);
  if (options.progress) options.progress(1, "saving");  // the last chance to cancel
  return audits::keep_version(store, std::move(made), serving, serve);
}

void promote_version(Store& store, Promotion promotion, bool force) {
  const auto weights = store.model(promotion.version);
  if (!weights) {
    throw Error(Status::invalid_argument,
                fmt::format("store {} has no model \"{}\": see jobmedic models list", store.url(), promotion.version));
  }
  const ModelVersion wanted = audits::find_version(store, promotion.version);
  try {
    need_model(wanted.kind, *weights);
  } catch (const Error& error) {
    throw error.within(fmt::format("store {}: model \"{}\"", store.url(), promotion.version));
  }
  const std::string serving = store.serving_version(wanted.kind);
  const std::vector<std::string> against =
      blocking(wanted.report, serving == promotion.version ? "" : audits::find_version(store, serving).report);
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
