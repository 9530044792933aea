#include "collect/command.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <system_error>
#include <utility>

#include "core/text.hpp"
#include "jobmedic/error.hpp"

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX leaves it to the program

namespace jobmedic::collect {
namespace {

using Clock = std::chrono::steady_clock;

class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { close(); }
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }
  [[nodiscard]] int get() const { return number_; }

 private:
  int number_;
};

[[noreturn]] void fail(std::string_view what, int code) {
  throw Error(Status::io, fmt::format("{}: {}", what, std::generic_category().message(code)));
}

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("a pipe", errno);
    out = Descriptor(ends[0]);
    in = Descriptor(ends[1]);
    ::fcntl(out.get(), F_SETFL, O_NONBLOCK);
  }
  Descriptor out;
  Descriptor in;
};

class FileActions {
 public:
  FileActions() { ::posix_spawn_file_actions_init(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
  posix_spawn_file_actions_t* get() { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

class Attributes {
 public:
  Attributes() {
    ::posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigset_t usual;
    ::sigemptyset(&none);
    ::sigemptyset(&usual);
    for (const int signal : {SIGPIPE, SIGCHLD, SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&usual, signal);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &usual);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

pid_t spawn(const std::vector<std::string>& argv, const Pipe& output, const Pipe& errors) {
  FileActions actions;
  ::posix_spawn_file_actions_addopen(actions.get(), STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(actions.get(), output.in.get(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(actions.get(), errors.in.get(), STDERR_FILENO);
  ::posix_spawn_file_actions_addclosefrom_np(actions.get(), STDERR_FILENO + 1);
  std::vector<char*> arguments;
  arguments.reserve(argv.size() + 1);
  for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));  // as exec wants
  arguments.push_back(nullptr);
  const Attributes attributes;
  pid_t child = 0;
  const int code = ::posix_spawnp(&child, arguments[0], actions.get(), attributes.get(), arguments.data(), environ);
  if (code != 0) fail(argv[0], code);
  return child;
}

// The end of what a program said: lines that say something, not the frames of a stack trace.
std::string last_words(std::string_view said) {
  constexpr std::size_t most_lines = 4;
  constexpr std::size_t most_bytes = 400;
  std::vector<std::string> lines;
  while (!said.empty()) {
    const std::string_view line = said.substr(0, said.find('\n'));
    said.remove_prefix(std::min(line.size() + 1, said.size()));
    const std::size_t begin = line.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos || line.substr(begin).starts_with("at ")) continue;
    lines.push_back(one_line(line.substr(begin)));
  }
  if (lines.size() > most_lines) lines.erase(lines.begin(), lines.end() - most_lines);
  std::string words = join(lines, "; ");
  if (words.size() > most_bytes) words = valid_utf8(words, most_bytes) + "...";
  return words;
}

class Command : public ByteStream {
 public:
  Command(const std::vector<std::string>& argv, Clock::time_point deadline)
      : name_(argv[0]), deadline_(deadline), started_(Clock::now()) {
    Pipe output;
    Pipe errors;
    child_ = spawn(argv, output, errors);
    output_ = std::move(output.out);
    errors_ = std::move(errors.out);
  }
  ~Command() override {
    if (child_ > 0) {
      ::kill(-child_, SIGKILL);
      reap();
    }
  }

  std::size_t read(std::span<char> room) override {
    while (child_ > 0) {
      const bool exited = has_exited();  // asked first: what it wrote before is in the pipes then
      read_errors();
      if (Clock::now() >= deadline_) give_up();  // also one that never stops talking
      const ssize_t count = ::read(output_.get(), room.data(), room.size());
      if (count > 0) return static_cast<std::size_t>(count);
      if (count < 0 && errno != EAGAIN && errno != EINTR) fail(name_, errno);
      if (exited) {
        finish();
        return 0;
      }
      wait(count == 0);
    }
    return 0;
  }

 private:
  // Its process is left as a zombie, so that its group's number stays its own until the group is killed.
  [[nodiscard]] bool has_exited() const {
    siginfo_t info{};
    const int code = ::waitid(P_PID, static_cast<id_t>(child_), &info, WEXITED | WNOHANG | WNOWAIT);
    return code != 0 ? errno != EINTR : info.si_pid == child_;
  }

  void read_errors() {
    constexpr std::size_t kept = std::size_t{8} << 10U;
    std::array<char, 4096> buffer{};
    while (true) {
      const ssize_t count = ::read(errors_.get(), buffer.data(), buffer.size());
      if (count <= 0) return;
      said_.append(buffer.data(), static_cast<std::size_t>(count));
      if (said_.size() > 2 * kept) said_.erase(0, said_.size() - kept);
    }
  }

  // Until there is something to read, or soon: a process's exit is asked for, since its pipes may live on in others.
  void wait(bool output_closed) const {
    constexpr std::chrono::milliseconds soon(20);
    std::array<pollfd, 2> ready{pollfd{output_closed ? -1 : output_.get(), POLLIN, 0},
                                pollfd{errors_.get(), POLLIN, 0}};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - Clock::now());
    const auto time = std::clamp(left, std::chrono::milliseconds(0), soon);
    ::poll(ready.data(), output_closed ? 0 : ready.size(), static_cast<int>(time.count()));
  }

  void finish() {
    ::kill(-child_, SIGKILL);
    const std::optional<int> status = reap();
    if (!status) throw Error(Status::io, fmt::format("{}: the calling program took its exit code away", name_));
    std::string end;
    if (WIFEXITED(*status) && WEXITSTATUS(*status) == 0) return;
    if (WIFEXITED(*status)) end = fmt::format("exited with {}", WEXITSTATUS(*status));
    if (WIFSIGNALED(*status)) end = fmt::format("was ended by signal {}", WTERMSIG(*status));
    throw Error(Status::io, fmt::format("{} {}{}", name_, end, explanation()));
  }

  [[noreturn]] void give_up() {
    ::kill(-child_, SIGKILL);
    reap();
    const double seconds = std::chrono::duration<double>(Clock::now() - started_).count();
    throw Error(Status::io,
                fmt::format("{} was killed after {:.3g} s, its time limit{}", name_, seconds, explanation()));
  }

  [[nodiscard]] std::string explanation() const {
    const std::string words = last_words(said_);
    return words.empty() ? " and said nothing" : ": " + words;
  }

  // None: somebody else in this process waits for all children.
  std::optional<int> reap() {
    int status = 0;
    pid_t code = 0;
    do code = ::waitpid(child_, &status, 0);
    while (code < 0 && errno == EINTR);
    child_ = -1;
    return code < 0 ? std::nullopt : std::optional(status);
  }

  std::string name_;
  Clock::time_point deadline_;
  Clock::time_point started_;
  pid_t child_ = -1;
  Descriptor output_;
  Descriptor errors_;
  std::string said_;
};

}  // namespace

std::unique_ptr<ByteStream> run_command(const std::vector<std::string>& argv, Clock::time_point deadline) {
  return std::make_unique<Command>(argv, deadline);
}

}  // namespace jobmedic::collect
