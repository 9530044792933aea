// jobmedic models list: the versions in the store.
#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/page.hpp"
#include "cli/session.hpp"
#include "core/text.hpp"
#include "json/value.hpp"

namespace jobmedic::cli {
namespace {

json::Value document_of(const std::vector<ModelVersion>& models) {
  json::Array versions;
  for (const ModelVersion& model : models) {
    versions.push_back(json::object({{"version", model.version},
                                     {"created_at", model.created_at},
                                     {"serving", model.serving},
                                     {"bytes", model.bytes},
                                     {"report", json::parse(model.report)}}));
  }
  return json::object({{"schema", "jobmedic.models/1"}, {"models", std::move(versions)}});
}

std::string page_of(const std::vector<ModelVersion>& models) {
  Page page;
  if (models.empty()) return page.line("no model yet: jobmedic train makes one").str();
  std::vector<std::vector<std::string>> rows{{"version", "created", "size", ""}};
  for (const ModelVersion& model : models) {
    rows.push_back({model.version, model.created_at, human_bytes(model.bytes), model.serving ? "in service" : ""});
  }
  return page.table(rows, false).str();
}

}  // namespace

void add_models_command(CLI::App& app, Session& session) {
  const auto store = std::make_shared<std::string>();
  CLI::App* models = Session::group(app, "models", "The model versions in a store.");
  CLI::App* list = session.command(*models, "list", "Which versions there are, and which one is in service.",
                                   "jobmedic models list --store sqlite:jobmedic.db");
  add_store(list, *store);
  session.on(list, [store, &session] {
    const std::vector<ModelVersion> versions = existing_store(*store, true)->models();
    session.answer(json::write(document_of(versions)), [&] { return page_of(versions); });
  });
}

}  // namespace jobmedic::cli
