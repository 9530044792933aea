// jobmedic outcome record: what became of a retry, and what it teaches.
#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/page.hpp"
#include "cli/secret_options.hpp"
#include "cli/session.hpp"
#include "jobmedic/engine.hpp"
#include "json/value.hpp"

namespace jobmedic::cli {
namespace {

struct Options {
  std::string store;
  std::string file;
  Attempt given;  // in place of a file
  bool succeeded = false;
  bool failed = false;
  std::optional<double> cost_usd;
  std::optional<std::int64_t> exit_code;
  std::string loop;
  OutcomeOptions outcome;
  SecretOptions secrets;
};

Attempt attempt_of(const Options& options) {
  if (!options.file.empty()) return read_attempt(options.file);
  if (options.given.job.empty() || options.succeeded == options.failed) {
    throw Error(Status::invalid_argument,
                "an outcome is an attempt's file, or --job, --run, --attempt and either --succeeded or --failed");
  }
  Attempt attempt = options.given;
  attempt.outcome = Outcome{options.succeeded, options.cost_usd, options.exit_code, "", ""};
  return attempt;
}

Engine engine_of(const Options& options) {
  json::Object config{{"store", options.store}, {"shipped_rules", false}};  // no log is read here
  if (!options.loop.empty()) {
    config.emplace_back("loop", read_as(options.loop, [](const std::string& text) {
                          static_cast<void>(LoopPolicy::parse(text));
                          return json::parse(text);
                        }));
  }
  const auto& files = options.secrets.files;
  config.emplace_back(
      "secrets", json::object({{"mask", !options.secrets.show}, {"files", json::Array(files.begin(), files.end())}}));
  return Engine(json::write(config));
}

std::string lesson_words(const Lesson& lesson, const std::string& job) {
  const std::string id = "patch " + lesson.patch.id;
  if (lesson.learnt == "left") return fmt::format("{} stays as it is: {}", id, lesson.reason);
  if (lesson.learnt == "retired") return fmt::format("{} retired, it is applied no more: {}", id, lesson.reason);
  const std::string until = lesson.patch.expires_at.empty() ? "" : " until " + lesson.patch.expires_at;
  const std::string uses = lesson.patch.uses_left ? fmt::format("; {} uses left", *lesson.patch.uses_left) : "";
  return fmt::format("{} {} for {}{}{}: {}", id, lesson.learnt, job, until, uses, lesson.reason);
}

std::string outcome_page(const RecordedOutcome& outcome) {
  const Attempt& attempt = outcome.attempt;
  Page page;
  page.line(fmt::format("attempt {} of {} {}: {}", attempt.attempt, attempt.job,
                        attempt.outcome->succeeded ? "succeeded" : "failed",
                        outcome.what == "known" ? "this was recorded already" : outcome.what));
  if (outcome.lessons.empty()) page.line("It ran with no stored patch.");
  for (const Lesson& lesson : outcome.lessons) page.line(lesson_words(lesson, attempt.job));
  return page.str();
}

void record(const Options& options, const Session& session) {
  const Attempt attempt = attempt_of(options);
  const RecordedOutcome outcome = engine_of(options).record_outcome(attempt, options.outcome);
  session.answer(outcome.to_json(), [&] { return outcome_page(outcome); });
}

}  // namespace

void add_outcome_command(CLI::App& app, Session& session) {
  CLI::App* group = Session::group(app, "outcome", "What became of a retry.");
  const auto options = std::make_shared<Options>();
  CLI::App* command = session.command(
      *group, "record",
      "Record how an attempt ended, count the patches it ran with, and keep or retire those that jobmedic made.",
      "jobmedic outcome record --store sqlite:jobmedic.db --job nightly --run 2026-11-21 --attempt 2 --succeeded "
      "--cost-usd 1.1\n  jobmedic outcome record attempt-2.json --store sqlite:jobmedic.db");
  CLI::Option* file =
      command
          ->add_option("file", options->file, "the attempt with its outcome (jobmedic.attempt/1); - is standard input")
          ->type_name("FILE");
  add_store(command, options->store);
  command->add_option("--job", options->given.job, "in place of a file: which job")->excludes(file);
  command->add_option("--run", options->given.run, "which run")->excludes(file);
  command->add_option("--attempt", options->given.attempt, "which try of the run, counted from 1")
      ->check(CLI::PositiveNumber)
      ->excludes(file)
      ->type_name("N");
  command->add_flag("--succeeded", options->succeeded, "it ended well")->excludes(file);
  command->add_flag("--failed", options->failed, "it did not")->excludes(file);
  command->add_option("--cost-usd", options->cost_usd, "what this try cost")
      ->check(CLI::NonNegativeNumber)
      ->excludes(file);
  command->add_option("--duration-s", options->given.duration_s, "how long it took, in seconds")
      ->check(CLI::NonNegativeNumber)
      ->excludes(file);
  command->add_option("--exit-code", options->exit_code, "of the job's main process")->excludes(file);
  command
      ->add_option("--loop", options->loop,
                   "keep_successful_days (30), retire_failed (true): a JSON object, as for remediate")
      ->type_name("FILE");
  command->add_flag("--correct", options->outcome.correct, "replace an outcome that says otherwise; needs --reason");
  add_author(command, options->outcome.author);
  add_secrets(command, options->secrets);
  session.on(command, [options, &session] { record(*options, session); });
}

}  // namespace jobmedic::cli
