#include "jobmedic/engine.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <thread>

#include "engines.hpp"
#include "jobmedic/error.hpp"

using namespace jobmedic;

namespace {

constexpr const char* heap = "java.lang.OutOfMemoryError: Java heap space\n";
const Log heap_log[] = {{"driver.stderr", heap}};
constexpr const char* reset = "java.net.SocketException: Connection reset\n";

template <typename Call>
Status status_of(const Call& call) {
  try {
    static_cast<void>(call());
  } catch (const Error& error) {
    return error.status();
  }
  return Status::ok;
}

}  // namespace

TEST_CASE("a heap failure is remediated with a patch that the next attempt gets") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  const std::string document = remediate(engine, failed_attempt("nightly"), heap);
  CHECK(member(document, "schema") == "\"jobmedic.remediation/1\"");
  CHECK(member(document, "classification", "rule") == "\"ExecutorHeapOOM\"");
  CHECK(member(document, "recommendation", "decision") == "\"retry_with_patch\"");
  CHECK(member(document, "recommendation", "method") == "\"fallback\"");
  CHECK(member(document, "retry", "restart") == "true");
  const ConfigAnswer next = engine.get_config(failed_attempt("nightly", 2));
  REQUIRE(next.applied.size() == 1);
  CHECK(member(document, "patch_id") == "\"" + next.applied[0] + "\"");
  CHECK(member(next.config, "spark.executor.memory") != "\"2g\"");
  CHECK(member(next.config, "spark.app.name") == "\"SessionRollup\"");
  CHECK(engine.get_config(failed_attempt("hourly")).config == failed_attempt("hourly").config);
}

TEST_CASE("the same attempt gets the same answer, whatever is asked the second time") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  const std::string first = remediate(engine, failed_attempt("j"), heap);
  CHECK(remediate(engine, failed_attempt("j"), reset) == first);
  CHECK(Engine(engine_config(scratch.url())).remediate(failed_attempt("j"), Classification{}) == first);
  CHECK(Store::open(scratch.url())->patches().size() == 1);
}

TEST_CASE("only memory failures and unclassified ones are recommended for") {
  Engine engine(engine_config());
  const std::string transient = remediate(engine, failed_attempt("j"), reset);
  CHECK(member(transient, "recommendation").empty());
  CHECK(member(transient, "retry", "restart") == "true");
  CHECK(member(transient, "patch_id").empty());
  const std::string bug = remediate(engine, failed_attempt("j"), "AnalysisException: cannot resolve 'x'\n");
  CHECK(member(bug, "recommendation").empty());
  CHECK(member(bug, "retry", "restart") == "false");
  CHECK(member(bug, "retry", "reason") == "\"MissingColumn (user_code): Fix the column's name.\"");
}

TEST_CASE("without a model an unclassified failure keeps its retries, up to the last") {
  Engine engine(engine_config("", R"(,"policy":{"max_retries":2})"));
  CHECK(member(remediate(engine, failed_attempt("j", 1), "what?\n"), "retry", "restart") == "true");
  CHECK(member(remediate(engine, failed_attempt("j", 2), "what?\n"), "retry", "restart") == "true");
  CHECK(member(remediate(engine, failed_attempt("j", 3), "what?\n"), "retry", "restart") == "false");
}

TEST_CASE("a rule's override decides about the retry before anything else") {
  Engine engine(engine_config());
  const std::string always = remediate(engine, failed_attempt("j"), "bring me back\n");
  CHECK(member(always, "recommendation", "decision") == "\"retry_unchanged\"");
  CHECK(member(always, "recommendation", "method") == "\"rule\"");
  CHECK(member(always, "retry", "restart") == "true");
  const std::string never = remediate(engine, failed_attempt("j"), "leave me alone\n");
  CHECK(member(never, "recommendation", "decision") == "\"do_not_retry\"");
  CHECK(member(never, "retry", "restart") == "false");
}

TEST_CASE("a second failure of the healed configuration adds to the first patch") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  remediate(engine, failed_attempt("j", 1), heap);
  Attempt second = failed_attempt("j", 2);
  second.config = engine.get_config(second).config;
  remediate(engine, second, heap);
  const ConfigAnswer third = engine.get_config(failed_attempt("j", 3));
  REQUIRE(third.applied.size() == 1);
  CHECK(third.config != second.config);
  CHECK(third.config != failed_attempt("j", 3).config);
}

TEST_CASE("an engine without a space of its own, or none at all, is healed in the generic space") {
  for (const std::string name : {"abacus", ""}) {
    const Scratch scratch;
    Engine engine(engine_config(scratch.url()));
    Attempt failed = failed_attempt("j");
    failed.engine = name;
    failed.config = R"({"memory_mib":1024,"beads":10})";
    const std::string document = remediate(engine, failed, heap);
    CHECK(member(document, "recommendation", "decision") == "\"retry_with_patch\"");
    CHECK(member(document, "retry", "restart") == "true");
    CHECK(engine.recommend(failed, engine.classify(heap_log)).patch ==
          R"([{"op":"add","path":"/memory_mib","value":2048}])");
    failed.attempt = 2;
    const ConfigAnswer next = engine.get_config(failed);
    CHECK(next.config == R"({"memory_mib":2048,"beads":10})");
    CHECK(next.skipped.empty());
  }
}

TEST_CASE("an engine whose parameters the generic space does not know is healed of nothing, but keeps its retries") {
  Engine engine(engine_config());
  Attempt failed = failed_attempt("j");
  failed.engine = "abacus";
  CHECK(member(remediate(engine, failed, "what?\n"), "retry", "restart") == "true");
  CHECK(member(remediate(engine, failed, heap), "recommendation", "patch") == "[]");
}

TEST_CASE("the log is told that the generic space serves, and why") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  std::vector<std::string> told;
  engine.set_log([&](int level, std::string_view message) {
    if (level < 3) told.push_back(std::to_string(level) + " " + std::string(message));
  });
  Attempt failed = failed_attempt("j");
  failed.engine = "abacus";
  static_cast<void>(engine.get_config(failed));
  static_cast<void>(engine.recommend(failed, Classification{}));
  remediate(engine, failed, heap);
  const std::string rest = "the generic one serves (memory_mib, cores); give \"space\" for another";
  CHECK(told == std::vector<std::string>(3, "2 engine \"abacus\" has no parameter space: " + rest));
  failed.engine.clear();
  static_cast<void>(engine.get_config(failed));
  CHECK(told.back() == "2 the attempt names no engine: " + rest);
  static_cast<void>(engine.get_config(failed_attempt("j")));
  CHECK(told.size() == 4);
}

TEST_CASE("the failed attempt becomes history with its verdict, which a later outcome keeps") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  remediate(engine, failed_attempt("j"), heap);
  const auto store = Store::open(scratch.url());
  REQUIRE(store->attempt("j", "r1", 1)->outcome);
  CHECK(store->attempt("j", "r1", 1)->outcome->rule == "ExecutorHeapOOM");
  Attempt known = ended(failed_attempt("j"), false);
  known.outcome->cost_usd = 1.5;
  engine.record(known);
  const auto recorded = store->attempt("j", "r1", 1);
  CHECK(recorded->outcome->cost_usd == 1.5);
  CHECK(recorded->outcome->category == "memory_config");
}

TEST_CASE("an attempt that succeeded has nothing to remediate") {
  Engine engine(engine_config());
  CHECK(message_of([&] { return remediate(engine, ended(failed_attempt("j")), heap); }).find("/outcome/succeeded: ") ==
        0);
}

TEST_CASE("without a store remediation still answers, configuration and outcomes need one") {
  Engine engine(engine_config());
  CHECK(member(remediate(engine, failed_attempt("j"), heap), "retry", "restart") == "true");
  const char* advice = R"(this engine has no store: give "store": "sqlite:PATH")";
  CHECK(message_of([&] { return engine.get_config(failed_attempt("j")); }) == advice);
  CHECK(message_of([&] {
          engine.record(failed_attempt("j"));
          return 0;
        }) == advice);
}

TEST_CASE("asking for a configuration writes nothing", "[sqlite]") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  StoredPatch once;
  once.scope.job = "j";
  once.patch = R"([{"op":"add","path":"/spark.executor.memory","value":"6g"}])";
  once.uses_left = 1;
  const auto store = Store::open(scratch.url());
  store->put_patch(once);
  const std::string before = scratch.sql("SELECT total_changes() || (SELECT group_concat(uses_left) FROM patches)");
  for (int i = 0; i < 3; ++i) CHECK(engine.get_config(failed_attempt("j")).applied.size() == 1);
  CHECK(store->attempt_count() == 0);
  CHECK(scratch.sql("SELECT total_changes() || (SELECT group_concat(uses_left) FROM patches)") == before);
  engine.record(ended(failed_attempt("j")));
  CHECK(engine.get_config(failed_attempt("j", 2)).applied.empty());
}

TEST_CASE("skipped patches are told to the log") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  std::vector<std::string> told;
  engine.set_log(
      [&](int level, std::string_view message) { told.push_back(std::to_string(level) + " " + std::string(message)); });
  StoredPatch patch;
  patch.id = "odd";
  patch.patch = R"([{"op":"add","path":"/spark.app.name","value":"x"}])";
  Store::open(scratch.url())->put_patch(patch);
  static_cast<void>(engine.get_config(failed_attempt("j")));
  REQUIRE(told.size() == 1);
  CHECK(told[0] == "1 patch odd for job \"j\" was skipped: \"/spark.app.name\" is no parameter that may be changed");
  engine.set_log({});
  static_cast<void>(engine.get_config(failed_attempt("j")));
  CHECK(told.size() == 1);
}

TEST_CASE("reload takes changed rules, and a broken file changes nothing") {
  const Scratch scratch;
  const auto write_rules = [&](const std::string& regex) {
    std::ofstream(scratch.path("rules.json"))
        << R"({"schema":"jobmedic.rules/1","rules":[{"name":"Mine","source":"s","regex":")" + regex +
               R"(","summary":"s","category":"data","fault":"user","restartable":false,"advice":"a"}]})";
  };
  write_rules("alpha");
  Engine engine(R"({"shipped_rules":false,"rules":[")" + scratch.path("rules.json").string() + "\"]}");
  const auto classified = [&](std::string_view text) {
    const Log logs[] = {{"driver.stderr", text}};
    return engine.classify(logs).classified;
  };
  CHECK(classified("alpha"));
  const Scan scan_before = engine.scan();
  write_rules("(");
  CHECK(status_of([&] {
          engine.reload();
          return 0;
        }) == Status::rules);
  CHECK(classified("alpha"));
  write_rules("beta");
  engine.reload();
  CHECK_FALSE(classified("alpha"));
  CHECK(classified("beta"));
}

TEST_CASE("eight threads remediate, ask and record with one engine while it reloads") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  std::vector<std::thread> threads;
  std::vector<int> healed(8, 0);
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 1; i <= 5; ++i) {
        Attempt failed = failed_attempt("job" + std::to_string(t), i);
        const std::string document = remediate(engine, failed, heap);
        if (engine.get_config(failed).applied.size() == 1 && !member(document, "patch_id").empty()) ++healed[t];
        engine.record(ended(failed, false));
        if (t == 0) engine.reload();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(healed == std::vector<int>(8, 5));
}

TEST_CASE("in a forked child an engine refuses, freeing it is safe and a new one works") {
  const Scratch scratch;
  auto engine = std::make_unique<Engine>(engine_config(scratch.url()));
  remediate(*engine, failed_attempt("j"), heap);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto refuses = [](const auto& call) { return status_of(call) == Status::forked; };
    if (!refuses([&] { return engine->classify({}); })) ::_exit(1);
    if (!refuses([&] { return engine->get_config(failed_attempt("j")); })) ::_exit(2);
    if (!refuses([&] { return engine->recommend(failed_attempt("j"), {}); })) ::_exit(3);
    if (!refuses([&] { return remediate(*engine, failed_attempt("j"), heap); })) ::_exit(4);
    if (!refuses([&] { return engine->info(); })) ::_exit(5);
    if (!refuses([&] { return engine->warm_up(); })) ::_exit(6);
    if (!refuses([&] {
          engine->record(failed_attempt("j"));
          return 0;
        }))
      ::_exit(7);
    if (!refuses([&] {
          engine->reload();
          return 0;
        }))
      ::_exit(8);
    engine.reset();
    Engine own(engine_config(scratch.url()));
    remediate(own, failed_attempt("child"), heap);
    ::_exit(own.get_config(failed_attempt("j")).applied.size() == 1 ? 0 : 9);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(engine->get_config(failed_attempt("child")).applied.size() == 1);
}

TEST_CASE("info says what is at work") {
  const Scratch scratch;
  const Engine engine(engine_config(scratch.url()));
  const std::string info = engine.info();
  CHECK(member(info, "rules") == "5");
  CHECK(member(info, "store") == "\"" + scratch.url() + "\"");
  CHECK(member(info, "model").empty());
  CHECK_FALSE(member(info, "scanner").empty());
}

TEST_CASE("what an engine cannot be made from is refused with its place") {
  CHECK(message_of([] { return Engine(R"({"store":"mysql:x"})").info(); }) ==
        "store \"mysql:x\": unknown kind; use sqlite:PATH or postgresql://[USER@]HOST/DATABASE");
  CHECK(status_of([] { return Engine(R"({"rules":["no/such.json"]})").info(); }) == Status::io);
  CHECK(status_of([] { return Engine(R"({"shipped_rules":false,"space":{"schema":"jobmedic.space/1"}})").info(); }) ==
        Status::schema);
  CHECK(status_of([] { return Engine(R"({"shipped_rules":false,"model":"no/such.safetensors"})").info(); }) ==
        Status::io);
}

TEST_CASE("secrets are in no answer and no log message, but in the configuration that the next try gets") {
  const Scratch scratch;
  Attempt failed = failed_attempt("nightly");
  failed.config = R"({"spark.executor.memory":"2g","spark.ssl.keyPassword":"hunter2"})";
  failed.labels["api_key"] = "hunter2";
  const std::string log = "login with password=hunter2 failed: java.lang.OutOfMemoryError: Java heap space\n";
  Engine engine(engine_config(scratch.url()));
  std::string told;
  engine.set_log([&](int, std::string_view message) { told += message; });

  const std::string document = remediate(engine, failed, log);
  CHECK(document.find("hunter2") == std::string::npos);
  CHECK(member(document, "recommendation", "decision") == "\"retry_with_patch\"");
  CHECK(member(document, "classification", "evidence", "text") ==
        "\"login with password=**** failed: java.lang.OutOfMemoryError: Java heap space\"");
  engine.record(failed);
  std::string kept;
  Store::open(scratch.url())->each_attempt([&](const Attempt& attempt) { kept += attempt.to_json(); });
  CHECK(kept.find("nightly") != std::string::npos);
  CHECK(kept.find("hunter2") == std::string::npos);

  failed.attempt = 2;
  const ConfigAnswer answer = engine.get_config(failed);
  CHECK(answer.applied.size() == 1);
  CHECK(answer.config.find("hunter2") != std::string::npos);
  CHECK(answer.config != failed.config);

  Attempt unknown = failed_attempt("other");
  unknown.engine = "token=9f86d081884c7d65";
  static_cast<void>(remediate(engine, unknown, "Java heap space"));
  CHECK(told.find("token=****") != std::string::npos);
  CHECK(told.find("9f86d081884c7d65") == std::string::npos);
}

TEST_CASE("an engine masks as it is configured") {
  const auto text_of = [](const std::string& more) {
    Engine engine(engine_config("", more));
    const Log logs[] = {{"driver.stderr", "password=hunter2 ACME-12345678 Java heap space\n"}};
    return engine.classify(logs).evidence->text;
  };
  CHECK(text_of("") == "password=**** ACME-12345678 Java heap space");
  CHECK(text_of(R"(,"secrets":{"mask":false})") == "password=hunter2 ACME-12345678 Java heap space");
  CHECK(text_of(R"(,"secrets":{"files":[{"schema":"jobmedic.secrets/1","shapes":[)"
                R"({"name":"acme","starts":["ACME-"],"then":"[0-9]{8}"}]}]})") ==
        "password=**** ACME-**** Java heap space");
  CHECK(message_of([] { return Engine(engine_config("", R"(,"secrets":{"files":["/gone.json"]})")); }) ==
        "/gone.json: No such file or directory");
}

TEST_CASE("a failure that no rule knows is kept with what its logs say, one that a rule knows is not") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  const std::string document = remediate(engine, failed_attempt("j"),
                                         "12:00 INFO Main: starting\n12:01 ERROR Main: failed\n"
                                         "acme.JobError: failed\nCaused by: acme.LeaseGone: lease 17 is gone\n");
  CHECK(member(document, "classification", "classified") == "false");
  remediate(engine, failed_attempt("k"), heap);
  std::vector<UnclassifiedFailure> failures;
  Store::open(scratch.url())->each_unclassified([&](const auto& failure) { failures.push_back(failure); });
  REQUIRE(failures.size() == 1);
  CHECK(failures[0].job == "j");
  REQUIRE(!failures[0].lines.empty());
  CHECK(member(document, "telling").find(failures[0].lines[0].to_json()) == 1);
}

TEST_CASE(
    "a failure that no rule knows carries into the history what its logs tell first, one that a rule knows does not") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  const char* log = "12:01 ERROR Main: failed\nacme.JobError: failed\nCaused by: acme.LeaseGone: lease 17 is gone\n";
  const json::Value document = json::parse(remediate(engine, failed_attempt("j"), log));
  const std::string told = *document.find("telling")->as<json::Array>()->front().find("exception")->as<std::string>();
  remediate(engine, failed_attempt("k"), heap);
  Attempt named = failed_attempt("l");
  named.labels["failure"] = "mine";
  remediate(engine, named, log);
  const auto store = Store::open(scratch.url());
  CHECK(store->last_attempt("j")->labels.at("failure") == told);
  CHECK(told.rfind("acme.", 0) == 0);
  CHECK(store->last_attempt("k")->labels.count("failure") == 0);
  CHECK(store->last_attempt("l")->labels.at("failure") == "mine");
}

TEST_CASE("logs are mined again only where no rule knew the failure and no answer was given before") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  int mined = 0;
  const auto mine = [&] {
    ++mined;
    return std::vector<TellingLine>{{"lease <*> is gone", "lease 17 is gone", "", "driver.stderr", 50, 1}};
  };
  Classification known;
  known.classified = true;
  known.rule = "MissingColumn";
  known.category = "user_code";
  static_cast<void>(engine.remediate(failed_attempt("j", 1), known, mine));
  CHECK(mined == 0);
  static_cast<void>(engine.remediate(failed_attempt("j", 2), Classification{}, mine));
  static_cast<void>(engine.remediate(failed_attempt("j", 2), Classification{}, mine));
  CHECK(mined == 1);
}
