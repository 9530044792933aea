// jobmedic models list, show, promote, rollback: the versions in the store, and which one is in service.
#include <fmt/format.h>

#include <algorithm>

#include "cli/arguments.hpp"
#include "cli/models_page.hpp"
#include "cli/session.hpp"
#include "jobmedic/train.hpp"
#include "json/value.hpp"

namespace jobmedic::cli {
namespace {

struct Options {
  std::string store;
  std::string version;
  std::string kind = std::string(name_of(ModelKind::recommend));
  bool force = false;
  Author author;
};

json::Object document_of(const ModelVersion& model) {
  return {{"version", model.version}, {"kind", name_of(model.kind)}, {"created_at", model.created_at},
          {"serving", model.serving}, {"bytes", model.bytes},        {"report", json::parse(model.report)}};
}

json::Object document_of(const Promotion& promotion) {
  return {{"version", promotion.version}, {"of", name_of(promotion.of)}, {"at", promotion.at},
          {"kind", promotion.kind},       {"by", promotion.by},          {"reason", promotion.reason}};
}

std::string document_of(const std::vector<ModelVersion>& models) {
  json::Array versions;
  for (const ModelVersion& model : models) versions.emplace_back(document_of(model));
  return json::write(json::object({{"schema", "jobmedic.models/1"}, {"models", std::move(versions)}}));
}

std::string document_of(const ModelVersion& model, const std::vector<Promotion>& promotions) {
  json::Object document = document_of(model);
  document.emplace(document.begin(), "schema", "jobmedic.model_version/1");
  json::Array list;
  for (const Promotion& promotion : promotions) {
    if (promotion.version == model.version) list.emplace_back(document_of(promotion));
  }
  document.emplace_back("promotions", std::move(list));
  return json::write(document);
}

std::string words_of(ModelKind kind) {
  return kind == ModelKind::forecast ? "forecast model" : "model";
}

// The one of this name, or without one the one of the kind that is in service.
ModelVersion find(const Store& store, const std::string& version, ModelKind kind) {
  const std::vector<ModelVersion> models = store.models();
  const auto found = std::find_if(models.begin(), models.end(), [&](const ModelVersion& model) {
    return version.empty() ? model.serving && model.kind == kind : model.version == version;
  });
  if (found != models.end()) return *found;
  throw Error(Status::invalid_argument,
              version.empty() ? fmt::format("{} has no {} in service: name a version", store.url(), words_of(kind))
                              : fmt::format("{} has no model \"{}\": see jobmedic models list", store.url(), version));
}

void show(const Options& options, const Session& session) {
  const auto store = existing_store(options.store, true);
  const ModelVersion model = find(*store, options.version, model_kind_named(options.kind));
  const std::vector<Promotion> promotions = store->promotions();
  session.answer(document_of(model, promotions), [&] { return model_page(model, promotions); });
}

// What is in service now, and since when.
void tell(const Store& store, ModelKind kind, const std::string& before, const Session& session) {
  std::vector<Promotion> promotions = store.promotions();
  std::erase_if(promotions, [&](const Promotion& promotion) { return promotion.of != kind; });
  const Promotion now = promotions.back();
  json::Object document = document_of(now);
  document.emplace(document.begin(), "schema", "jobmedic.promotion/1");
  session.answer(json::write(document), [&] {
    const std::string name = (kind == ModelKind::forecast ? "Forecast model " : "Model ") + now.version;
    return Page()
        .line(before == now.version
                  ? fmt::format("{} is in service already.", name)
                  : fmt::format("{} is in service{}.", name, before.empty() ? "" : " instead of " + before),
              Tone::good)
        .str();
  });
}

Promotion wish(const Options& options) {
  return {options.version, "", "", options.author.by, options.author.reason};
}

void promote(const Options& options, const Session& session) {
  const auto store = existing_store(options.store);
  const ModelKind kind = find(*store, options.version, ModelKind::recommend).kind;
  const std::string before = store->serving_version(kind);
  promote_version(*store, wish(options), options.force);
  tell(*store, kind, before, session);
}

void rollback(const Options& options, const Session& session) {
  const auto store = existing_store(options.store);
  const ModelKind kind = model_kind_named(options.kind);
  const std::string before = store->serving_version(kind);
  store->rollback(wish(options), kind);
  tell(*store, kind, before, session);
}

void add_kind(CLI::App* command, std::string& kind, const std::string& words) {
  command->add_option("--kind", kind, words)
      ->capture_default_str()
      ->check(CLI::IsMember({"recommend", "forecast"}))
      ->type_name("KIND");
}

}  // namespace

void add_models_command(CLI::App& app, Session& session) {
  const auto options = std::make_shared<Options>();
  CLI::App* models = Session::group(app, "models", "The model versions in a store, and which one is in service.");

  CLI::App* list =
      session.command(*models, "list", "Which versions there are, what they learned from, how good they are.",
                      "jobmedic models list --store sqlite:jobmedic.db");
  add_store(list, options->store);
  session.on(list, [options, &session] {
    const std::vector<ModelVersion> versions = existing_store(options->store, true)->models();
    session.answer(document_of(versions), [&] { return models_page(versions); });
  });

  CLI::App* shown = session.command(*models, "show", "A version's figures, its audits, and when it was in service.",
                                    "jobmedic models show 2026-11-21.1 --store sqlite:jobmedic.db");
  shown->add_option("VERSION", options->version, "default: the one in service");
  add_kind(shown, options->kind, "whose version in service: retries' (recommend) or kills' (forecast)");
  add_store(shown, options->store);
  session.on(shown, [options, &session] { show(*options, session); });

  CLI::App* promoted =
      session.command(*models, "promote", "Put a version into service; running processes follow at their next answer.",
                      "jobmedic models promote 2026-11-21.1 --store sqlite:jobmedic.db --reason \"tried by hand\"");
  promoted->add_option("VERSION", options->version, "of jobmedic models list")->required();
  add_store(promoted, options->store);
  promoted->add_flag("--force", options->force, "also where its audits keep it out; needs --reason");
  add_author(promoted, options->author);
  session.on(promoted, [options, &session] { promote(*options, session); });

  CLI::App* back = session.command(*models, "rollback", "Put the version into service again that was before this one.",
                                   "jobmedic models rollback --store sqlite:jobmedic.db --reason \"heals less\"");
  add_kind(back, options->kind, "of retries (recommend) or kills (forecast)");
  add_store(back, options->store);
  add_author(back, options->author);
  session.on(back, [options, &session] { rollback(*options, session); });
}

}  // namespace jobmedic::cli
