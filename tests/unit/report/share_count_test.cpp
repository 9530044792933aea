#include "report/share_count.hpp"

#include <catch2/catch.hpp>

using namespace jobmedic;
using reported::ShareCount;

TEST_CASE("cases of as many jobs have Wilson's interval") {
  ShareCount count;
  for (std::uint64_t job = 1; job <= 10; ++job) count.add(job, job <= 8);
  const Share share = count.share();
  CHECK(share.value() == Approx(0.8));
  CHECK(share.jobs == 10);
  CHECK(share.low == Approx(0.4901625));
  CHECK(share.high == Approx(0.9433178));
  CHECK(share.tells());
}

TEST_CASE("cases of two jobs that agree within each job are worth one case") {
  ShareCount count;
  for (int i = 0; i < 10; ++i) count.add(1, true);
  for (int i = 0; i < 10; ++i) count.add(2, false);
  const Share share = count.share();
  CHECK(share.low == Approx(0.0570221));
  CHECK(share.high == Approx(0.9429779));
  CHECK_FALSE(share.tells());
}

TEST_CASE("where all cases agree each job is one case") {
  ShareCount count;
  for (std::uint64_t job = 1; job <= 5; ++job) {
    for (int i = 0; i < 100; ++i) count.add(job, true);
  }
  CHECK(count.share().low == Approx(0.5655175));
  CHECK(count.share().high == Approx(1));
}

TEST_CASE("a share of nothing says nothing") {
  const Share share = ShareCount().share();
  CHECK(share.of == 0);
  CHECK(share.low == 0);
  CHECK(share.high == 1);
  CHECK_FALSE(share.tells());
}
