// A disk that fills up, or on which an operation fails: the caller gets an error of the right kind, what was
// acknowledged is there, once, and the store goes on when the disk does.
#include <catch2/catch.hpp>
#include <cstdlib>

#include "faulty_vfs.hpp"
#include "json/value.hpp"
#include "workload.hpp"

using namespace jobmedic;

namespace {

// How far two moments to fail lie apart: every one of them takes its time.
std::size_t stride(std::size_t some) {
  return std::getenv("JOBMEDIC_ALL_RUNS") != nullptr ? 1 : some;
}

std::string kind_of(const Error& error) {
  const json::Value detail = json::parse(error.detail());
  const json::Value* kind = detail.find("kind");
  return kind == nullptr ? "none" : *kind->as<std::string>();
}

// The whole workload on a disk that was told how to fail. Once it is mended the same store goes on, or another where it
// could not be opened. False where nothing failed.
bool gets_over(FaultyDisk& disk, const Workload& workload, const std::string& kind) {
  const Scratch scratch;
  const FaultyVfs vfs(disk);
  std::unique_ptr<Store> store;
  std::size_t acknowledged = 0;
  const auto work = [&] {
    if (!store) store = Store::open(scratch.url());
    for (; acknowledged < workload.size(); ++acknowledged) Workload::step(*store, acknowledged);
  };
  try {
    work();
  } catch (const Error& error) {
    INFO(error.what() << " " << error.detail());
    CHECK(disk.struck());
    CHECK(kind_of(error) == kind);
  }
  const bool failed = disk.struck();
  disk.mend();
  if (store) acknowledged = workload.steps_in(*store, acknowledged);
  work();
  store.reset();
  CHECK(workload.steps_in(*Store::open(scratch.url()), acknowledged) == workload.size());
  CHECK(scratch.intact());
  return failed;
}

}  // namespace

TEST_CASE("whichever operation of the disk fails, once or for good, it is an error and nothing is lost", "[sqlite]") {
  const Workload workload(16);
  for (const bool for_good : {false, true}) {
    std::size_t failures = 0;
    bool failed = true;
    for (std::size_t number = 1; failed; number += stride(5)) {
      INFO("operation " << number << (for_good ? " and all after it" : ""));
      FaultyDisk disk(number);
      for_good ? disk.fail_from(number) : disk.fail_at(number);
      failed = gets_over(disk, workload, "io");
      failures += failed ? 1 : 0;
    }
    CHECK(failures > 50);
  }
}

TEST_CASE("wherever the disk fills up, it is an error that says so and nothing is lost", "[sqlite]") {
  const Workload workload(16);
  std::size_t failures = 0;
  bool failed = true;
  for (std::size_t bytes = 0; failed; bytes += 509 * stride(11)) {
    INFO("full after " << bytes << " bytes");
    FaultyDisk disk(bytes);
    disk.fill_after(bytes);
    failed = gets_over(disk, workload, "full");
    failures += failed ? 1 : 0;
  }
  CHECK(failures > 50);
}
