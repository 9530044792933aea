// jobmedic forecast watch: reads what lives, and warns before the kernel kills it.
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstring>
#include <thread>

#include "cli/arguments.hpp"
#include "cli/forecast_options.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"
#include "jobmedic/watch.hpp"
#include "json/value.hpp"

namespace jobmedic::cli {
namespace {

using namespace forecast;

constexpr int warned = 3;

constexpr const char* lesson = R"(
It ends with what it watches: exit code 0 where it never warned, 3 where it did (--once: at the first warning).
A warning is one line, and --exec COMMAND: run by /bin/sh, with JOBMEDIC_PID, JOBMEDIC_LEVEL (1 to 4: within five to two
minutes), JOBMEDIC_PROBABILITY and JOBMEDIC_WORKING_SET, JOBMEDIC_LIMIT (bytes) in its environment. The command may free
a cache, lower the quality, save what must not be lost. It is not run again within --pause seconds.

A model learns how sessions of its recording grow. A process that lives faster than those is watched with --speed: its
second counts as so many.

Examples:
  jobmedic forecast watch --pid 4711 --exec 'kill -USR1 $JOBMEDIC_PID'
  jobmedic forecast watch --model forecast.safetensors --cgroup /sys/fs/cgroup/system.slice/app.service --once)";

struct Options {
  ForecastModel model;
  std::string cgroup, command;
  int pid = 0;
  double every = 15, speed = 1, pause = 60;
  bool once = false;
};

// Waits for it, so that two never run at a time. What it prints goes where ours goes.
int run_command(const Options& options, const std::vector<std::string>& environment) {
  const pid_t child = ::fork();
  if (child < 0) {
    throw Error(Status::io, fmt::format("--exec: {}", std::strerror(errno)), fmt::format(R"({{"errno": {}}})", errno));
  }
  if (child == 0) {
    for (const std::string& setting : environment) ::putenv(const_cast<char*>(setting.c_str()));
    ::execl("/bin/sh", "sh", "-c", options.command.c_str(), nullptr);
    ::_exit(127);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

class Watch {
 public:
  Watch(const Options& options, const Session& session)
      : options_(options),
        session_(session),
        forecaster_(read_forecaster(options.model)),
        source_(options.pid > 0 ? live_process(options.pid) : live_group(options.cgroup)) {}

  int run() {
    const double limit = source_->limit_bytes();
    if (std::isnan(limit)) {
      throw Error(Status::invalid_argument,
                  fmt::format("{}: nothing can be foretold without a limit", source_->description()));
    }
    forecast::Session state = forecaster_->begin({{}, limit, unknown});
    while (std::optional<Reading> reading = source_->read()) {
      const double now = reading->time_s;
      reading->time_s *= options_.speed;
      if (!std::isnan(reading->cpu_s)) reading->cpu_s *= options_.speed;
      const Forecast answer = forecaster_->update(state, *reading);
      if (answer.alert && answer.accepted && !(now - last_warning_ < options_.pause)) {
        last_warning_ = now;
        warn(answer, *reading, forecaster_->reasons(state));
        if (options_.once) break;
      }
      std::this_thread::sleep_for(std::chrono::duration<double>(options_.every));
    }
    return warnings_ > 0 ? warned : 0;
  }

 private:
  void warn(const Forecast& answer, const Reading& reading, const std::vector<Reason>& reasons) {
    ++warnings_;
    const double used = std::isnan(reading.usage_bytes)
                            ? reading.resident_bytes
                            : reading.usage_bytes - (reading.cache_bytes > 0 ? reading.cache_bytes : 0);
    const double limit = source_->limit_bytes();
    json::Array because;
    std::string words;
    for (const Reason& reason : reasons) {
      because.emplace_back(
          json::object({{"feature", reason.feature}, {"value", reason.value}, {"logit", reason.logit}}));
      words += fmt::format("{}{} {:.3g}", words.empty() ? "" : ", ", reason.feature, reason.value);
    }
    const std::string document = json::write(json::object({{"schema", "jobmedic.forecast_warning/1"},
                                                           {"level", answer.level},
                                                           {"probability", answer.probability},
                                                           {"seconds", answer.seconds / options_.speed},
                                                           {"working_set_bytes", used},
                                                           {"limit_bytes", limit},
                                                           {"limit", source_->description()},
                                                           {"reasons", std::move(because)}}));
    session_.answer(document, [&] {
      return fmt::format("level {}: killed within five minutes with probability {:.2f}; {:.0f} % of {} used ({})\n",
                         answer.level, answer.probability, 100 * used / limit, source_->description(), words);
    });
    if (options_.command.empty()) return;
    const int code = run_command(
        options_, {fmt::format("JOBMEDIC_PID={}", options_.pid), fmt::format("JOBMEDIC_LEVEL={}", answer.level),
                   fmt::format("JOBMEDIC_PROBABILITY={:.4f}", answer.probability),
                   fmt::format("JOBMEDIC_WORKING_SET={:.0f}", used), fmt::format("JOBMEDIC_LIMIT={:.0f}", limit)});
    if (code != 0) print_error(fmt::format("--exec ended with {}", code));
  }

  const Options& options_;
  const Session& session_;
  std::shared_ptr<const Forecaster> forecaster_;
  std::unique_ptr<LiveSource> source_;
  double last_warning_ = unknown;
  int warnings_ = 0;
};

}  // namespace

void add_forecast_watch_command(CLI::App& group, Session& session) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = session.command(group, "watch", "Warn before a living process or control group is killed.", "");
  command->footer(lesson);
  add_forecast_model(command, options->model);
  CLI::Option* pid =
      command->add_option("--pid", options->pid, "the process")->check(CLI::PositiveNumber)->type_name("PID");
  CLI::Option* cgroup =
      command->add_option("--cgroup", options->cgroup, "the folder of a control group, v1 or v2")->type_name("FOLDER");
  pid->excludes(cgroup);
  command->add_option("--every", options->every, "seconds between readings")
      ->capture_default_str()
      ->check(CLI::Range(0.01, 3600.0));
  command->add_option("--speed", options->speed, "one second counts as so many of the model's")
      ->capture_default_str()
      ->check(CLI::Range(0.001, 100000.0));
  command->add_option("--exec", options->command, "run at a warning")->type_name("COMMAND");
  command->add_option("--pause", options->pause, "seconds after a warning without another")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1e6));
  command->add_flag("--once", options->once, "end at the first warning");
  session.on(command, [options, &session] {
    if (options->pid == 0 && options->cgroup.empty()) {
      throw Error(Status::invalid_argument, "what shall be watched? --pid PID or --cgroup FOLDER");
    }
    session.set_exit_code(Watch(*options, session).run());
  });
}

}  // namespace jobmedic::cli
