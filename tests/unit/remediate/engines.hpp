#pragma once
#include <string>

#include "jobmedic/engine.hpp"
#include "json/value.hpp"
#include "scratch.hpp"

/// Engines of the tests: five rules, one per way to decide, and nothing of this machine.
inline std::string engine_config(const std::string& store_url = "", const std::string& more = "") {
  std::string text = R"({"shipped_rules":false,"rules":[{"schema":"jobmedic.rules/1","rules":[)";
  const auto rule = [&](const std::string& name, const std::string& regex, const std::string& category,
                        const std::string& rest) {
    if (text.back() == '}') text += ',';
    text += R"({"name":")" + name + R"(","source":"spark","regex":")" + regex + R"(","summary":"s","category":")" +
            category + R"(","fault":"user",)" + rest + "}";
  };
  rule("Always", "bring me back", "memory_config", R"("restartable":false,"advice":"Wait.","retry":"always")");
  rule("Never", "leave me alone", "transient_infra", R"("restartable":true,"advice":"Look.","retry":"never")");
  rule("ExecutorHeapOOM", "Java heap space", "memory_config", R"("restartable":false,"advice":"Raise the heap.")");
  rule("ConnectionReset", "Connection reset", "transient_infra", R"("restartable":true,"advice":"Wait.")");
  rule("MissingColumn", "cannot resolve", "user_code", R"("restartable":false,"advice":"Fix the column's name.")");
  text += "]}]";
  if (!store_url.empty()) text += R"(,"store":")" + store_url + "\"";
  return text + more + "}";
}

/// A failed attempt of a Spark job with 2 GB executors.
inline jobmedic::Attempt failed_attempt(const std::string& job, std::int64_t number = 1) {
  jobmedic::Attempt attempt = attempt_of(job, number);
  attempt.config = R"({"spark.executor.memory":"2g","spark.app.name":"SessionRollup"})";
  return attempt;
}

inline std::string remediate(jobmedic::Engine& engine, const jobmedic::Attempt& attempt, std::string_view log) {
  const jobmedic::Log logs[] = {{"driver.stderr", log}};
  return engine.remediate(attempt, logs);
}

/// A member of a document by names from the outside in, as JSON text; empty where it is absent.
template <typename... Names>
std::string member(const std::string& document, Names... names) {
  const jobmedic::json::Value whole = jobmedic::json::parse(document);
  const jobmedic::json::Value* value = &whole;
  for (const char* name : {names...}) {
    if (value != nullptr) value = value->find(name);
  }
  return value == nullptr ? "" : jobmedic::json::write(*value);
}
