#include <catch2/catch.hpp>

#include "history.hpp"
#include "json/value.hpp"
#include "scratch.hpp"

using namespace jobmedic;

namespace {

// An hour of one job with so much memory.
void ran(const History& history, const std::string& run, const std::string& memory, bool succeeded = true) {
  Attempt attempt = ended(attempt_of("j", 1, run), succeeded);
  attempt.engine = "spark";
  attempt.config = R"({"spark.executor.instances":"4","spark.executor.memory":")" + memory + "\"}";
  attempt.started_at = "2026-11-0" + run + "T03:00:00Z";
  attempt.duration_s = 3600;
  if (!succeeded) attempt.outcome->category = "memory_config";
  history.store->record(attempt);
}

void sized(const History& history) {
  StoredPatch patch;
  patch.scope.job = "j";
  patch.patch = R"([{"op":"add","path":"/spark.executor.memory","value":"1g"}])";
  patch.source = "rightsize";
  patch.created_at = "2026-11-02T12:00:00Z";
  history.store->put_patch(patch);
}

}  // namespace

TEST_CASE("tries that right-sizing sized are held against what the job asked for without it") {
  const History history;
  ran(history, "1", "8g");
  ran(history, "2", "4g");
  sized(history);
  ran(history, "3", "1g");
  ran(history, "4", "1g", false);
  const SizedRuns runs = history.report().sized;
  CHECK(runs.jobs == 1);
  CHECK(runs.runs == 2);
  CHECK(runs.failed == 1);
  CHECK(runs.asked_gib_h == Approx(4 * 4));     // four executors of the 4 GiB last asked for
  CHECK(runs.held_gib_h == Approx(2 * 4 * 1));  // in the try that failed, too
  CHECK(runs.saved_usd() == Approx(8 * runs.gib_hour_usd));
  const std::string page = history.report().to_html();
  CHECK_THAT(page, Catch::Contains("2 tries of 1 job ran with what right-sizing gave: 1 was short of memory."));
}

TEST_CASE("what right-sizing proposes in shadow mode is told with what it would give back, until it is put in force") {
  const History history;
  ran(history, "1", "8g");
  StoredPatch patch;
  patch.scope.job = "j";
  patch.patch = R"([{"op":"add","path":"/spark.executor.memory","value":"2g"}])";
  patch.source = patch_source::proposal;
  patch.disabled = true;
  patch.note = "<b>peaks</b> of 1 GiB";
  const std::string id = history.store->put_patch(patch).id;
  const Report report = history.report();
  REQUIRE(report.proposals.most.size() == 1);
  const SizeProposal& proposal = report.proposals.most.front();
  CHECK(report.proposals.open == 1);
  CHECK(proposal.patch == id);
  CHECK(proposal.settings.front().before + " " + proposal.settings.front().after == "8g 2g");
  CHECK(proposal.asked_gib_h == Approx(4 * 8));
  CHECK(proposal.proposed_gib_h == Approx(4 * 2));
  CHECK(report.automation.disabled.empty());
  CHECK(report.sized.runs == 0);
  CHECK_THAT(report.to_html(), Catch::Contains("1 proposal of right-sizing waits for a nod") && Catch::Contains(id));
  history.store->enable_patch(id, true);
  CHECK(history.report().proposals.open == 0);
  history.store->enable_patch(id, false);
  patch.id = id;
  patch.expires_at = "2026-11-30T00:00:00Z";  // the report is of the day after
  history.store->put_patch(patch);
  CHECK(history.report().proposals.open == 0);
}

TEST_CASE("a job that never ran without a patch cannot be compared, and none that was sized is said to be none") {
  const History history;
  sized(history);
  ran(history, "3", "1g");
  CHECK(history.report().sized.jobs_not_compared == 1);
  CHECK(history.report().sized.asked_gib_h == 0);
  const History none;
  ran(none, "1", "8g");
  CHECK(none.report().sized.runs == 0);
  CHECK_THAT(none.report().to_html(), Catch::Contains("No try ran with a patch of right-sizing"));
  CHECK(json::parse(none.report().to_json()).find("sized")->find("runs") != nullptr);
}
