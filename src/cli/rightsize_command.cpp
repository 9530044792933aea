// jobmedic rightsize: what succeeds, with less; and what that would have saved on recorded workflows.
#include <fmt/format.h>

#include <filesystem>

#include "cli/arguments.hpp"
#include "cli/progress.hpp"
#include "cli/rightsize_page.hpp"
#include "cli/session.hpp"
#include "jobmedic/engine.hpp"
#include "jobmedic/rightsize_replay.hpp"
#include "json/value.hpp"

namespace jobmedic::cli {
namespace {

struct ReplayOptions {
  std::vector<std::string> files;
  RightsizeReplayOptions replay;
};

// "trace_methylseq.csv" is of methylseq.
std::string workflow_of(const std::string& path) {
  std::string name = std::filesystem::path(path).stem().string();
  return name.starts_with("trace_") ? name.substr(6) : name;
}

void replay(ReplayOptions options, const Session& session) {
  std::vector<Trace> traces;
  for (const std::string& path : options.files) traces.push_back({workflow_of(path), read_text(path)});
  std::string document;
  {
    Progress progress;
    options.replay.progress = [&](double done, std::string_view what) { progress.show(done, what); };
    document = replay_rightsizing(traces, options.replay);
  }
  session.answer(document, [&] { return rightsize_replay_page(document); });
}

struct Options {
  std::string store;
  std::string job;
  std::string attempt;
  std::string space;
  std::string policy;
  std::string loop;
  bool apply = false;
  bool dry_run = false;
};

json::Value object_in(const std::string& path) {
  return path.empty() ? json::Value(json::Object()) : json::parse(read_json(path));
}

std::vector<std::string> jobs_in(const Store& store) {
  std::vector<std::string> jobs;
  store.each_job([&](std::span<const Attempt> attempts) {
    if (jobs.empty() || jobs.back() != attempts.front().job) jobs.push_back(attempts.front().job);
  });
  return jobs;
}

// The job's last attempt without outcome and metrics: what stands for the next one where nobody describes it.
Attempt next_of(const Store& store, const std::string& job) {
  auto last = store.last_attempt(job);
  if (!last) throw Error(Status::invalid_argument, fmt::format("{} knows no job \"{}\"", store.url(), job));
  last->outcome.reset();
  last->metrics.clear();
  last->duration_s.reset();
  last->document.clear();
  return *std::move(last);
}

// One answer for one job, a list for all.
void rightsize(const Options& options, const Session& session) {
  if (options.store.empty()) throw Error(Status::invalid_argument, "--store is needed: whose history it is");
  const std::unique_ptr<Store> store = existing_store(options.store, true);
  json::Object config{{"schema", "jobmedic.engine/1"},
                      {"shipped_rules", false},
                      {"store", options.store},
                      {"loop", object_in(options.loop)},
                      {"rightsize", object_in(options.policy)}};
  if (!options.space.empty()) config.emplace_back("space", options.space);
  Engine engine(json::write(config));
  std::vector<Rightsizing> answers;
  if (!options.attempt.empty()) {
    answers.push_back(engine.rightsize(read_attempt(options.attempt), options.apply));
  } else {
    const std::vector<std::string> jobs = options.job.empty() ? jobs_in(*store) : std::vector{options.job};
    for (const std::string& job : jobs) answers.push_back(engine.rightsize(next_of(*store, job), options.apply));
  }
  std::string document;
  if (!options.attempt.empty() || !options.job.empty()) {
    document = answers.front().to_json();
  } else {
    json::Array all;
    for (const Rightsizing& answer : answers) all.push_back(json::parse(answer.to_json()));
    document = json::write(json::object({{"schema", "jobmedic.rightsizings/1"}, {"jobs", std::move(all)}}));
  }
  session.answer(document, [&] { return rightsize_page(answers); });
}

std::shared_ptr<ReplayOptions> add_replay(CLI::App& rightsize, Session& session) {
  auto options = std::make_shared<ReplayOptions>();
  CLI::App* command = session.command(
      rightsize, "replay", "What right-sizing and published methods would have wasted on traces of Nextflow workflows.",
      "jobmedic rightsize replay trace_rnaseq.csv trace_chipseq.csv --seed 1996 --seed 1997");
  command
      ->add_option("file", options->files, "Nextflow's trace in CSV: process, rchar, rss, peak_rss, memory, realtime")
      ->required()
      ->type_name("FILE");
  command->add_option("--seed", options->replay.seeds, "of the division and the order; repeatable")
      ->capture_default_str()
      ->type_name("N")
      ->allow_extra_args(false);
  return options;
}

}  // namespace

void add_rightsize_command(CLI::App& app, Session& session) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = session.command(
      app, "rightsize", "Give jobs that succeed what they need, and no more: from the peaks of their finished runs.",
      "jobmedic rightsize --store sqlite:jobmedic.db                       what every job could do with\n"
      "  jobmedic rightsize --store sqlite:jobmedic.db --attempt next.json --apply   before each run of a job");
  command->require_subcommand(0, 1);
  command->add_option("--store", options->store, "whose history it is, and where patches are kept")->type_name("URL");
  command->add_option("--job", options->job, "this job only")->type_name("NAME");
  command
      ->add_option("--attempt", options->attempt,
                   "the run about to start (jobmedic.attempt/1); its metrics input_* are used")
      ->type_name("FILE");
  command->add_option("--space", options->space, "what may be changed (default: the engine's own)")->type_name("FILE");
  command
      ->add_option("--policy", options->policy, "max_failure_probability, max_slowdown, least_runs, ...: a JSON object")
      ->type_name("FILE");
  command->add_option("--loop", options->loop, "mode, rollout_percent, ...: a JSON object, as for remediate")
      ->type_name("FILE");
  auto* apply = command->add_flag("--apply", options->apply, "save what is recommended as a patch");
  command->add_flag("--dry-run", options->dry_run, "save nothing, which is the default")->excludes(apply);
  const auto replayed = add_replay(*command, session);
  session.on(command, [options, replayed, command, &session] {  // the last callback to run is the group's
    if (command->got_subcommand("replay")) {
      replay(*replayed, session);
    } else {
      rightsize(*options, session);
    }
  });
}

}  // namespace jobmedic::cli
