#include "jobmedic/attempt.hpp"

#include <limits>

#include "core/time.hpp"
#include "jobmedic/error.hpp"
#include "json/reader.hpp"

namespace jobmedic {
namespace {

constexpr double largest = std::numeric_limits<double>::max();

Outcome parse_outcome(const json::Reader& in) {
  Outcome outcome;
  outcome.succeeded = in.at("succeeded").boolean();
  if (const auto cost = in.find("cost_usd")) outcome.cost_usd = cost->number_in(0, largest);
  if (const auto code = in.find("exit_code")) outcome.exit_code = code->integer();
  outcome.rule = in.string_or("rule", "");
  outcome.category = in.string_or("category", "");
  return outcome;
}

json::Value outcome_value(const Outcome& outcome) {
  json::Object members{{"succeeded", outcome.succeeded}};
  if (outcome.cost_usd) members.emplace_back("cost_usd", *outcome.cost_usd);
  if (outcome.exit_code) members.emplace_back("exit_code", *outcome.exit_code);
  if (!outcome.rule.empty()) members.emplace_back("rule", outcome.rule);
  if (!outcome.category.empty()) members.emplace_back("category", outcome.category);
  return members;
}

// Sets or appends a member; an unknown one that was read stays where it was.
void put(json::Object& members, std::string_view name, json::Value value) {
  for (auto& [taken, old] : members) {
    if (taken != name) continue;
    auto* known = value.as<json::Object>();
    auto* kept = old.as<json::Object>();
    if (name == "outcome" && known != nullptr && kept != nullptr) {
      for (auto& [inner, inner_value] : *known) put(*kept, inner, std::move(inner_value));
    } else {
      old = std::move(value);
    }
    return;
  }
  members.emplace_back(std::string(name), std::move(value));
}

}  // namespace

Attempt Attempt::parse(std::string_view text) {
  const json::Value value = json::parse(text);
  const json::Reader in(value);
  in.check_schema("jobmedic.attempt/1");
  Attempt attempt;
  attempt.job = in.at("job").string();
  if (attempt.job.empty()) in.at("job").fail("is empty");
  attempt.run = in.string_or("run", "");
  if (const auto number = in.find("attempt")) {
    attempt.attempt = number->integer_in(0, std::numeric_limits<std::int64_t>::max());
  }
  attempt.engine = in.string_or("engine", "");
  if (const auto labels = in.find("labels")) attempt.labels = labels->string_map();
  if (const auto config = in.find("config")) {
    if (config->value().as<json::Object>() == nullptr) config->expected("an object");
    attempt.config = json::write(config->value());
  }
  if (const auto metrics = in.find("metrics")) {
    for (const auto& [name, metric] : metrics->members()) {
      if (!metric.value().is_null()) attempt.metrics.emplace(name, metric.number());
    }
  }
  attempt.plan = in.string_or("plan", "");
  if (const auto started = in.find("started_at")) {
    if (!parse_time(started->string())) started->expected("a time such as \"2026-11-21T03:12:00Z\"");
    attempt.started_at = started->string();
  }
  if (const auto duration = in.find("duration_s")) attempt.duration_s = duration->number_in(0, largest);
  if (const auto outcome = in.find("outcome")) attempt.outcome = parse_outcome(*outcome);
  attempt.document = text;
  return attempt;
}

std::string Attempt::to_json() const {
  json::Value kept = document.empty() ? json::Value(json::Object()) : json::parse(document);
  auto& members = *kept.as<json::Object>();
  put(members, "schema", "jobmedic.attempt/1");
  put(members, "job", job);
  put(members, "run", run);
  put(members, "attempt", attempt);
  if (!engine.empty()) put(members, "engine", engine);
  json::Object label_members;
  for (const auto& [name, label] : labels) label_members.emplace_back(name, label);
  put(members, "labels", std::move(label_members));
  put(members, "config", json::parse(config));
  json::Object metric_members;
  for (const auto& [name, metric] : metrics) metric_members.emplace_back(name, metric);
  put(members, "metrics", std::move(metric_members));
  if (!plan.empty()) put(members, "plan", plan);
  if (!started_at.empty()) put(members, "started_at", started_at);
  if (duration_s) put(members, "duration_s", *duration_s);
  if (outcome) put(members, "outcome", outcome_value(*outcome));
  return json::write(kept);
}

}  // namespace jobmedic
