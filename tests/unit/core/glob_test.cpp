#include "core/glob.hpp"

#include <catch2/catch.hpp>

using jobmedic::glob_matches;

TEST_CASE("a star matches any run of bytes but a slash") {
  CHECK(glob_matches("*", "driver.stdout"));
  CHECK(glob_matches("executor-*.stderr", "executor-12.stderr"));
  CHECK_FALSE(glob_matches("executor-*.stderr", "executor-12.stdout"));
  CHECK_FALSE(glob_matches("*", "a/b"));
  CHECK(glob_matches("*/b", "a/b"));
  CHECK(glob_matches("a*b*c", "aXbYbZc"));
  CHECK_FALSE(glob_matches("a?c", "a/c"));
  CHECK(glob_matches("", ""));
  CHECK_FALSE(glob_matches("", "a"));
  CHECK(glob_matches("*.stdout", ".stdout"));
}
