#include "store/outcome.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "jobmedic/error.hpp"
#include "json/value.hpp"

namespace jobmedic {
namespace {

// No memory, core or setting would have made these succeed.
constexpr std::array<std::string_view, 6> blameless{"user_code",       "data",     "dependency", "permission",
                                                    "transient_infra", "cancelled"};

std::string text_of(bool value) {
  return value ? "true" : "false";
}
std::string text_of(const std::string& value) {
  return value;
}
template <typename Number>
std::string text_of(Number value) {
  return fmt::format("{}", value);
}

template <typename Value>
std::string difference(std::string_view name, const Value& recorded, const Value& given) {
  return recorded == given ? "" : fmt::format("{}: {}, not {}", name, text_of(recorded), text_of(given));
}

template <typename Value>
std::string difference(std::string_view name, const std::optional<Value>& recorded, const std::optional<Value>& given) {
  return recorded && given ? difference(name, *recorded, *given) : "";
}

std::string known_difference(std::string_view name, const std::string& recorded, const std::string& given) {
  return recorded.empty() || given.empty() ? "" : difference(name, recorded, given);
}

template <typename Value>
void fill(std::optional<Value>& into, const std::optional<Value>& from) {
  if (!into) into = from;
}
void fill(std::string& into, const std::string& from) {
  if (into.empty()) into = from;
}

std::string name_of(const Attempt& attempt) {
  return fmt::format("attempt {} of run {} of job {}", attempt.attempt, attempt.run, attempt.job);
}

std::string words_of(const Outcome& outcome) {
  if (outcome.succeeded) return "succeeded";
  if (outcome.category.empty()) return "failed";
  return fmt::format("failed ({}, {})", outcome.rule, outcome.category);
}

// Longer where the patch would end more than a day before that: a change for each night's success would drown the
// trail.
void prolong(StoredPatch& patch, int days, TimePoint now) {
  const TimePoint until = now + std::chrono::hours(24) * days;
  const auto expires = parse_time(patch.expires_at);
  if (expires && *expires < until - std::chrono::hours(24)) patch.expires_at = format_time(until);
}

}  // namespace

std::string contradiction(const Attempt& recorded, const Attempt& given) {
  const Outcome& old = *recorded.outcome;
  const Outcome& fresh = *given.outcome;
  for (std::string problem :
       {difference("succeeded", old.succeeded, fresh.succeeded),
        difference("exit_code", old.exit_code, fresh.exit_code), difference("cost_usd", old.cost_usd, fresh.cost_usd),
        difference("duration_s", recorded.duration_s, given.duration_s),
        known_difference("category", old.category, fresh.category), known_difference("rule", old.rule, fresh.rule)}) {
    if (!problem.empty()) return problem;
  }
  return "";
}

Attempt completed(Attempt given, const Attempt& recorded) {
  fill(given.engine, recorded.engine);
  fill(given.plan, recorded.plan);
  fill(given.started_at, recorded.started_at);
  fill(given.duration_s, recorded.duration_s);
  given.labels.insert(recorded.labels.begin(), recorded.labels.end());
  given.metrics.insert(recorded.metrics.begin(), recorded.metrics.end());
  if (given.config == "{}") given.config = recorded.config;
  const bool corrected = given.outcome && recorded.outcome && given.outcome->succeeded != recorded.outcome->succeeded;
  if (!corrected) fill(given.document, recorded.document);  // which would bring its outcome's other members along
  if (!given.outcome || !recorded.outcome) return given;
  fill(given.outcome->cost_usd, recorded.outcome->cost_usd);
  if (corrected) return given;
  fill(given.outcome->exit_code, recorded.outcome->exit_code);
  fill(given.outcome->rule, recorded.outcome->rule);
  fill(given.outcome->category, recorded.outcome->category);
  return given;
}

void refuse_contradiction(const std::string& problem, const Attempt& given, const OutcomeOptions& options) {
  if (!options.correct) {
    throw Error(Status::invalid_argument,
                fmt::format("{} is recorded with {}: correct it (--correct), and say why", name_of(given), problem));
  }
  if (options.author.reason.empty()) {
    throw Error(Status::invalid_argument, "a recorded outcome is corrected for a reason: say it (--reason)");
  }
}

std::string shown_by(const Outcome& outcome) {
  if (outcome.succeeded) return "succeeded";
  return std::find(blameless.begin(), blameless.end(), outcome.category) == blameless.end() ? "failed" : "neither";
}

Lesson judge(const StoredPatch& patch, const Attempt& attempt, const Tries& tries, bool retired, const LoopPolicy& loop,
             TimePoint now) {
  const std::string shown = shown_by(*attempt.outcome);
  Lesson lesson{patch, "left", fmt::format("{} {}", name_of(attempt), words_of(*attempt.outcome))};
  const auto because = [&](std::string reason) {
    lesson.reason = std::move(reason);
    return lesson;
  };
  if (!patch.damage.empty()) return because("its row in the store is damaged: " + patch.damage);
  if ((patch.source != patch_source::recommendation && !patch.sizes()) || !patch.scope.job)
    return because("it was not made by jobmedic for this job");
  if (patch.disabled && !retired) return because("it was disabled by hand");

  // What was taken away is given back at the first failure; what was added may fail less often than it heals.
  const bool taken = patch.sizes();
  const bool failing = tries.failed > 0 && (tries.failed >= tries.succeeded || (taken && shown == "failed"));
  const bool done = shown == "succeeded" && loop.keep_successful_days == 0;
  if ((failing && loop.retire_failed) || done) {
    lesson.learnt = "retired";
    lesson.patch.disabled = true;
    return lesson;
  }
  lesson.patch.disabled = false;
  if (shown == "succeeded") prolong(lesson.patch, loop.keep_successful_days, now);
  if (retired) {
    lesson.learnt = "restored";
  } else if (shown == "succeeded") {
    lesson.learnt = "kept";
  } else if (shown == "neither") {
    lesson.reason += ": that says nothing about it";
  } else {
    lesson.reason += loop.retire_failed ? fmt::format(", but {} of {} tries with it succeeded", tries.succeeded,
                                                      tries.succeeded + tries.failed)
                                        : ", and retire_failed is off";
  }
  return lesson;
}

Author author_of(const Lesson& lesson, const OutcomeOptions& options) {
  return {options.author.by.empty() ? "jobmedic outcome" : options.author.by,
          options.author.reason.empty() ? lesson.reason : fmt::format("{}: {}", lesson.reason, options.author.reason)};
}

std::string action_of(const Lesson& lesson) {
  if (lesson.learnt == "retired") return "retire";
  return lesson.learnt == "restored" ? "restore" : "keep";
}

std::string RecordedOutcome::to_json() const {
  json::Array patches;
  for (const Lesson& lesson : lessons) {
    json::Object members{{"id", lesson.patch.id}, {"learnt", lesson.learnt}, {"reason", lesson.reason}};
    if (!lesson.patch.expires_at.empty()) members.emplace_back("expires_at", lesson.patch.expires_at);
    if (lesson.patch.uses_left) members.emplace_back("uses_left", *lesson.patch.uses_left);
    patches.emplace_back(std::move(members));
  }
  return json::write(json::object({{"schema", "jobmedic.outcome/1"},
                                   {"job", attempt.job},
                                   {"run", attempt.run},
                                   {"attempt", attempt.attempt},
                                   {"succeeded", attempt.outcome && attempt.outcome->succeeded},
                                   {"what", what},
                                   {"patches", std::move(patches)}}));
}

}  // namespace jobmedic
