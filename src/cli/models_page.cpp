#include "cli/models_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/text.hpp"
#include "json/value.hpp"

namespace jobmedic::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string shown(const json::Value* value) {
  if (value == nullptr || value->is_null()) return "-";
  if (const auto* text = value->as<std::string>()) return *text;
  if (const auto* real = value->as<double>()) return fmt::format("{:.4g}", *real);
  return json::write(*value);
}

// The report's figures, whichever they are: nested ones below their name. Lists have pages of their own.
void add_figures(Rows& rows, const json::Value& value, const std::string& name) {
  if (const auto* members = value.as<json::Object>()) {
    for (const auto& [inner, figure] : *members)
      add_figures(rows, figure, name.empty() ? inner : fmt::format("{} {}", name, inner));
    return;
  }
  if (value.is_null() || value.as<json::Array>() != nullptr) return;
  std::string words = name;
  std::replace(words.begin(), words.end(), '_', ' ');
  rows.push_back({words, shown(&value)});
}

const json::Array& list_of(const json::Value& report, const char* name) {
  static const json::Array none;
  const json::Value* list = report.find(name);
  const auto* items = list == nullptr ? nullptr : list->as<json::Array>();
  return items == nullptr ? none : *items;
}

std::string interval(const json::Value* pair) {
  const auto* ends = pair == nullptr ? nullptr : pair->as<json::Array>();
  if (ends == nullptr || ends->size() != 2) return "";
  return fmt::format("[{}, {}]", shown(&(*ends)[0]), shown(&(*ends)[1]));
}

void add_audits(Page& page, const json::Value& report) {
  const json::Array& audits = list_of(report, "audits");
  if (audits.empty()) return;
  page.line("");
  Rows rows = {{"audit", "verdict", "measured", "95 %", "bound", ""}};
  for (const json::Value& audit : audits) {
    rows.push_back({shown(audit.find("name")), shown(audit.find("verdict")), shown(audit.find("measured")),
                    interval(audit.find("interval")), shown(audit.find("bound")), shown(audit.find("words"))});
  }
  page.table(rows, false);
}

// "5 passed, 2 undecided"
std::string audits_in_short(const json::Value& report) {
  std::map<std::string, int> counts;
  for (const json::Value& audit : list_of(report, "audits")) ++counts[shown(audit.find("verdict"))];
  std::string text;
  for (const char* verdict : {"passed", "undecided", "failed"}) {
    if (counts[verdict] > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", counts[verdict], verdict);
  }
  return text.empty() ? "none" : text;
}

std::string day(const json::Value* time) {
  return shown(time).substr(0, 10);
}

}  // namespace

void add_report(Page& page, const std::string& text) {
  const json::Value report = json::parse(text);
  Rows rows;
  add_figures(rows, report, "");
  page.table(rows, false);
  add_audits(page, report);
}

namespace {

std::string range(const json::Value& report) {
  return day(report.find("from")) + " to " + day(report.find("to"));
}

Rows recommend_rows(const std::vector<ModelVersion>& models) {
  Rows rows{{"version", "", "created", "learned from", "examples", "jobs", "log loss", "AUC", "audits", "size"}};
  for (const ModelVersion& model : models) {
    if (model.kind != ModelKind::recommend) continue;
    const json::Value report = json::parse(model.report);
    const json::Value* held_out = report.find("held_out");
    const auto metric = [&](const char* name) { return shown(held_out == nullptr ? nullptr : held_out->find(name)); };
    rows.push_back({model.version, model.serving ? "in service" : "", model.created_at, range(report),
                    shown(report.find("examples")), shown(report.find("jobs")), metric("log_loss"), metric("auc"),
                    audits_in_short(report), human_bytes(model.bytes)});
  }
  return rows;
}

Rows forecast_rows(const std::vector<ModelVersion>& models) {
  Rows rows{
      {"forecast version", "", "created", "learned from", "sessions", "kills", "caught", "PR-AUC", "audits", "size"}};
  for (const ModelVersion& model : models) {
    if (model.kind != ModelKind::forecast) continue;
    const json::Value report = json::parse(model.report);
    const json::Value* held_out = report.find("held_out");
    const auto metric = [&](const char* name) { return shown(held_out == nullptr ? nullptr : held_out->find(name)); };
    rows.push_back({model.version, model.serving ? "in service" : "", model.created_at, range(report),
                    shown(report.find("sessions")), shown(report.find("kills")), metric("kills_caught"),
                    metric("average_precision"), audits_in_short(report), human_bytes(model.bytes)});
  }
  return rows;
}

}  // namespace

std::string models_page(const std::vector<ModelVersion>& models) {
  if (models.empty()) return Page().line("no model yet: jobmedic train makes one").str();
  Page page;
  for (const Rows& rows : {recommend_rows(models), forecast_rows(models)}) {
    if (rows.size() == 1) continue;
    if (!page.str().empty()) page.end_line();
    page.table(rows, false);
  }
  return page.str();
}

std::string model_page(const ModelVersion& model, const std::vector<Promotion>& promotions) {
  Page page;
  page.line(fmt::format("Model {} of {}, {}{}.", model.version, model.created_at, human_bytes(model.bytes),
                        model.serving ? ", in service" : ""),
            Tone::strong);
  add_report(page, model.report);
  Rows rows = {{"in service from", "", "by", ""}};
  for (const Promotion& promotion : promotions) {
    if (promotion.version == model.version) {
      rows.push_back({promotion.at, promotion.kind, promotion.by, promotion.reason});
    }
  }
  page.line("");
  if (rows.size() == 1) return page.line("It was never in service.").str();
  return page.table(rows, false).str();
}

}  // namespace jobmedic::cli
