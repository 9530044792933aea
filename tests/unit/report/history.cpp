#include "history.hpp"

#include <fmt/format.h>

using namespace jobmedic;

void History::record(const Tried& tried, bool succeeded) const {
  Attempt attempt = ended(attempt_of(tried.job, tried.number, tried.run), succeeded);
  attempt.config = tried.config;
  attempt.started_at = tried.started_at;
  attempt.labels = tried.labels;
  attempt.outcome->cost_usd = tried.cost_usd;
  if (!succeeded) {
    attempt.outcome->rule = tried.rule;
    attempt.outcome->category = tried.category;
  }
  store->record(attempt);
}

void History::answered(const std::string& job, const std::string& run, std::int64_t number,
                       const Answered& answer) const {
  std::string recommendation;
  if (answer.method != "verdict") {
    recommendation = fmt::format(
        R"("recommendation":{{"schema":"jobmedic.recommendation/1","decision":"{}","reason":"","patch":)"
        R"([{{"op":"add","path":"/memory","value":"{}"}}],"method":"{}","model":"{}",)"
        R"("predicted":{{"failure_probability":{},"cost_usd":1}},"unchanged":{{"failure_probability":{},"cost_usd":1}}}},)",
        answer.decision, answer.memory, answer.method, answer.model, answer.predicted, answer.unchanged);
  }
  const std::string document = fmt::format(
      R"({{"schema":"jobmedic.remediation/1","classification":{{}},{}{}"retry":{{"restart":{},"after_s":0,"reason":""}}}})",
      recommendation, answer.more, answer.decision != "do_not_retry");
  store->save_remediation(attempt_of(job, number, run), std::nullopt, [&](const std::string&) { return document; });
}

Report History::report(ReportOptions options) const {
  if (options.now.empty()) options.now = "2026-12-01T00:00:00Z";
  return make_report(*store, options);
}
