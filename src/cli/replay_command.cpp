// jobmedic replay: what the policies, and a model trained on the other jobs, would have done with recorded failures.
#include "cli/arguments.hpp"
#include "cli/page.hpp"
#include "cli/progress.hpp"
#include "cli/replay_page.hpp"
#include "cli/session.hpp"
#include "jobmedic/replay.hpp"

namespace jobmedic::cli {
namespace {

constexpr const char* lesson = R"(
What another configuration would have done is read from the history itself:
  a grid    labels.grid: runs of the same job and labels.input with other settings. A retry works with at least
            the least memory that worked, all else equal, and costs by the recorded prices. Other settings are
            answered by the nearest recorded ones that tell.
  peaks     labels.peak names a metric, in bytes: what a successful run needed of its memory. It fails with less;
            its failed try is drawn log-uniform in [peak/8, peak).
  retries   later tries of the same run: what they did, whatever they were given.

The jobs are dealt into folds; a model judges only jobs it was not trained on.
  cold      it sees the failed attempt and the tries of its run
  warm      it also sees the job's runs that had ended by then
  oracle    the cheapest recorded setting that works; a policy's cost counts every retry, those that failed, too
  beyond    how much more is healed at the first retry than a mix of the baselines heals for the same money: of the
            fixed ones, and of these and our own fallback, which reads the verdict

--format json also tells it job by job (by_job).

Policies: model, fallback, unchanged, maximum, double, xFACTOR (x3), +MIB (+500). Without --policy: the usual ones.

Examples:
  jobmedic replay --store sqlite:jobmedic.db
  jobmedic replay --store sqlite:jobmedic.db --policy double --policy x3 --policy model --folds 10 --seed 7
  jobmedic replay --store sqlite:containers.db --engine generic --failures 1000 --format json)";

struct Options {
  std::string store;
  std::string engine = "spark";
  std::string space;
  std::string weights;
  ReplayOptions replay;
};

std::vector<Attempt> history_of(const Store& store) {
  std::vector<Attempt> attempts;
  store.each_attempt([&](const Attempt& attempt) { attempts.push_back(attempt); });
  return attempts;
}

void run(const Options& options, const Session& session) {
  const Space space = read_space(options.space, options.engine);
  ReplayOptions replay_options = options.replay;
  // A replay that a slow machine changes tells nothing: only a policy file sets a deadline.
  replay_options.policy.deadline = std::chrono::hours(1);
  if (!options.weights.empty()) {
    replay_options.policy = read_as(options.weights, [](const std::string& text) { return Policy::parse(text); });
  }
  std::string document;
  {
    Progress progress;
    replay_options.progress = [&](double done, std::string_view what) { progress.show(done, what); };
    document = replay(history_of(*existing_store(options.store, true)), space, replay_options);
  }
  session.answer(document, [&] { return replay_page(document); });
}

}  // namespace

void add_replay_command(CLI::App& app, Session& session) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = session.command(
      app, "replay", "Say what each policy would have healed of the recorded failures, and at what cost.", "");
  command->footer(lesson);
  add_store(command, options->store);
  ReplayOptions& replay = options->replay;
  command->add_option("--policy", replay.policies, "what is compared; repeatable (default: the usual ones)")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command->add_option("--seed", replay.seed, "of folds, drawn failures, training and bootstrap")
      ->capture_default_str()
      ->type_name("N");
  command->add_option("--folds", replay.folds, "jobs are dealt into so many")
      ->capture_default_str()
      ->check(CLI::Range(2, 100));
  command->add_option("--tries", replay.tries, "retries of a failure")->capture_default_str()->check(CLI::Range(1, 20));
  command->add_option("--bootstrap", replay.bootstrap, "resamples of the jobs, for the intervals")
      ->capture_default_str()
      ->check(CLI::Range(0, 1'000'000));
  command->add_option("--failures", replay.most_failures, "so many, drawn at random (default: all)")->type_name("N");
  command->add_option("--memory", replay.memory, "what the multipliers multiply (default: the first that varied)")
      ->type_name("PARAMETER");
  command->add_option("--engine", options->engine, "whose configuration it is")->capture_default_str();
  command->add_option("--space", options->space, "what may be changed (default: the engine's own)")->type_name("FILE");
  command
      ->add_option("--weights", options->weights, "how to weigh failure against money: a JSON object, as for recommend")
      ->type_name("FILE");
  session.on(command, [options, &session] { run(*options, session); });
}

}  // namespace jobmedic::cli
