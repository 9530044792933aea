#include "store/scope.hpp"

#include <catch2/catch.hpp>

#include "scratch.hpp"

using namespace jobmedic;

TEST_CASE("a scope matches where each of its members equals the attempt's") {
  Attempt attempt = attempt_of("nightly");
  attempt.labels = {{"queue", "etl"}, {"user", "ana"}};
  Scope scope;
  CHECK(scope.matches(attempt));
  scope.job = "nightly";
  scope.labels = {{"queue", "etl"}};
  CHECK(scope.matches(attempt));
  scope.engine = "flink";
  CHECK_FALSE(scope.matches(attempt));
  scope.engine.reset();
  scope.labels = {{"tier", "gold"}};
  CHECK_FALSE(scope.matches(attempt));
}

TEST_CASE("an attempt finds a scope by its kind and key, and only where it matches") {
  Attempt attempt = attempt_of("nightly");
  attempt.labels = {{"queue", "etl"}, {"a/b~c", "x"}};
  Scope scope;
  scope.job = "nightly";
  scope.labels = {{"a/b~c", "x"}};
  const ScopeKind kind = parse_kind(write_kind(kind_of(scope)));
  CHECK(kind == kind_of(scope));
  CHECK(ScopeKeys(attempt).find(kind) == key_of(scope));
  attempt.labels["a/b~c"] = "y";
  CHECK(ScopeKeys(attempt).find(kind) != key_of(scope));
  attempt.labels.erase("a/b~c");
  CHECK_FALSE(ScopeKeys(attempt).find(kind));
}

TEST_CASE("the key of a scope stays what it is in stores that are there already") {
  Scope scope;
  CHECK(key_of(scope) == "39347ff402b6c53d831154110e30ac6a");
  scope.job = "nightly";
  scope.labels = {{"queue", "etl"}};
  CHECK(key_of(scope) == "c10e4640511402ffebd4f1b81df428b1");
}

TEST_CASE("no value can be taken for the border between two members of a scope") {
  Scope one;
  one.labels = {{"a", "1\",\"/labels/b\",\"2"}};
  Scope two;
  two.labels = {{"a", "1"}, {"b", "2"}};
  CHECK(key_of(one) != key_of(two));
  Scope job;
  job.job = "x";
  Scope engine;
  engine.engine = "x";
  CHECK(key_of(job) != key_of(engine));
}
