#include "collect/command.hpp"

#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>
#include <thread>

#include "archives.hpp"
#include "jobmedic/error.hpp"

using namespace jobmedic;
using namespace jobmedic::collect;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

struct Ran {
  std::string output;
  std::string error;
  Clock::duration time{};
};

Ran run(const std::vector<std::string>& argv, Clock::duration limit = 30s) {
  Ran ran;
  const auto began = Clock::now();
  try {
    std::string buffer(1000, '\0');
    const auto stream = run_command(argv, began + limit);
    while (const std::size_t count = stream->read(buffer)) ran.output.append(buffer, 0, count);
  } catch (const Error& error) {
    ran.error = error.what();
  }
  ran.time = Clock::now() - began;
  return ran;
}

bool alive(pid_t process) {
  return ::kill(process, 0) == 0;
}

}  // namespace

TEST_CASE("a command's output comes whole, its arguments reach it unchanged and without a shell") {
  const Ran ran = run({"printf", "%s|", "a b", "$HOME; id", "*", ""});
  CHECK(ran.output == "a b|$HOME; id|*||");
  CHECK(ran.error.empty());
  CHECK(run({"seq", "1", "200000"}).output.size() == 1288895);
}

TEST_CASE("a command that fails tells its exit code and the end of what it said, after its output") {
  const Ran ran = run({"sh", "-c",
                       "echo some; echo WARN old >&2; echo 'Error: no such application' >&2; "
                       "printf '\\tat a.B(C.java:1)\\n' >&2; exit 7"});
  CHECK(ran.output == "some\n");
  CHECK(ran.error == "sh exited with 7: WARN old; Error: no such application");
  CHECK(run({"sh", "-c", "kill -9 $$"}).error == "sh was ended by signal 9 and said nothing");
  CHECK(run({"sh", "-c", "echo fine >&2"}).error.empty());
}

TEST_CASE("a command that is not there is said so") {
  CHECK(run({"no-such-program-here"}).error == "no-such-program-here: No such file or directory");
}

TEST_CASE("at the deadline the whole process group is killed, with what it said until then kept") {
  const TemporaryFolder folder;
  const std::string pids = (folder.path() / "pids").string();
  const Ran ran = run({"sh", "-c", "sleep 60 & echo $! > " + pids + "; echo begun; echo slow >&2; wait"}, 500ms);
  CHECK(ran.output == "begun\n");
  CHECK_THAT(ran.error, Catch::Contains("sh was killed after 0.5") && Catch::Contains("its time limit: slow"));
  CHECK(ran.time < 10s);
  pid_t sleeper = 0;
  std::ifstream(pids) >> sleeper;
  REQUIRE(sleeper > 0);
  for (int i = 0; i < 100 && alive(sleeper); ++i) std::this_thread::sleep_for(20ms);
  // Killed; whether it was also reaped is the business of whoever inherited it.
  std::string state;
  std::ifstream stat("/proc/" + std::to_string(sleeper) + "/stat");
  std::getline(stat, state);
  CHECK((state.empty() || state.find(") Z") != std::string::npos));
}

TEST_CASE("a command ends when it exits, though a child of it keeps its output open") {
  const Ran ran = run({"sh", "-c", "sleep 60 & echo done"});
  CHECK(ran.output == "done\n");
  CHECK(ran.error.empty());
  CHECK(ran.time < 10s);
}

TEST_CASE("a command that closes its output and goes on is waited for") {
  const Ran ran = run({"sh", "-c", "exec >&-; sleep 0.2; exit 3"});
  CHECK(ran.error == "sh exited with 3 and said nothing");
}

TEST_CASE("a command gets no descriptor but the standard ones, and no input") {
  CHECK(run({"sh", "-c", "cat; ls /proc/self/fd | wc -l"}).output == "4\n");  // the fourth is the listing itself
}
