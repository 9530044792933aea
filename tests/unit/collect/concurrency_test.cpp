#include "collect/concurrency.hpp"

#include <catch2/catch.hpp>

using jobmedic::collect::Concurrency;

TEST_CASE("tasks one after the other are one at a time, and executors are counted apart") {
  Concurrency tasks;
  CHECK(tasks.peak() == 0);
  tasks.add("1", 10, 20);
  tasks.add("1", 20, 30);
  tasks.add("2", 10, 30);
  CHECK(tasks.peak() == 1);
  tasks.add("1", 15, 40);
  CHECK(tasks.peak() == 2);
}

TEST_CASE("a burst long ago is still known after thousands of later tasks") {
  Concurrency tasks;
  for (int i = 0; i < 7; ++i) tasks.add("1", 1, 100 + i);
  for (int i = 0; i < 5000; ++i) tasks.add("1", 1000 + 10 * i, 1009 + 10 * i);
  CHECK(tasks.peak() == 7);
}

TEST_CASE("times that cannot be count for nothing") {
  Concurrency tasks;
  tasks.add("1", 0, 20);
  tasks.add("1", 30, 20);
  CHECK(tasks.peak() == 0);
}
