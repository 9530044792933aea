#include <catch2/catch.hpp>

#include "../classify/classify_helpers.hpp"
#include "archives.hpp"
#include "events.hpp"
#include "jobmedic/collect.hpp"

using namespace jobmedic;
using Kind = LogSource::Kind;

namespace {

LogSource source(const std::string& name, Kind kind, const std::filesystem::path& path) {
  LogSource made;
  made.name = name;
  made.kind = kind;
  made.path = path.string();
  return made;
}

LogSource command(const std::string& name, const std::vector<std::string>& argv) {
  LogSource made = source(name, Kind::command, "");
  made.command = argv;
  return made;
}

struct Brought {
  std::map<std::string, std::string> logs;
  std::vector<SourceReport> sources;
  RunFacts facts;
  std::vector<std::string> notes;
};

Brought collect(const std::vector<LogSource>& sources, const Attempt* attempt = nullptr) {
  Brought brought;
  Collected collected = Collector(sources).collect(
      attempt, [&](std::string_view log, std::string_view piece) { brought.logs[std::string(log)] += piece; });
  brought.sources = collected.sources;
  brought.facts = collected.facts;
  brought.notes = collected.notes;
  return brought;
}

}  // namespace

TEST_CASE("the parts of a rotated log are one log, compressed or not") {
  const TemporaryFolder folder;
  write(folder, "driver.stderr.2.gz", gzip_of("one\n"));
  write(folder, "driver.stderr.1", zstd_of("two\n"));  // by its bytes, not its name
  write(folder, "driver.stderr", "three\n");
  for (const auto& path : {folder.path(), folder.path() / "driver.stderr"}) {
    const Brought brought = collect({source("logs", Kind::file, path)});
    CHECK(brought.logs == std::map<std::string, std::string>{{"driver.stderr", "one\ntwo\nthree\n"}});
    CHECK((brought.sources[0].status == "read" && brought.sources[0].bytes == 14));
  }
}

TEST_CASE("a damaged part is read as far as it goes, reported, and what follows does not join its last line") {
  const TemporaryFolder folder;
  std::string older;
  for (int i = 0; i < 5000; ++i) older += "line " + std::to_string(i * 7919) + "\n";
  const std::string archive = gzip_of(older);
  write(folder, "driver.stderr.1", archive.substr(0, archive.size() / 2));
  write(folder, "driver.stderr", "newest\n");
  const Brought brought = collect({source("logs", Kind::file, folder.path())});
  CHECK_THAT(brought.logs.at("driver.stderr"), Catch::StartsWith("line 0\n") && Catch::EndsWith("\nnewest\n"));
  CHECK(brought.sources[0].status == "damaged");
  CHECK_THAT(brought.sources[0].error, Catch::Contains("driver.stderr.1: the gzip stream is truncated"));
}

TEST_CASE("the cause that stands only in the third source is found; one that cannot be read is reported") {
  const TemporaryFolder folder;
  write(folder, "scheduler.log", "task failed, see the cluster\n");
  const Classifier classifier = uncached(rules_of({{"Cause", "DISK IS FULL"}}));
  const Collector collector({source("scheduler", Kind::file, folder.path() / "scheduler.log"),
                             source("orchestrator", Kind::file, folder.path() / "no.log"),
                             command("cluster", {"printf", "fine\\nDISK IS FULL\\n"})});
  const Classification verdict = classify(collector, classifier.scan(), nullptr);
  CHECK(verdict.rule == "Cause");
  CHECK((verdict.evidence->log == "cluster.log" && verdict.evidence->line == 2));
  REQUIRE(verdict.sources.size() == 3);
  CHECK((verdict.sources[0].status == "read" && verdict.sources[2].status == "read"));
  CHECK(verdict.sources[1].status == "failed");
  CHECK_THAT(verdict.sources[1].error, Catch::Contains("no.log: No such file or directory"));
  const Classification again = Classification::parse(verdict.to_json());
  CHECK(again.to_json() == verdict.to_json());
}

TEST_CASE("it is an error where a required source, or every one, cannot be read") {
  LogSource missing = source("driver", Kind::file, "/no/driver.stderr");
  CHECK_THROWS_WITH(collect({missing}), Catch::Contains("/no/driver.stderr: No such file"));
  CHECK_THROWS_WITH(collect({missing, source("b", Kind::glob, "/no/*")}),
                    Catch::StartsWith("none of 2 sources could be read: driver: /no") && Catch::Contains("b: /no/*"));
  missing.required = true;
  CHECK_THROWS_WITH(collect({command("c", {"echo", "fine"}), missing}),
                    Catch::StartsWith("source \"driver\" is required: /no/driver.stderr"));
}

TEST_CASE("a limit leaves the newest bytes of files, archives and commands, and the report says what was left out") {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 1; i <= 1000; ++i) text += "line " + std::to_string(i) + "\n";
  for (const std::string& bytes : {text, gzip_of(text), zstd_of(text)}) {
    LogSource file = source("logs", Kind::file, write(folder, "driver.stderr", bytes));
    file.limit_bytes = 100;
    const Brought brought = collect({file});
    CHECK_THAT(brought.logs.at("driver.stderr"), Catch::StartsWith("line 99") && Catch::EndsWith("line 1000\n"));
    CHECK(brought.sources[0].status == "capped");
    CHECK(brought.sources[0].bytes <= 100);
    CHECK(brought.sources[0].bytes + brought.sources[0].skipped_bytes >= text.size() - 20);
  }
  LogSource told = command("seq", {"seq", "100000"});
  told.limit_bytes = 1000;
  const Brought brought = collect({told});
  CHECK_THAT(brought.logs.at("seq.log"), Catch::StartsWith("1\n2\n") && Catch::EndsWith("99999\n100000\n"));
  CHECK((brought.sources[0].status == "capped" && brought.sources[0].bytes <= 1001));
  CHECK(brought.sources[0].bytes + brought.sources[0].skipped_bytes >= 588895);
}

TEST_CASE("a command that fails after some output is damaged, without any it failed; its own words are told") {
  const Brought brought = collect({command("a", {"sh", "-c", "echo some; echo 'no access' >&2; exit 1"}),
                                   command("b", {"sh", "-c", "echo 'no such pod' >&2; exit 1"})});
  CHECK((brought.sources[0].status == "damaged" && brought.sources[0].error == "sh exited with 1: no access"));
  CHECK((brought.sources[1].status == "failed" && brought.sources[1].error == "sh exited with 1: no such pod"));
  CHECK(brought.logs == std::map<std::string, std::string>{{"a.log", "some\n"}});
}

TEST_CASE("a command's placeholders come from the attempt, each within its own argument") {
  Attempt attempt;
  attempt.job = "nightly";
  attempt.labels["id"] = "application_1 --all; id";
  const Brought brought = collect({command("a", {"printf", "%s|", "-applicationId", "{id}", "{job}"})}, &attempt);
  CHECK(brought.logs.at("a.log") == "-applicationId|application_1 --all; id|nightly|");
  attempt.labels["id"] = "--help";
  CHECK_THROWS_WITH(collect({command("a", {"echo", "{id}"})}, &attempt), Catch::Contains("begins with '-'"));
}

TEST_CASE("a source is left at its time limit with what it gave") {
  LogSource slow = command("slow", {"sh", "-c", "echo begun; sleep 30"});
  slow.timeout_s = 0.3;
  const Brought brought = collect({slow});
  CHECK(brought.logs.at("slow.log") == "begun\n");
  CHECK_THAT(brought.sources[0].error, Catch::Contains("killed after"));
  CHECK(brought.sources[0].status == "damaged");
}

TEST_CASE("a command that never stops talking is stopped, in constant memory, and its newest words are there") {
  LogSource endless = command("endless", {"yes", "word"});
  endless.timeout_s = 0.3;
  endless.limit_bytes = 1000;
  const Brought brought = collect({endless});
  CHECK(brought.logs.at("endless.log").size() <= 1001);
  CHECK((brought.sources[0].status == "damaged" && brought.sources[0].skipped_bytes > 100'000));
}

TEST_CASE("two sources with a log of one name keep both apart") {
  const TemporaryFolder folder;
  const auto first = write(folder, "a/driver.stderr", "one\n");
  const auto second = write(folder, "b/driver.stderr", "two\n");
  const Brought brought = collect({source("a", Kind::file, first), source("b", Kind::file, second)});
  CHECK(brought.logs == std::map<std::string, std::string>{{"driver.stderr", "one\n"}, {"driver.2.stderr", "two\n"}});
}

TEST_CASE("an event log is known by its content, compressed and rolled, wherever it is given") {
  const TemporaryFolder folder;
  const std::string log = events::heap_failure();
  const std::size_t middle = log.find('\n', log.size() / 2) + 1;
  write(folder, "local-1", zstd_of(log));
  write(folder, "eventlog_v2_app-1/events_1_app-1.zstd", zstd_of(log.substr(0, middle)));
  write(folder, "eventlog_v2_app-1/events_2_app-1", log.substr(middle));
  std::vector<LogSource> sources{source("a", Kind::file, folder.path() / "local-1"),
                                 source("b", Kind::event_log, folder.path() / "eventlog_v2_app-1"),
                                 command("c", {"cat", (folder.path() / "local-1").string()})};
  const Brought brought = collect(sources);
  REQUIRE(brought.logs.size() == 3);
  CHECK_THAT(brought.logs.at(event_log_name), Catch::Contains("Task 3 in stage 9.0 failed 4 times"));
  CHECK(brought.logs.at("driver.2.eventlog") == brought.logs.at(event_log_name));
  CHECK(brought.logs.at("driver.3.eventlog") == brought.logs.at(event_log_name));
  CHECK(brought.sources[0].bytes == log.size());
}

TEST_CASE("the shipped rules find the cause in an event log, and nothing where Spark recovered") {
  const TemporaryFolder folder;
  const Classifier classifier = uncached(RuleSet::shipped());
  const Collector failed({source("a", Kind::event_log, write(folder, "failed", events::heap_failure()))});
  CHECK(classify(failed, classifier.scan(), nullptr).category == "memory_config");
  const std::string recovered =
      events::start_job(1, {9}) +
      events::end_task(9, 3, 0, events::exception("java.lang.OutOfMemoryError: Java heap space")) +
      events::end_task(9, 3, 1, events::success()) + events::end_stage(9) + events::end_job(1);
  const Collector well({source("a", Kind::event_log, write(folder, "well", recovered))});
  CHECK_FALSE(classify(well, classifier.scan(), nullptr).classified);
}

TEST_CASE("what is no event log is refused where one is asked for") {
  const TemporaryFolder folder;
  const Collector collector({source("events", Kind::event_log, write(folder, "x", std::string(100'000, 'x')))});
  CHECK_THROWS_WITH(collector.collect(nullptr, [](std::string_view, std::string_view) { FAIL("a log came"); }),
                    Catch::Contains("is no Spark event log"));
}

TEST_CASE("a run's facts fill what an attempt lacks and leave what it has") {
  Attempt attempt;
  attempt.job = "j";
  attempt.config = R"({"spark.executor.memory":"4g"})";
  attempt.metrics = {{"input_bytes", 7}};
  const RunFacts facts{{{"input_bytes", 1}, {"gc_s", 2}},
                       {{"spark.executor.memory", "1g"}, {"spark.executor.cores", "2"}},
                       "2026-11-21T03:12:00Z",
                       12};
  const Attempt full = with_facts(attempt, facts);
  CHECK(full.metrics == std::map<std::string, double>{{"input_bytes", 7}, {"gc_s", 2}});
  CHECK(full.config == R"({"spark.executor.memory":"4g","spark.executor.cores":"2"})");
  CHECK((full.started_at == "2026-11-21T03:12:00Z" && full.duration_s == 12));
}

TEST_CASE("what the sink throws comes out") {
  const TemporaryFolder folder;
  const Collector collector({source("a", Kind::file, write(folder, "a.log", "x"))});
  CHECK_THROWS_WITH(collector.collect(nullptr, [](auto, auto) { throw Error(Status::cancelled, "enough"); }), "enough");
}
