#include "jobmedic/rightsize.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <limits>

#include "json/value.hpp"

using namespace jobmedic;

namespace {

constexpr double MiB = 0x1p20;

Attempt run(int number, int memory_mib, double peak_mib, double input = 1e9, double seconds = 100) {
  Attempt attempt;
  attempt.job = "nightly";
  attempt.run = std::to_string(number);
  attempt.engine = "batch";
  attempt.config = fmt::format(R"({{"memory_mib": {}, "cores": 4}})", memory_mib);
  attempt.metrics = {{"peak_rss_bytes", peak_mib * MiB}, {"input_bytes", input}};
  attempt.duration_s = seconds;
  attempt.outcome = Outcome{true, {}, 0, "", ""};
  return attempt;
}

Attempt failed(int number, int memory_mib, const std::string& category) {
  Attempt attempt = run(number, memory_mib, 1);
  attempt.metrics.erase("peak_rss_bytes");
  attempt.outcome = Outcome{false, {}, 1, "Rule", category};
  return attempt;
}

std::vector<Attempt> runs(int count, int memory_mib, double peak_mib) {
  std::vector<Attempt> all;
  for (int i = 0; i < count; ++i) all.push_back(run(i, memory_mib, peak_mib));
  return all;
}

Rightsizing::Setting memory_of(const std::vector<Attempt>& past, double input = 1e9) {
  Attempt next = run(100, 4096, 1, input);
  next.metrics.erase("peak_rss_bytes");
  next.outcome.reset();
  return rightsize(next, past, shipped_space("generic")).settings.at(0);
}

double mib(const std::string& text) {
  return std::stod(text);
}

}  // namespace

TEST_CASE("nothing is taken away on thin evidence") {
  CHECK(memory_of({}).decision == "keep");
  CHECK(memory_of(runs(2, 4096, 1000)).decision == "keep");
  CHECK(memory_of(runs(2, 4096, 1000)).reason.find("too few") != std::string::npos);
  CHECK(memory_of(runs(3, 4096, 1000)).decision == "shrink");
}

TEST_CASE("memory shrinks by at most half at once, and comes to rest above the peak") {
  auto past = runs(3, 4096, 1000);
  const auto first = memory_of(past);
  CHECK(mib(first.after) == 2048);
  past.push_back(run(3, 2048, 1000));
  const auto second = memory_of(past);
  CHECK(second.decision == "shrink");
  CHECK(mib(second.after) >= 1000 * 1.05);
  CHECK(mib(second.after) <= 1000 * 1.25);
  for (int i = 4; i < 20; ++i) past.push_back(run(i, 1088, 1000));
  CHECK(memory_of(past).decision == "keep");
}

TEST_CASE("the fewer the runs, the wider the margin above their peak") {
  auto few = runs(2, 1536, 1000);
  few.push_back(run(2, 1536, 1000));
  const auto many = runs(50, 1536, 1000);
  CHECK(mib(memory_of(few).after) > mib(memory_of(many).after));
}

TEST_CASE("a job asks for at most so many times its largest peak, unless the risk demands more") {
  std::vector<Attempt> past;  // the peaks of one Spark job, whose garbage collector runs when it likes
  for (const double peak : {701, 573, 575, 585, 648}) past.push_back(run(0, 1152, peak, 1e8, 9));
  CHECK(mib(memory_of(past, 1e8).after) <= 1.5 * 701);
  CHECK(mib(memory_of(past, 2e8).after) >= 2 * 701);
  for (const double peak : {100, 4000, 200}) past.push_back(run(0, 8192, peak, 1e8, 9));
  const auto wild = memory_of(past, 1e8);
  CHECK(mib(wild.after) > 1.5 * 4000);
  CHECK(wild.failure_probability <= 0.02);
}

TEST_CASE("a run near its limit makes the next one larger at once") {
  auto past = runs(10, 1280, 1000);
  past.push_back(run(10, 1280, 1250));
  const auto setting = memory_of(past);
  CHECK(setting.decision == "grow");
  CHECK(mib(setting.after) > 1400);
}

TEST_CASE("a run that failed of memory makes the next one larger at once") {
  auto past = runs(10, 1280, 1000);
  past.push_back(failed(10, 1280, "memory_config"));
  const auto setting = memory_of(past);
  CHECK(setting.decision == "grow");
  CHECK(mib(setting.after) >= 1.5 * 1280);
}

TEST_CASE("a failure for want of memory makes only the memory larger that was full") {
  auto past = runs(4, 4096, 3000);
  past.push_back(failed(4, 4096, "memory_config"));
  past.back().metrics["peak_rss_bytes"] = 300 * MiB;  // another one of the job's was too small
  CHECK(memory_of(past).decision != "grow");
  past.back().metrics["peak_rss_bytes"] = 4000 * MiB;
  const Rightsizing answer = rightsize(past.back(), past, shipped_space("generic"));
  CHECK(answer.settings.at(0).decision == "grow");
  CHECK(answer.settings.at(1).parameter == "cores");
  CHECK(answer.settings.at(1).decision == "keep");
}

TEST_CASE("memory is memory where the space counts it in bytes, too") {
  std::vector<Attempt> past = runs(4, 4096, 3000);
  for (Attempt& attempt : past) attempt.config = R"({"memory_bytes": 4294967296})";
  Attempt died = past.back();
  died.outcome = Outcome{false, {}, 1, "Rule", "memory_config"};
  died.metrics["peak_rss_bytes"] = 4200 * MiB;
  past.push_back(died);
  const auto setting = rightsize(died, past, R"({"schema": "jobmedic.space/1", "parameters": [{"name": "memory_bytes",
      "type": "integer", "min": 1048576, "max": 68719476736, "peak": [{"metric": "peak_rss_bytes"}]}]})")
                           .settings.at(0);
  CHECK(setting.decision == "grow");
  CHECK(setting.peak == 4200 * MiB);
}

TEST_CASE("what failed of something else says nothing of memory") {
  auto past = runs(10, 1280, 1150);
  const auto before = memory_of(past);
  past.push_back(failed(10, 1280, "user_code"));
  CHECK(memory_of(past).after == before.after);
}

TEST_CASE("an input larger than any seen is met in proportion") {
  const auto setting = memory_of(runs(10, 1280, 1000), 2e9);
  CHECK(setting.decision == "grow");
  CHECK(mib(setting.after) >= 2000);
}

TEST_CASE("a size with which runs took too long is not used again") {
  auto past = runs(5, 4096, 1000);
  for (int i = 5; i < 8; ++i) past.push_back(run(i, 2048, 1000, 1e9, 150));
  const auto setting = memory_of(past);
  CHECK(setting.decision == "keep");
  auto quick = runs(5, 4096, 1000);
  for (int i = 5; i < 8; ++i) quick.push_back(run(i, 2048, 1000, 1e9, 105));
  CHECK(memory_of(quick).decision == "shrink");
}

TEST_CASE("numbers that cannot be are left out") {
  const auto honest = memory_of(runs(5, 4096, 1000));
  constexpr double infinite = std::numeric_limits<double>::infinity();
  for (const double peak : {std::numeric_limits<double>::quiet_NaN(), infinite, -infinite, -1.0, 0.0, 1e300}) {
    auto past = runs(5, 4096, 1000);
    past.push_back(run(5, 4096, peak));
    const auto setting = memory_of(past);
    CHECK(setting.after == honest.after);
    CHECK(setting.runs == honest.runs + 1 - 1);
    past.back() = run(5, 4096, 1000, peak);
    CHECK(mib(memory_of(past).after) >= 1000);
    past.back() = run(5, 4096, 1000, 1e9, peak);
    CHECK(mib(memory_of(past).after) >= 1000);
  }
}

TEST_CASE("the answer never leaves the bounds of the space") {
  auto past = runs(3, 4096, 5);
  for (int memory = 2048; memory > 64; memory /= 2) past.push_back(run(memory, memory, 5));
  const auto small = memory_of(past);
  CHECK((small.decision == "keep" || mib(small.after) >= 64));
  auto large = runs(3, 262144, 262144);
  const auto setting = memory_of(large);
  CHECK(mib(setting.after.empty() ? "0" : setting.after) <= 262144);
}

TEST_CASE("the answer is a patch of what changes alone, with its reasons in words") {
  const auto past = runs(4, 4096, 1000);
  Attempt next = past.back();
  next.outcome.reset();
  const Rightsizing answer = rightsize(next, past, shipped_space("generic"));
  CHECK(answer.decision == "patch");
  const json::Value patch = json::parse(answer.patch);
  CHECK(patch.as<json::Array>()->size() == 1);
  CHECK(answer.reason.find("memory_mib 4096 -> 2048") != std::string::npos);
  CHECK(json::parse(answer.to_json()).find("schema") != nullptr);
}

TEST_CASE("cores are given back where no run ever used them") {
  auto past = runs(4, 4096, 1000);
  for (Attempt& attempt : past) attempt.metrics["peak_cores"] = 2;
  Attempt next = past.back();
  next.outcome.reset();
  const auto setting = rightsize(next, past, shipped_space("generic")).settings.at(1);
  CHECK(setting.parameter == "cores");
  CHECK(setting.decision == "shrink");
  CHECK(setting.after == "2");
}

TEST_CASE("cores that were all busy are no need of more, and for more input no more are given than there ever were") {
  auto past = runs(4, 4096, 1000);
  for (Attempt& attempt : past) attempt.metrics["peak_cores"] = 4;
  Attempt next = past.back();
  next.outcome.reset();
  CHECK(rightsize(next, past, shipped_space("generic")).settings.at(1).decision == "keep");
  next.metrics["input_bytes"] = 1e10;
  CHECK(rightsize(next, past, shipped_space("generic")).settings.at(1).decision == "keep");
}

TEST_CASE("a policy out of its range is refused with its place") {
  CHECK(RightsizePolicy::parse(R"({"least_runs": 5})").least_runs == 5);
  CHECK_THROWS_WITH(RightsizePolicy::parse(R"({"least_runs": 1})"), Catch::Matchers::Contains("/least_runs"));
  CHECK_THROWS_WITH(RightsizePolicy::parse(R"({"max_slowdown": 0.5})"), Catch::Matchers::Contains("/max_slowdown"));
}
