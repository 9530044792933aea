// The document jobmedic.recommendation/1.
#include "jobmedic/recommend.hpp"
#include "json/reader.hpp"

namespace jobmedic {
namespace {

std::optional<Prediction> parse_prediction(const json::Reader& in, std::string_view name) {
  const auto member = in.find(name);
  if (!member) return std::nullopt;
  return Prediction{member->at("failure_probability").number_in(0, 1), member->at("cost_usd").number()};
}

json::Value prediction_value(const Prediction& prediction) {
  return json::object({{"failure_probability", prediction.failure_probability}, {"cost_usd", prediction.cost_usd}});
}

void check_decision(const json::Reader& in) {
  for (const std::string_view known : {"retry_with_patch", "retry_unchanged", "do_not_retry"}) {
    if (in.string() == known) return;
  }
  in.expected(R"("retry_with_patch", "retry_unchanged" or "do_not_retry")");
}

}  // namespace

Recommendation Recommendation::parse(std::string_view text) {
  const json::Value value = json::parse(text);
  const json::Reader in(value);
  in.check_schema("jobmedic.recommendation/1");
  check_decision(in.at("decision"));
  Recommendation answer;
  answer.decision = in.at("decision").string();
  answer.reason = in.string_or("reason", "");
  if (const auto patch = in.find("patch")) {
    if (patch->value().as<json::Array>() == nullptr) patch->expected("an array");
    answer.patch = json::write(patch->value());
  }
  answer.predicted = parse_prediction(in, "predicted");
  answer.unchanged = parse_prediction(in, "unchanged");
  answer.method = in.string_or("method", "");
  answer.model = in.string_or("model", "");
  answer.served_by = in.string_or("served_by", "");
  if (const auto n = in.find("iterations")) answer.iterations = static_cast<int>(n->integer_in(0, 1'000'000));
  if (const auto elapsed = in.find("elapsed_s")) answer.elapsed_s = elapsed->number();
  answer.stopped_by = in.string_or("stopped_by", "");
  return answer;
}

std::string Recommendation::to_json() const {
  json::Object members{{"schema", "jobmedic.recommendation/1"},
                       {"decision", decision},
                       {"reason", reason},
                       {"patch", json::parse(patch)}};
  if (predicted) members.emplace_back("predicted", prediction_value(*predicted));
  if (unchanged) members.emplace_back("unchanged", prediction_value(*unchanged));
  members.emplace_back("method", method);
  if (!model.empty()) members.emplace_back("model", model);
  if (!served_by.empty()) members.emplace_back("served_by", served_by);
  members.emplace_back("iterations", iterations);
  members.emplace_back("elapsed_s", elapsed_s);
  if (!stopped_by.empty()) members.emplace_back("stopped_by", stopped_by);
  return json::write(members);
}

}  // namespace jobmedic
