#include "store/sql/outcomes.hpp"

#include <algorithm>

#include "core/time.hpp"
#include "jobmedic/error.hpp"
#include "store/candidates.hpp"
#include "store/outcome.hpp"
#include "store/sql/attempts.hpp"
#include "store/sql/automation.hpp"
#include "store/sql/changes.hpp"
#include "store/sql/patches.hpp"
#include "store/sql/query.hpp"
#include "store/this_user.hpp"

namespace jobmedic::sql {
namespace {

std::vector<std::string> used_ids(Connection& connection, const Attempt& attempt) {
  std::vector<std::string> ids;
  Query rows(connection, "SELECT patch FROM uses WHERE job = ? AND run = ? AND attempt = ? ORDER BY patch", attempt.job,
             attempt.run, attempt.attempt);
  while (rows.step()) ids.push_back(rows.text(0));
  return ids;
}

// Keeps what the try showed of the patch; false: that was known.
bool keep_shown(Connection& connection, const Attempt& attempt, const std::string& patch, const std::string& shown) {
  Query(connection, "UPDATE uses SET shown = ? WHERE patch = ? AND job = ? AND run = ? AND attempt = ? AND shown <> ?",
        shown, patch, attempt.job, attempt.run, attempt.attempt, shown)
      .run();
  return connection.changes() > 0;
}

Tries tries_of(Connection& connection, const std::string& patch) {
  Query row(connection,
            "SELECT count(*) FILTER (WHERE shown = 'succeeded'), count(*) FILTER (WHERE shown = 'failed') FROM uses "
            "WHERE patch = ?",
            patch);
  row.step();
  return {row.integer(0), row.integer(1)};
}

bool was_retired(Connection& connection, const std::string& patch) {
  const std::vector<Change> last = read_changes(connection, 1, patch);
  return !last.empty() && last.front().action == "retire";
}

// What is told of a patch where nothing new was learnt.
Lesson known(Lesson lesson, const StoredPatch& patch, bool retired) {
  lesson.patch = patch;
  if (patch.disabled && retired) lesson.learnt = "retired";
  return lesson;
}

}  // namespace

std::vector<Lesson> learn(Connection& connection, const Attempt& attempt, const OutcomeOptions& options) {
  std::vector<Lesson> lessons;
  const bool stopped = read_automation(connection).stopped;
  for (const std::string& id : used_ids(connection, attempt)) {
    const StoredPatch patch = *read_patch(connection, id);  // a use belongs to a patch that is there
    if (stopped || options.loop.mode != "act") {
      lessons.push_back({patch, "left", stopped ? "automation is stopped" : "mode " + options.loop.mode});
      continue;
    }
    const bool fresh = keep_shown(connection, attempt, id, shown_by(*attempt.outcome));
    const bool retired = was_retired(connection, id);
    Lesson lesson = judge(patch, attempt, tries_of(connection, id), retired, options.loop, now());
    if (!fresh) {
      lesson = known(std::move(lesson), patch, retired);
    } else if (lesson.learnt != "left" && lesson.patch.to_json() != patch.to_json()) {
      write_patch(connection, lesson.patch, author_of(lesson, options), action_of(lesson));
    }
    lessons.push_back(std::move(lesson));
  }
  return lessons;
}

RecordedOutcome write_outcome(Connection& connection, const Attempt& attempt, const OutcomeOptions& options) {
  const auto before = read_attempt(connection, attempt.job, attempt.run, attempt.attempt);
  RecordedOutcome result;
  result.attempt = before ? completed(attempt, *before) : attempt;
  std::string problem;
  if (before && before->outcome) problem = contradiction(*before, attempt);
  if (!problem.empty()) refuse_contradiction(problem, attempt, options);
  const bool changed = write_attempt(connection, result.attempt);
  if (before && before->outcome && problem.empty()) result.what = "known";
  if (!problem.empty() && changed) {
    result.what = "corrected";
    const Author& author = options.author;
    write_change(connection, {author.by.empty() ? this_user() : author.by, author.reason}, "correct", "",
                 before->to_json(), result.attempt.to_json());
  }
  result.lessons = learn(connection, result.attempt, options);
  return result;
}

void write_failure(Connection& connection, const Attempt& attempt, const OutcomeOptions* options) {
  Attempt whole = attempt;
  if (has_ended(connection, attempt)) {
    const auto before = read_attempt(connection, attempt.job, attempt.run, attempt.attempt);
    if (before && before->outcome) {
      whole = contradiction(*before, attempt).empty() ? completed(*before, attempt) : *before;
    }
  }
  write_attempt(connection, whole);
  if (options != nullptr) learn(connection, whole, *options);
}

std::vector<StoredPatch> read_used(Connection& connection, const Attempt& attempt) {
  std::vector<StoredPatch> patches;
  for (const std::string& id : used_ids(connection, attempt)) patches.push_back(*read_patch(connection, id));
  std::sort(patches.begin(), patches.end(),
            [](const auto& a, const auto& b) { return precedence_of(a) < precedence_of(b); });
  return patches;
}

}  // namespace jobmedic::sql
