// A scheduler in one page: runs a command under a memory limit; when it fails, asks jobmedic why, whether to try again
// and with how much memory; tells it how that ended. Once healed, the job's next run starts with what it needs.
//
//   scheduler STORE-URL JOB MEMORY-MIB COMMAND...
//   scheduler sqlite:jobs.db nightly 64 python3 -c 'rows = bytearray(100 << 20)'
//
// Build: see CMakeLists.txt beside this file.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <jobmedic/jobmedic.hpp>
#include <string>
#include <thread>

namespace {

struct Ended {
  int exit_code = 0;  // 128 and the signal's number, where a signal ended it
  double duration_s = 0;
  double peak_rss_bytes = 0;
};

// The member at a JSON Pointer, as JSON text. Your scheduler has a JSON library; here a patch that copies the member
// over the whole document does.
std::string member(const std::string& document, const std::string& pointer) {
  return jobmedic::apply_patch(document, R"([{"op": "copy", "from": ")" + pointer + R"(", "path": ""}])");
}

// Runs the command with at most so much address space; what it writes goes to the file.
Ended run(char** command, const std::string& memory_mib, const std::string& output) {
  const auto started = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) {
    const rlimit limit{std::stoul(memory_mib) << 20U, std::stoul(memory_mib) << 20U};
    const bool redirected =
        std::freopen(output.c_str(), "w", stderr) != nullptr && dup2(STDERR_FILENO, STDOUT_FILENO) >= 0;
    if (redirected && setrlimit(RLIMIT_AS, &limit) == 0) execvp(command[0], command);
    std::perror(command[0]);
    _exit(127);
  }
  int status = 0;
  rusage used{};
  if (child < 0 || wait4(child, &status, 0, &used) != child) throw std::runtime_error("the command cannot be run");
  const std::chrono::duration<double> duration = std::chrono::steady_clock::now() - started;
  return {WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status), duration.count(),
          static_cast<double>(used.ru_maxrss) * 1024};
}

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// One run of the job: as many tries as jobmedic finds worth their while.
bool heal(jobmedic::Engine& engine, jobmedic::Attempt attempt, char** command) {
  const std::string log_file = attempt.job + ".log";
  const std::string asked_for = attempt.config;
  for (;; ++attempt.attempt) {
    attempt.outcome.reset();
    // What this try is to run with: the job's own configuration, and what was learned since.
    attempt.config = asked_for;
    attempt.config = engine.get_config(attempt).config;
    const std::string memory_mib = member(attempt.config, "/memory_mib");
    const Ended ended = run(command, memory_mib, log_file);
    attempt.duration_s = ended.duration_s;
    attempt.metrics["peak_rss_bytes"] = ended.peak_rss_bytes;
    attempt.outcome = jobmedic::Outcome{ended.exit_code == 0, {}, ended.exit_code, "", ""};
    std::cout << "try " << attempt.attempt << " with " << memory_mib << " MiB: exit code " << ended.exit_code << "\n";
    if (attempt.outcome->succeeded) {
      engine.record_outcome(attempt);  // keeps the patch that it ran with
      return true;
    }
    // A failure is recorded with its remediation, and retires the patches that did not help.
    const std::string text = read(log_file);
    const jobmedic::Log log{"job.log", text};
    const std::string answer = engine.remediate(attempt, {&log, 1});
    std::cout << "  " << member(answer, "/retry/reason") << "\n";
    if (member(answer, "/retry/restart") != "true") return false;
    std::this_thread::sleep_for(std::chrono::duration<double>(std::stod(member(answer, "/retry/after_s"))));
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 5) {
    std::cerr << "usage: scheduler STORE-URL JOB MEMORY-MIB COMMAND...\n";
    return 2;
  }
  try {
    // One engine per process is enough: it is safe from any number of threads.
    jobmedic::Engine engine(R"({"store": ")" + std::string(arguments[1]) + R"("})");
    jobmedic::Attempt attempt;
    attempt.job = arguments[2];
    attempt.run = std::to_string(std::time(nullptr)) + "-" + std::to_string(getpid());  // yours has a date or a number
    attempt.engine = "local";  // has no parameter space of its own: memory_mib and cores serve
    attempt.config = R"({"memory_mib": )" + std::string(arguments[3]) + "}";
    return heal(engine, attempt, arguments + 4) ? 0 : 1;
  } catch (const std::exception& problem) {
    std::cerr << "scheduler: " << problem.what() << "\n";
    return 1;
  }
}
