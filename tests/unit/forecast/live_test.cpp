#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <csignal>
#include <fstream>

#include "../temporary_folder.hpp"
#include "forecast/live/group.hpp"
#include "jobmedic/error.hpp"
#include "jobmedic/watch.hpp"

using namespace jobmedic;
using namespace jobmedic::forecast;

namespace {

constexpr double mib = 1024 * 1024;

// A root with /proc and /sys as a test wants them.
class Root {
 public:
  void write(const std::string& path, const std::string& text) {
    const std::filesystem::path file = folder_.path() / path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  void process(const std::string& cgroup, const std::string& address_space = "unlimited") {
    write("proc/7/stat", "7 (a) b) S 1 7 7 0 -1 0 1234 0 56 0 100 50 0 0 20 0 3 0 999 0 0\n");
    write("proc/7/status",
          "Name:\ta\nVmSize:\t  40960 kB\nVmRSS:\t  20480 kB\nRssAnon:\t  10240 kB\nRssFile:\t  1024 kB\nRssShmem:\t 0 "
          "kB\n"
          "Threads:\t3\n");
    write("proc/7/limits",
          "Limit                     Soft Limit           Hard Limit           Units\n"
          "Max address space         " +
              address_space + "            unlimited            bytes\n");
    write("proc/7/cgroup", cgroup);
    write("proc/meminfo", "MemTotal:       1048576 kB\nMemFree: 1 kB\nMemAvailable:    524288 kB\n");
  }
  [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("a process under a control group of version 2 is read with its figures") {
  Root root;
  root.process("0::/jobs/a\n");
  root.write("sys/fs/cgroup/jobs/memory.current", "9999\n");
  root.write("sys/fs/cgroup/jobs/memory.max", "max\n");
  root.write("sys/fs/cgroup/jobs/a/memory.current", "52428800\n");
  root.write("sys/fs/cgroup/jobs/a/memory.max", "67108864\n");
  root.write("sys/fs/cgroup/jobs/a/memory.stat", "anon 31457280\nfile 20971520\nshmem 1048576\npgmajfault 12\n");
  root.write("sys/fs/cgroup/jobs/a/memory.events", "low 0\nhigh 0\nmax 5\noom 0\n");
  const auto source = live_process(7, root.path());
  CHECK(source->limit_bytes() == 64 * mib);
  const auto reading = source->read();
  REQUIRE(reading);
  CHECK(reading->usage_bytes == 50 * mib);
  CHECK(reading->cache_bytes == 19 * mib);
  CHECK(reading->group_bytes == 30 * mib);
  CHECK(reading->limit_hits == 5);
  CHECK(reading->group_major_faults == 12);
  CHECK(reading->resident_bytes == 20 * mib);
  CHECK(reading->private_bytes == 10 * mib);
  CHECK(reading->virtual_bytes == 40 * mib);
  CHECK(reading->threads == 3);
  CHECK(reading->minor_faults == 1234);
  CHECK(reading->major_faults == 56);
}

TEST_CASE("the smallest limit among a group of version 1 and its parents holds") {
  Root root;
  root.process("9:cpu:/x\n4:memory:/jobs/a\n0::/\n");
  root.write("sys/fs/cgroup/memory/memory.usage_in_bytes", "1\n");
  root.write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  root.write("sys/fs/cgroup/memory/jobs/memory.usage_in_bytes", "40000000\n");
  root.write("sys/fs/cgroup/memory/jobs/memory.limit_in_bytes", "50000000\n");
  root.write("sys/fs/cgroup/memory/jobs/memory.failcnt", "3\n");
  root.write("sys/fs/cgroup/memory/jobs/memory.stat",
             "cache 1\nrss 1\ntotal_cache 5000000\ntotal_shmem 0\ntotal_rss 30000000\n");
  root.write("sys/fs/cgroup/memory/jobs/a/memory.usage_in_bytes", "1\n");
  root.write("sys/fs/cgroup/memory/jobs/a/memory.limit_in_bytes", "90000000\n");
  const auto source = live_process(7, root.path());
  CHECK(source->limit_bytes() == 5e7);
  const auto reading = source->read();
  REQUIRE(reading);
  CHECK(reading->usage_bytes == 4e7);
  CHECK(reading->cache_bytes == 5e6);
  CHECK(reading->limit_hits == 3);
}

TEST_CASE("a limit of the address space is held against virtual memory, and without any the machine's memory counts") {
  Root root;
  root.process("", "50000000");
  const auto limited = live_process(7, root.path());
  CHECK(limited->limit_bytes() == 5e7);
  CHECK(limited->read()->usage_bytes == 40 * mib);
  root.process("");
  const auto unlimited = live_process(7, root.path());
  CHECK(unlimited->limit_bytes() == 1024 * mib);
  CHECK(unlimited->read()->usage_bytes == 512 * mib);
}

TEST_CASE("a process that ends is told, even where another gets its number") {
  Root root;
  root.process("");
  const auto source = live_process(7, root.path());
  REQUIRE(source->read());
  root.write("proc/7/stat", "7 (a) S 1 7 7 0 -1 0 1234 0 56 0 100 50 0 0 20 0 3 0 1000 0 0\n");
  CHECK_FALSE(source->read());
  CHECK_THROWS_WITH(live_process(8, root.path()), Catch::Contains("no such process"));
  CHECK_THROWS_WITH(live_group(root.path() / "nothing"), Catch::Contains("no control group"));
}

TEST_CASE("a real process is read, and its end is seen") {
  const pid_t child = ::fork();
  if (child == 0) {
    ::pause();
    ::_exit(0);
  }
  const auto source = live_process(child);
  const auto reading = source->read();
  REQUIRE(reading);
  CHECK(reading->resident_bytes > 0);
  CHECK(reading->usage_bytes > 0);
  CHECK(source->limit_bytes() > 0);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  CHECK_FALSE(source->read());
}
