// A disk that loses its power: what was acknowledged is there afterwards, once, whatever became of the writes that were
// not synced. SIGKILL cannot show that: the page cache outlives a process.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <random>

#include "faulty_vfs.hpp"
#include "workload.hpp"

using namespace jobmedic;

namespace {

int disks() {
  return std::getenv("JOBMEDIC_ALL_RUNS") != nullptr ? 3000 : 60;
}

// Two schedulers of one machine, in turns.
struct Schedulers {
  explicit Schedulers(const std::string& url) : one(Store::open(url)), two(Store::open(url)) {}
  Store& turn(std::size_t step) const { return step % 2 == 0 ? *one : *two; }
  std::unique_ptr<Store> one;
  std::unique_ptr<Store> two;
};

// Copies the log into the file, as a connection does after every thousandth page.
void checkpoint(const Scratch& scratch, std::size_t mode) {
  static constexpr const char* modes[] = {"PASSIVE", "RESTART", "TRUNCATE"};
  sql(scratch.path(), std::string("PRAGMA wal_checkpoint(") + modes[mode % 3] + ")");
}

}  // namespace

TEST_CASE("whenever the power fails, nothing acknowledged is lost or doubled, and the store is intact", "[sqlite]") {
  const Workload workload(40);
  std::size_t losses = 0;
  for (int seed = 1; seed <= disks(); ++seed) {
    INFO("seed " << seed);
    std::mt19937_64 random(static_cast<unsigned>(seed));
    const auto up_to = [&](std::size_t most) { return std::uniform_int_distribution<std::size_t>(1, most)(random); };
    const Scratch scratch;
    FaultyDisk disk(random());
    const FaultyVfs vfs(disk);
    std::size_t acknowledged = 0;
    while (acknowledged < workload.size()) {
      // Before its power fails, the disk may fail once in another way.
      disk.lose_power_at(up_to(up_to(2) == 1 ? 50 : 2000));
      if (up_to(3) == 1) disk.fail_at(up_to(500));
      while (disk.has_power() && acknowledged < workload.size()) {
        try {
          const Schedulers schedulers(scratch.url());
          while (acknowledged < workload.size()) {
            acknowledged = workload.steps_in(schedulers.turn(acknowledged), acknowledged);
            for (std::size_t steps = up_to(10); steps > 0 && acknowledged < workload.size(); --steps) {
              Workload::step(schedulers.turn(acknowledged), acknowledged);
              ++acknowledged;
            }
            if (up_to(2) == 1) checkpoint(scratch, up_to(3));
          }
        } catch (const Error&) {
          REQUIRE(disk.struck());
        } catch (const std::runtime_error&) {
          if (!disk.struck()) throw;
        }
      }
      losses += disk.has_power() ? 0 : 1;
      disk.restart();
      acknowledged = workload.steps_in(*Store::open(scratch.url()), acknowledged);
      REQUIRE(scratch.intact());
    }
  }
  CHECK(losses >= static_cast<std::size_t>(disks()));
}
