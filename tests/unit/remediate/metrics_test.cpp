// What an engine counts, as Prometheus reads it.
#include "jobmedic/metrics.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <thread>

#include "engines.hpp"

using namespace jobmedic;

namespace {

constexpr const char* heap = "java.lang.OutOfMemoryError: Java heap space\n";
constexpr const char* reset = "java.net.SocketException: Connection reset\n";
const Log heap_log[] = {{"driver.stderr", heap}};

// The value of the series written so; empty: it is not there.
std::string value(const std::string& text, const std::string& series) {
  const std::size_t at = text.find("\n" + series + " ");
  if (at == std::string::npos) return "";
  const std::size_t begin = at + series.size() + 2;
  return text.substr(begin, text.find('\n', begin) - begin);
}

}  // namespace

TEST_CASE("classifications and remediations are counted by rule, category and decision") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  static_cast<void>(engine.classify(heap_log));
  remediate(engine, failed_attempt("j"), heap);
  remediate(engine, failed_attempt("j"), heap);  // the same answer again is no other
  remediate(engine, failed_attempt("k"), reset);
  remediate(engine, failed_attempt("l"), "what?\n");
  remediate(engine, failed_attempt("m"), "leave me alone\n");
  const std::string text = engine.metrics();
  CHECK(value(text, R"(jobmedic_classifications_total{rule="ExecutorHeapOOM",category="memory_config"})") == "2");
  CHECK(value(text, R"(jobmedic_classifications_total{rule="unclassified",category="unclassified"})") == "1");
  const auto answers = [&](const std::string& rule, const std::string& category, const std::string& decision) {
    return value(text, "jobmedic_remediations_total{rule=\"" + rule + "\",category=\"" + category + "\",decision=\"" +
                           decision + "\"}");
  };
  CHECK(answers("ExecutorHeapOOM", "memory_config", "retry_with_patch") == "1");
  CHECK(answers("ConnectionReset", "transient_infra", "retry_unchanged") == "1");
  CHECK(answers("unclassified", "unclassified", "retry_unchanged") == "1");
  CHECK(answers("Never", "transient_infra", "do_not_retry") == "1");
  CHECK(answers("MissingColumn", "user_code", "do_not_retry").empty());
}

TEST_CASE("latencies are histograms whose last bucket is their count") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  for (int i = 0; i < 3; ++i) static_cast<void>(engine.get_config(failed_attempt("j")));
  remediate(engine, failed_attempt("j"), heap);
  const std::string text = engine.metrics();
  const std::string name = "jobmedic_operation_duration_seconds";
  CHECK(value(text, name + R"(_bucket{operation="get_config",le="+Inf"})") == "3");
  CHECK(value(text, name + R"(_count{operation="get_config"})") == "3");
  CHECK(value(text, name + R"(_count{operation="classify"})") == "1");
  CHECK(value(text, name + R"(_count{operation="remediate"})") == "1");
  CHECK(value(text, name + R"(_bucket{operation="recommend",le="+Inf"})") == "1");
  CHECK(std::stod(value(text, name + R"(_sum{operation="remediate"})")) > 0);
}

TEST_CASE("a rule that is not loaded makes no series of its own") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  Classification verdict;
  verdict.classified = true;
  verdict.category = "data";
  for (int i = 0; i < 50; ++i) {
    verdict.rule = "Foreign" + std::to_string(i);
    static_cast<void>(engine.remediate(failed_attempt("j", i + 1), verdict));
  }
  const std::string text = engine.metrics();
  CHECK(text.find("Foreign") == std::string::npos);
  CHECK(value(text, R"(jobmedic_remediations_total{rule="other",category="other",decision="do_not_retry"})") == "50");
}

TEST_CASE("a reload goes on counting the rules that stay") {
  const Scratch scratch;
  std::ofstream(scratch.path("rules.json")) << R"({"schema":"jobmedic.rules/1","rules":[{"name":"Heap","source":"spark",
    "regex":"Java heap space","summary":"s","category":"memory_config","fault":"user","restartable":false,
    "advice":"a","matches":["Java heap space"]}]})";
  Engine engine(R"({"shipped_rules":false,"rules":[")" + scratch.path("rules.json").string() + "\"]}");
  const std::string series = R"(jobmedic_classifications_total{rule="Heap",category="memory_config"})";
  static_cast<void>(engine.classify(heap_log));
  engine.reload();
  static_cast<void>(engine.classify(heap_log));
  CHECK(value(engine.metrics(), series) == "2");
  CHECK(value(engine.metrics(), "jobmedic_reloads_total") == "1");
  CHECK(value(engine.metrics(), "jobmedic_rules") == "1");
}

TEST_CASE("what a store holds is told by outcome, rule, decision and state") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  remediate(engine, failed_attempt("j"), heap);
  engine.record_outcome(ended(failed_attempt("j", 2)));
  Attempt foreign = ended(attempt_of("k"), false);
  foreign.outcome->rule = "evil\"} 1\nrule";
  engine.record(foreign);
  const auto store = Store::open(scratch.url());
  store->enable_patch("p-00000001", false);
  store->stop_automation(true);
  const std::string text = store_metrics(*store, RuleSet::parse(R"({"schema":"jobmedic.rules/1","rules":[
    {"name":"ExecutorHeapOOM","source":"spark","regex":"Java heap space","summary":"s","category":"memory_config",
     "fault":"user","restartable":false,"advice":"a","matches":["Java heap space"]}]})"));
  CHECK(value(text, R"(jobmedic_store_attempts{outcome="succeeded"})") == "1");
  CHECK(value(text, R"(jobmedic_store_failures{rule="ExecutorHeapOOM",category="memory_config"})") == "1");
  CHECK(value(text, R"(jobmedic_store_failures{rule="other",category="other"})") == "1");
  CHECK(value(text,
              "jobmedic_store_remediations{rule=\"ExecutorHeapOOM\",category=\"memory_config\","
              "decision=\"retry_with_patch\"}") == "1");
  CHECK(value(text, R"(jobmedic_store_patches{state="disabled"})") == "1");
  CHECK(value(text, R"(jobmedic_store_patches{state="in_force"})") == "0");
  CHECK(value(text, "jobmedic_store_automation_stopped") == "1");
  CHECK(text.find("evil") == std::string::npos);
}

TEST_CASE("eight threads count every call while others read") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  remediate(engine, failed_attempt("j"), heap);
  constexpr int calls = 60;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < calls; ++i) {
        static_cast<void>(engine.classify(heap_log));
        static_cast<void>(engine.get_config(failed_attempt("j", 2)));
        if (i % 20 == 0) static_cast<void>(engine.metrics());
        if (t == 0 && i % 20 == 10) engine.reload();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::string text = engine.metrics();
  CHECK(value(text, R"(jobmedic_classifications_total{rule="ExecutorHeapOOM",category="memory_config"})") ==
        std::to_string(8 * calls + 1));
  CHECK(value(text, R"(jobmedic_operation_duration_seconds_count{operation="get_config"})") ==
        std::to_string(8 * calls));
  CHECK(value(text, "jobmedic_patches_applied_total") == std::to_string(8 * calls));
}
