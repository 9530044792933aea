#include "collect/find.hpp"

#include <catch2/catch.hpp>

#include "archives.hpp"
#include "jobmedic/error.hpp"

using namespace jobmedic;
using namespace jobmedic::collect;

namespace {

// "name: part part" for each log.
std::vector<std::string> shown(const std::vector<LogFile>& logs) {
  std::vector<std::string> lines;
  for (const LogFile& log : logs) {
    std::string line = log.name + ":";
    for (const auto& part : log.parts) line += " " + part.filename().string();
    lines.push_back(line);
  }
  return lines;
}

using Lines = std::vector<std::string>;

template <typename Call>
std::string failure(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a folder is its logs by name with their parts; hidden files and documents are none") {
  const TemporaryFolder folder;
  for (const char* name : {"driver.stderr", "driver.stderr.1", "driver.stderr.2.gz", "executor-0.stdout", ".hidden.log",
                           "attempt.json", ".driver.stderr.crc", "job.jar", "deeper/other.log"}) {
    write(folder, name, "x\n");
  }
  CHECK(shown(find_logs(folder.path())) == Lines{"driver.stderr: driver.stderr.2.gz driver.stderr.1 driver.stderr",
                                                 "executor-0.stdout: executor-0.stdout"});
}

TEST_CASE("a folder without logs, or none at all, is an error that names it") {
  const TemporaryFolder folder;
  write(folder, "a.json", "{}");
  CHECK_THAT(failure([&] { find_logs(folder.path()); }), Catch::Contains(folder.path().string() + ": no logs"));
  CHECK_THAT(failure([&] { find_logs(folder.path() / "no"); }), Catch::Contains("no: No such file"));
}

TEST_CASE("a log's file stands for the log with all its parts, whichever of them it names") {
  const TemporaryFolder folder;
  for (const char* name : {"driver.log.2026-11-20.gz", "driver.log", "driver.log2", "driver.out"})
    write(folder, name, "");
  for (const char* name : {"driver.log", "driver.log.2026-11-20.gz"}) {
    CHECK(shown(log_with_parts(folder.path() / name)) == Lines{"driver.log: driver.log.2026-11-20.gz driver.log"});
  }
}

TEST_CASE("Spark's work directory names each process's logs, the driver's first, executors by number") {
  const TemporaryFolder folder;
  for (const char* name :
       {"app-20261121031200-0001/10/stderr", "app-20261121031200-0001/2/stderr", "app-20261121031200-0001/2/stdout",
        "app-20261121031200-0001/2/job.jar", "app-20261121031200-0001/2/stderr--2026-11-21--03-12",
        "driver-20261121031155-0000/stderr", "driver-20261121031155-0000/job.jar"}) {
    write(folder, name, "x\n");
  }
  const Lines executors{"executor-2.stderr: stderr--2026-11-21--03-12 stderr", "executor-2.stdout: stdout",
                        "executor-10.stderr: stderr"};
  Lines all = executors;
  all.insert(all.begin(), "driver.stderr: stderr");
  CHECK(shown(logs_of_work_directory(folder.path())) == all);
  CHECK(shown(find_logs(folder.path())) == all);  // recognised
  CHECK(shown(find_logs(folder.path() / "app-20261121031200-0001")) == executors);
  CHECK(shown(find_logs(folder.path() / "app-20261121031200-0001/")) == executors);
  CHECK(shown(find_logs(folder.path() / "driver-20261121031155-0000")) == Lines{"driver.stderr: stderr"});
}

TEST_CASE("two applications in one work directory are not mixed") {
  const TemporaryFolder folder;
  write(folder, "app-20261121031200-0001/0/stderr", "");
  write(folder, "app-20261122031200-0002/0/stderr", "");
  CHECK_THAT(failure([&] { logs_of_work_directory(folder.path()); }),
             Catch::Contains("holds 2 applications: name one, as in") && Catch::Contains("app-20261122031200-0002"));
}

TEST_CASE("YARN's container logs are named by the container's number") {
  const TemporaryFolder folder;
  write(folder, "application_1700000000000_0001/container_1700000000000_0001_01_000001/syslog", "");
  write(folder, "application_1700000000000_0001/container_e17_1700000000000_0001_01_000012/stderr", "");
  CHECK(shown(find_logs(folder.path())) == Lines{"container-1.log: syslog", "container-12.stderr: stderr"});
}

TEST_CASE("a rolled event log is its parts by number, from the last compaction on") {
  const TemporaryFolder folder;
  const std::string name = "eventlog_v2_app-1/";
  for (const char* part : {"appstatus_app-1", "events_2_app-1.zstd", "events_10_app-1.zstd", "events_1_app-1.zstd"}) {
    write(folder, name + part, "");
  }
  CHECK(shown(find_logs(folder.path() / name)) ==
        Lines{"driver.eventlog: events_1_app-1.zstd events_2_app-1.zstd events_10_app-1.zstd"});
  write(folder, name + "events_2_app-1.zstd.compact", "");
  CHECK(shown(rolled_event_log(folder.path() / name)) ==
        Lines{"driver.eventlog: events_2_app-1.zstd.compact events_10_app-1.zstd"});
  CHECK(shown(find_logs(folder.path())) == shown(rolled_event_log(folder.path() / name)));
}

TEST_CASE("a glob finds files and folders, and says when nothing matches") {
  const TemporaryFolder folder;
  write(folder, "a/0/stderr", "");
  write(folder, "a/1/stderr", "");
  CHECK(shown(logs_of_glob(folder.path().string() + "/a/[01]/std*")) ==
        Lines{"executor-0.stderr: stderr", "executor-1.stderr: stderr"});
  CHECK_THAT(failure([&] { logs_of_glob("/dev/zer[o]"); }), Catch::Contains("no file matches"));
  CHECK_THAT(failure([&] { logs_of_glob(folder.path().string() + "/*.log"); }), Catch::Contains("nothing matches"));
}
