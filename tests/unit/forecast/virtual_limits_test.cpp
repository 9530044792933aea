#include "forecast/virtual_limits.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <string>

using namespace jobmedic;
using namespace jobmedic::forecast;

namespace {

constexpr double mib = 1024 * 1024;

// Grows by half a MiB a reading, from 20 MiB, with 5 MiB of page cache, far below what is promised.
Trace growing() {
  Trace trace{"s", {"DT01", "6.0"}, false, unknown, {}};
  for (int i = 0; i < 120; ++i) {
    Reading r;
    r.time_s = 15.0 * i;
    r.usage_bytes = (25 + 0.5 * i) * mib;
    r.cache_bytes = 5 * mib;
    r.limit_hits = 0;
    trace.readings.push_back(r);
  }
  return trace;
}

LimitBelief exact() {
  return {200 * mib, 0, 250 * mib, 0};  // no deviation: what is believed is the virtual limit itself
}

double working_set(const Reading& reading) {
  return reading.usage_bytes - reading.cache_bytes;
}

}  // namespace

TEST_CASE("a virtual limit below the highest working set ends the session between the readings around the crossing") {
  const Trace trace = growing();
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto made = virtual_sessions(trace, exact(), seed);
    REQUIRE(made.size() == 3);
    for (std::size_t i = 0; i < 2; ++i) {
      const VirtualSession& kill = made[i];
      const std::size_t end = kill.trace.readings.size();
      REQUIRE(kill.trace.killed);
      REQUIRE(end < trace.readings.size());
      CHECK(kill.limit.bytes >= 0.7 * 79.5 * mib);
      CHECK(working_set(kill.trace.readings.back()) < kill.limit.bytes);
      CHECK(working_set(trace.readings[end]) >= kill.limit.bytes);
      const double line = (kill.limit.bytes / mib - 20) / 0.5 * 15;
      CHECK(kill.trace.kill_s == Approx(line));
      CHECK(kill.trace.level(end - 1) == 4);
    }
  }
}

TEST_CASE("a virtual limit above it leaves the session whole, and calm") {
  const Trace trace = growing();
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const VirtualSession survival = virtual_sessions(trace, exact(), seed).back();
    CHECK(!survival.trace.killed);
    CHECK(survival.trace.readings.size() == trace.readings.size());
    CHECK(survival.limit.bytes >= 79.5 * mib);
    CHECK(survival.limit.bytes <= 1.4 * 79.5 * mib);
    CHECK(survival.limit.nominal / survival.limit.bytes == Approx(1.25));
  }
}

TEST_CASE("at a virtual limit page cache is taken back and counted, and the working set stays what it was") {
  const Trace trace = growing();
  const VirtualSession kill = virtual_sessions(trace, exact(), 1).front();
  double hits = 0;
  for (std::size_t i = 0; i < kill.trace.readings.size(); ++i) {
    const Reading& reading = kill.trace.readings[i];
    hits += trace.readings[i].usage_bytes > kill.limit.bytes ? 1 : 0;
    CHECK(reading.usage_bytes <= kill.limit.bytes);
    CHECK(reading.limit_hits == hits);
    CHECK(working_set(reading) == Approx(working_set(trace.readings[i])));
  }
  CHECK(hits > 0);
}

TEST_CASE("virtual limits are missed by what is believed of them as much as real ones are") {
  const Trace trace = growing();
  LimitBelief learned = exact();
  learned.deviation = 0.09;
  double squares = 0;
  int count = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const auto right = virtual_sessions(trace, exact(), seed), wrong = virtual_sessions(trace, learned, seed);
    REQUIRE(right.size() == wrong.size());
    const double share = right[0].limit.bytes / wrong[0].limit.bytes - 1;  // the first draws are the same
    squares += share * share;
    ++count;
  }
  CHECK(std::sqrt(squares / count) == Approx(0.09).epsilon(0.15));
}

TEST_CASE("the same seed makes the same virtual sessions, another one makes others") {
  const Trace trace = growing();
  const auto one = virtual_sessions(trace, exact(), 1), again = virtual_sessions(trace, exact(), 1),
             other = virtual_sessions(trace, exact(), 2);
  CHECK(one[0].limit.bytes == again[0].limit.bytes);
  CHECK(one[1].limit.bytes == again[1].limit.bytes);
  CHECK(one[0].limit.bytes != one[1].limit.bytes);
  CHECK(one[0].limit.bytes != other[0].limit.bytes);
}

TEST_CASE("no virtual session comes of an unknown limit, of no readings or memory, nor a survival of a killed one") {
  Trace trace = growing();
  LimitBelief nothing = exact();
  nothing.bytes = unknown;
  CHECK(virtual_sessions(trace, nothing, 1).empty());
  trace.killed = true;
  trace.kill_s = trace.readings.back().time_s + 5;
  for (const VirtualSession& made : virtual_sessions(trace, exact(), 1)) CHECK(made.trace.killed);
  Trace empty = growing();
  empty.readings.clear();
  CHECK(virtual_sessions(empty, exact(), 1).empty());
  Trace blind = growing();
  for (Reading& reading : blind.readings) reading.usage_bytes = reading.cache_bytes = unknown;
  CHECK(virtual_sessions(blind, exact(), 1).empty());
}
