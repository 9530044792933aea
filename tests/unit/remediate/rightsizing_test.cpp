#include <catch2/catch.hpp>
#include <thread>

#include "engines.hpp"

using namespace jobmedic;

namespace {

Attempt next_run(const std::string& job) {
  Attempt attempt = attempt_of(job, 1, "next");
  attempt.engine = "batch";
  attempt.config = R"({"memory_mib":4096})";
  return attempt;
}

// Three runs that used a quarter of their memory.
void run_small(Engine& engine, const std::string& job) {
  for (const char* run : {"1", "2", "3"}) {
    Attempt attempt = ended(attempt_of(job, 1, run));
    attempt.engine = "batch";
    attempt.config = R"({"memory_mib":4096})";
    attempt.metrics["peak_rss_bytes"] = 1e9;
    engine.record(attempt);
  }
}

std::string halved(const Rightsizing& answer) {
  return answer.decision + " " + answer.mode + " " + answer.settings.at(0).after;
}

}  // namespace

TEST_CASE("an engine right-sizes by the store that it has open: none is opened for a call", "[sqlite]") {
  const Scratch scratch;
  std::filesystem::create_directory(scratch.path("open"));
  Engine engine(engine_config(scratch.url("open/store.db")));
  run_small(engine, "j");
  std::filesystem::rename(scratch.path("open"), scratch.path("moved"));  // what is open stays what it is
  CHECK(halved(engine.rightsize(next_run("j"), false)) == "patch dry_run 2048");
  CHECK(engine.rightsize(next_run("j"), true).patch_id == "p-00000001");
  CHECK_FALSE(std::filesystem::exists(scratch.path("open")));
}

TEST_CASE("what right-sizing saves is a patch of the job, found again and confirmed by the next call") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  run_small(engine, "j");
  const Rightsizing saved = engine.rightsize(next_run("j"), true);
  CHECK(halved(saved) == "patch act 2048");
  const ConfigAnswer config = engine.get_config(next_run("j"));
  CHECK(config.applied == std::vector{saved.patch_id});
  CHECK(config.config == R"({"memory_mib":2048})");
  CHECK(engine.rightsize(next_run("j"), true).patch_id == saved.patch_id);
}

TEST_CASE("in shadow mode right-sizing proposes: a disabled patch a job, which acting puts in force") {
  const Scratch scratch;
  Engine shadow(engine_config(scratch.url(), R"(,"loop":{"mode":"shadow"})"));
  run_small(shadow, "j");
  const Rightsizing proposed = shadow.rightsize(next_run("j"), true);
  CHECK(halved(proposed) == "patch shadow 2048");
  CHECK(shadow.get_config(next_run("j")).applied.empty());
  CHECK(shadow.rightsize(next_run("j"), true).patch_id == proposed.patch_id);
  CHECK(shadow.rightsize(next_run("j"), false).patch_id.empty());
  Engine acting(engine_config(scratch.url()));
  CHECK(acting.rightsize(next_run("j"), true).patch_id == proposed.patch_id);
  CHECK(acting.get_config(next_run("j")).applied == std::vector{proposed.patch_id});
  const Rightsizing again = shadow.rightsize(next_run("j"), true);  // what is in force stays
  CHECK(again.patch_id != proposed.patch_id);
  CHECK(shadow.get_config(next_run("j")).applied == std::vector{proposed.patch_id});
}

TEST_CASE("while automation is stopped right-sizing saves nothing, says so and tells the log") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  run_small(engine, "j");
  engine.stop_automation(true, {"ana", "month end"});
  std::string told;
  engine.set_log([&](int, std::string_view message) { told = message; });
  const Rightsizing answer = engine.rightsize(next_run("j"), true);
  CHECK(answer.mode == "dry_run");
  CHECK(answer.reason.find("month end") != std::string::npos);
  CHECK(told.find("month end") != std::string::npos);
  CHECK(engine.changes(100).size() == 1);  // the stop itself
}

TEST_CASE("the space and the policy that right-sizing goes by are those of the engine's configuration") {
  const Scratch scratch;
  const std::string space =
      R"({"schema":"jobmedic.space/1","parameters":[{"name":"memory_mib","type":"integer","min":3000,"max":8000,)"
      R"("unit":"","step":0,"peak":[{"metric":"peak_rss_bytes"}]}]})";
  Engine narrow(engine_config(scratch.url(), R"(,"space":)" + space));
  run_small(narrow, "j");
  CHECK(narrow.rightsize(next_run("j"), false).settings.at(0).after == "3000");
  Engine cautious(engine_config(scratch.url(), R"(,"rightsize":{"least_runs":4})"));
  CHECK(cautious.rightsize(next_run("j"), false).decision == "keep");
  CHECK(message_of([&] {
          return Engine(engine_config("", R"(,"rightsize":{"least_runs":0})")).info();
        }).find("/rightsize/least_runs: ") == 0);
}

TEST_CASE("an engine without a store cannot right-size") {
  Engine engine(engine_config());
  CHECK(message_of([&] { return engine.rightsize(next_run("j"), false); }).find("has no store") != std::string::npos);
}

TEST_CASE("eight threads right-size a job each with one engine") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  const auto job = [](std::size_t thread) { return "j" + std::to_string(thread); };
  std::vector<std::string> answers(8);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < answers.size(); ++i) run_small(engine, job(i));
  for (std::size_t i = 0; i < answers.size(); ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < 5; ++n) answers[i] = halved(engine.rightsize(next_run(job(i)), true));
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(answers == std::vector<std::string>(8, "patch act 2048"));
  for (std::size_t i = 0; i < answers.size(); ++i) CHECK(engine.get_config(next_run(job(i))).applied.size() == 1);
}
