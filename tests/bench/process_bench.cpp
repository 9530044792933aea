// The tool as a whole process, as a shell or a scheduler starts it: loading, opening the cached rules, reading,
// answering.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <vector>

#include "core/file.hpp"

namespace {

namespace fs = std::filesystem;
constexpr std::size_t megabyte = std::size_t{1} << 20U;

fs::path recorded() {
  const char* folder = std::getenv("JOBMEDIC_TEST_DATA");
  return fs::path(folder != nullptr ? folder : "../shared/data") / "spark-failures";
}

// The beginning of the longest log of a recorded driver; empty where there is none.
std::string one_driver() {
  const fs::path path = recorded() / "s137/driver.stderr";
  return fs::exists(path) ? jobmedic::read_file(path).substr(0, megabyte) : std::string();
}

// 1 MB of the recorded logs, end to end: dozens of failures, each of which has its regexes compiled.
std::string many_failures() {
  const fs::path root = recorded();
  std::vector<fs::path> paths;
  std::error_code ignored;
  for (const auto& entry : fs::recursive_directory_iterator(root, ignored)) {
    if (entry.path().extension() == ".stderr") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::string text;
  for (const fs::path& path : paths) {
    if (text.size() < megabyte) text += jobmedic::read_file(path);
  }
  if (text.size() < megabyte) return {};
  text.resize(megabyte);
  return text;
}

// True where the program ran and ended with 0; its output is thrown away.
bool run(std::vector<std::string> command) {
  std::vector<char*> arguments;
  for (std::string& word : command) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int failed = posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  return failed == 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void time_command(benchmark::State& state, const std::vector<std::string>& command) {
  if (!run(command)) return state.SkipWithError("the command failed");  // also fills the cache of compiled rules
  for (auto _ : state) run(command);
}

// Such a log in a file, as long as the benchmark runs.
class LogFile {
 public:
  explicit LogFile(const std::string& text) {
    if (text.size() < megabyte) return;
    static int files = 0;
    const std::string name = "jobmedic-bench-" + std::to_string(::getpid()) + "-" + std::to_string(++files);
    path_ = fs::temp_directory_path() / (name + ".stderr");
    jobmedic::write_file_atomically(path_, text);
  }
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;
  ~LogFile() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

void classify_process(benchmark::State& state, std::string (*text)()) {
  const LogFile log(text());
  if (log.path().empty()) return state.SkipWithError("no spark-failures under JOBMEDIC_TEST_DATA");
  time_command(state, {JOBMEDIC_TOOL, "classify", "driver.stderr=" + log.path().string()});
}

// Folders as a scheduler keeps them, each with one log of 4 KB.
class Folders {
 public:
  static constexpr std::size_t count = 20'000;

  Folders() {
    const std::string text = one_driver();
    constexpr std::size_t small = 4096;
    for (std::size_t i = 0; i < count && !text.empty(); ++i) {
      const fs::path folder = root_ / std::to_string(i);
      fs::create_directories(folder);
      std::ofstream(folder / "driver.stderr") << text.substr(i * small % (text.size() - small), small);
    }
  }
  Folders(const Folders&) = delete;
  Folders& operator=(const Folders&) = delete;
  ~Folders() {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }
  [[nodiscard]] const fs::path& root() const { return root_; }

 private:
  fs::path root_ = fs::temp_directory_path() / ("jobmedic-bench-folders-" + std::to_string(::getpid()));
};

void classify_folders(benchmark::State& state, bool only_read) {
  static const Folders folders;
  if (!fs::exists(folders.root())) return state.SkipWithError("no spark-failures under JOBMEDIC_TEST_DATA");
  for (auto _ : state) {
    if (!only_read) {
      run({JOBMEDIC_TOOL, "classify", "--jobs", "1", "--each", folders.root().string()});
      continue;
    }
    for (const auto& folder : fs::directory_iterator(folders.root())) {
      for (const auto& log : fs::directory_iterator(folder)) benchmark::DoNotOptimize(jobmedic::read_file(log.path()));
    }
  }
  state.counters["logs/s"] =
      benchmark::Counter(static_cast<double>(Folders::count), benchmark::Counter::kIsIterationInvariantRate);
}

}  // namespace

BENCHMARK_CAPTURE(classify_folders, jobmedic, false)
    ->Name("classify 20,000 folders of one 4 KB log, whole process/jobmedic")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(classify_folders, limit, true)
    ->Name("classify 20,000 folders of one 4 KB log, whole process/limit: reading the files")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(classify_process, one_driver, one_driver)
    ->Name("jobmedic classify of 1 MB, whole process/jobmedic")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(classify_process, many_failures, many_failures)
    ->Name("jobmedic classify of 1 MB, whole process/jobmedic, dozens of failures in it")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(time_command, version, std::vector<std::string>{JOBMEDIC_TOOL, "--version"})
    ->Name("jobmedic classify of 1 MB, whole process/limit: the tool's own start")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
