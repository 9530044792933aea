// jobmedic.classification/1, written and read.
#include <limits>

#include "jobmedic/classify.hpp"
#include "json/reader.hpp"

namespace jobmedic {
namespace {

json::Value evidence_value(const Evidence& evidence) {
  json::Object captures;
  for (const auto& [name, text] : evidence.captures) captures.emplace_back(name, text);
  return json::Object{{"log", evidence.log},
                      {"line", evidence.line},
                      {"offset", evidence.offset},
                      {"text", evidence.text},
                      {"captures", std::move(captures)}};
}

std::uint64_t count_or_zero(const json::Reader& in, std::string_view name) {
  const auto member = in.find(name);
  if (!member) return 0;
  return static_cast<std::uint64_t>(member->integer_in(0, std::numeric_limits<std::int64_t>::max()));
}

Evidence read_evidence(const json::Reader& in) {
  Evidence evidence;
  evidence.log = in.string_or("log", "");
  evidence.line = count_or_zero(in, "line");
  evidence.offset = count_or_zero(in, "offset");
  evidence.text = in.string_or("text", "");
  if (const auto captures = in.find("captures")) evidence.captures = captures->string_map();
  return evidence;
}

json::Value source_value(const SourceReport& source) {
  json::Object members{{"name", source.name}, {"status", source.status}, {"bytes", source.bytes}};
  if (source.skipped_bytes > 0) members.emplace_back("skipped_bytes", source.skipped_bytes);
  members.emplace_back("logs", json::Array(source.logs.begin(), source.logs.end()));
  if (!source.error.empty()) members.emplace_back("error", source.error);
  return members;
}

SourceReport read_source(const json::Reader& in) {
  SourceReport source;
  source.name = in.at("name").string();
  source.status = in.at("status").string();
  source.bytes = count_or_zero(in, "bytes");
  source.skipped_bytes = count_or_zero(in, "skipped_bytes");
  if (const auto logs = in.find("logs")) source.logs = logs->strings();
  source.error = in.string_or("error", "");
  return source;
}

json::Array texts(const std::vector<std::string>& strings) {
  return {strings.begin(), strings.end()};
}

}  // namespace

std::string Classification::to_json() const {
  json::Object members{{"schema", "jobmedic.classification/1"}, {"classified", classified}};
  if (classified) {
    members.emplace_back("rule", rule);
    members.emplace_back("category", category);
    members.emplace_back("fault", fault);
    members.emplace_back("restartable", restartable);
    if (!retry.empty()) members.emplace_back("retry", retry);
    members.emplace_back("summary", summary);
    members.emplace_back("advice", advice);
  }
  if (evidence) members.emplace_back("evidence", evidence_value(*evidence));
  json::Array others;
  for (const RuleMatch& match : other_matches) {
    others.emplace_back(json::Object{{"rule", match.rule}, {"evidence", evidence_value(match.evidence)}});
  }
  members.emplace_back("other_matches", std::move(others));
  members.emplace_back("logs", texts(logs));
  members.emplace_back("log_bytes", log_bytes);
  if (!notes.empty()) members.emplace_back("notes", texts(notes));
  if (!sources.empty()) {
    json::Array reports;
    for (const SourceReport& source : sources) reports.push_back(source_value(source));
    members.emplace_back("sources", std::move(reports));
  }
  return json::write(std::move(members));
}

Classification Classification::parse(std::string_view text) {
  const json::Value value = json::parse(text);
  const json::Reader in(value);
  in.check_schema("jobmedic.classification/1");
  Classification verdict;
  verdict.classified = in.at("classified").boolean();
  verdict.rule = verdict.classified ? in.at("rule").string() : in.string_or("rule", "");
  verdict.category = in.string_or("category", "");
  verdict.fault = in.string_or("fault", "");
  verdict.restartable = in.boolean_or("restartable", false);
  verdict.retry = in.string_or("retry", "");
  verdict.summary = in.string_or("summary", "");
  verdict.advice = in.string_or("advice", "");
  if (const auto evidence = in.find("evidence")) verdict.evidence = read_evidence(*evidence);
  if (const auto others = in.find("other_matches")) {
    for (const json::Reader& other : others->items()) {
      RuleMatch match{other.at("rule").string(), {}};
      if (const auto evidence = other.find("evidence")) match.evidence = read_evidence(*evidence);
      verdict.other_matches.push_back(std::move(match));
    }
  }
  if (const auto logs = in.find("logs")) verdict.logs = logs->strings();
  verdict.log_bytes = count_or_zero(in, "log_bytes");
  if (const auto notes = in.find("notes")) verdict.notes = notes->strings();
  if (const auto sources = in.find("sources")) {
    for (const json::Reader& source : sources->items()) verdict.sources.push_back(read_source(source));
  }
  return verdict;
}

}  // namespace jobmedic
