#include "report/runs.hpp"

#include <catch2/catch.hpp>

#include "scratch.hpp"

using namespace jobmedic;
using reported::RunReader;

namespace {

using Runs = std::vector<std::vector<std::int64_t>>;

Runs read(const std::vector<std::vector<Attempt>>& parts) {
  Runs runs;
  RunReader reader([&](std::span<const Attempt* const> run) {
    runs.emplace_back();
    for (const Attempt* attempt : run) runs.back().push_back(attempt->attempt);
  });
  for (const auto& part : parts) reader.add(part);
  reader.finish();
  return runs;
}

}  // namespace

TEST_CASE("tries of a run come in the order of their numbers, whatever order they were recorded in") {
  CHECK(read({{attempt_of("j", 2), attempt_of("j", 1), attempt_of("j", 3)}}) == Runs{{1, 2, 3}});
}

TEST_CASE("a run that goes on in the next part of its job is one run") {
  const auto try_of = [](const char* run, std::int64_t number) { return attempt_of("j", number, run); };
  CHECK(read({{try_of("a", 1), try_of("b", 1)}, {try_of("b", 2)}, {try_of("b", 3), try_of("c", 1)}}) ==
        Runs{{1}, {1, 2, 3}, {1}});
}

TEST_CASE("runs of one name in two jobs are two runs") {
  CHECK(read({{attempt_of("j", 1)}, {attempt_of("k", 2)}}) == Runs{{1}, {2}});
}
