// jobmedic classify: only rules and scanner are made here; neither store nor model, so that it starts fast.
#include "cli/arguments.hpp"
#include "cli/bulk_classify.hpp"
#include "cli/logs.hpp"
#include "cli/secret_options.hpp"
#include "cli/session.hpp"
#include "cli/verdict_page.hpp"

namespace jobmedic::cli {
namespace {

struct Options {
  std::vector<std::string> rules;
  std::string attempt;
  LogOptions logs;
  SecretOptions secrets;
  BulkOptions bulk;
};

Classifier open_classifier(const Options& options) {
  ClassifierOptions masking;
  masking.secrets = secret_mask(options.secrets);
  return Classifier(read_rules(options.rules), masking);
}

void classify(const Options& options, const Session& session) {
  if (options.bulk.jobs > 0) {
    if (options.logs.logs.empty()) throw CLI::RequiredError("a folder or a log");
    BulkOptions bulk = options.bulk;
    bulk.paths = options.logs.logs;
    classify_in_bulk(open_classifier(options), bulk);
    return;
  }
  const Logs logs = find_logs(options.logs);
  std::optional<Attempt> attempt;
  if (!options.attempt.empty()) attempt = read_attempt(options.attempt);
  const Classifier classifier = open_classifier(options);
  const Attempt* failed = attempt ? &*attempt : nullptr;
  const Classification verdict = read_logs(classifier.scan(failed), logs, failed);
  session.answer(verdict.to_json(), [&] { return verdict_page(verdict); });
}

}  // namespace

void add_classify_command(CLI::App& app, Session& session) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = session.command(app, "classify", "Say which rule explains a failure, and show the log line.",
                                      "jobmedic classify driver.stderr executor-0.stderr=/tmp/exec.log\n"
                                      "  jobmedic classify --jobs 4 --each /var/failures > verdicts.jsonl");
  add_rules(command, options->rules);
  auto* attempt = command->add_option("--attempt", options->attempt,
                                      "the failed attempt, for rules and log sources that ask about it");
  attempt->type_name("FILE");
  auto* jobs = command->add_option(
      "--jobs", options->bulk.jobs,
      "bulk: each argument is one failure, a folder of logs or a log; N at a time. One JSON line each, in the order "
      "given, with \"path\", or \"error\" where it could not be read. A folder's attempt.json is its attempt, else "
      "\"exit_code\" in its meta.json. - reads paths from standard input, one a line");
  jobs->check(CLI::Range(1, 1024))->type_name("N")->excludes(attempt);
  command->add_flag("--each", options->bulk.each, "with --jobs: the sub-folders of the folders given are the failures")
      ->needs(jobs);
  add_secrets(command, options->secrets);
  add_collector(command, options->logs)->excludes(jobs);
  command->add_option("logs", options->logs.logs, log_help)->type_name("LOG");
  session.on(command, [options, &session] { classify(*options, session); });
}

}  // namespace jobmedic::cli
