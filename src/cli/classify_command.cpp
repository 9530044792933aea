// jobmedic classify: only rules and scanner are made here; neither store nor model, so that it starts fast.
#include "cli/arguments.hpp"
#include "cli/logs.hpp"
#include "cli/session.hpp"
#include "cli/verdict_page.hpp"

namespace jobmedic::cli {
namespace {

struct Options {
  std::vector<std::string> rules;
  std::string attempt;
  LogOptions logs;
};

void classify(const Options& options, const Session& session) {
  const Logs logs = find_logs(options.logs);
  std::optional<Attempt> attempt;
  if (!options.attempt.empty()) attempt = read_attempt(options.attempt);
  const Classifier classifier(read_rules(options.rules));
  const Attempt* failed = attempt ? &*attempt : nullptr;
  const Classification verdict = read_logs(classifier.scan(failed), logs, failed);
  session.answer(verdict.to_json(), [&] { return verdict_page(verdict); });
}

}  // namespace

void add_classify_command(CLI::App& app, Session& session) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = session.command(app, "classify", "Say which rule explains a failure, and show the log line.",
                                      "jobmedic classify driver.stderr executor-0.stderr=/tmp/exec.log");
  add_rules(command, options->rules);
  command->add_option("--attempt", options->attempt, "the failed attempt, for rules and log sources that ask about it")
      ->type_name("FILE");
  add_collector(command, options->logs);
  command->add_option("logs", options->logs.logs, log_help)->type_name("LOG");
  session.on(command, [options, &session] { classify(*options, session); });
}

}  // namespace jobmedic::cli
