#include <catch2/catch.hpp>

#include "jobmedic/store.hpp"
#include "json/value.hpp"
#include "scratch.hpp"

using namespace jobmedic;

TEST_CASE("an attempt comes back from another opening of the store with its unknown members") {
  const Scratch scratch;
  const std::string document =
      R"({"schema":"jobmedic.attempt/1","job":"nightly","run":"r1","attempt":2,"engine":"spark","labels":{"user":"ana"},
          "config":{"b":"2g","a":1},"metrics":{"input_bytes":81923811},"team":"etl"})";
  CHECK(Store::open(scratch.url())->record(Attempt::parse(document)));
  const auto found = Store::open(scratch.url())->attempt("nightly", "r1", 2);
  REQUIRE(found);
  CHECK(json::parse(found->document) == json::parse(document));
  CHECK(found->config == R"({"b":"2g","a":1})");
  CHECK_FALSE(Store::open(scratch.url())->attempt("nightly", "r1", 3));
}

TEST_CASE("recording the same document again changes nothing, another one replaces it") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  CHECK(store->record(attempt_of("j")));
  CHECK_FALSE(store->record(attempt_of("j")));
  CHECK(store->record(ended(attempt_of("j"))));
  CHECK(store->attempt_count() == 1);
  CHECK(store->attempt("j", "r1", 1)->outcome->succeeded);
}

TEST_CASE("the last attempt of a job is the one recorded last, whatever its number") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->record(attempt_of("j", 7));
  store->record(attempt_of("j", 2));
  store->record(attempt_of("other", 9));
  CHECK(store->last_attempt("j")->attempt == 2);
  store->record(ended(attempt_of("j", 7)));
  CHECK(store->last_attempt("j")->attempt == 7);
  CHECK_FALSE(store->last_attempt("unknown"));
}

TEST_CASE("all attempts are visited once, more than a page of them, and the visitor may write") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  std::vector<Attempt> history;
  for (int i = 0; i < 1203; ++i) history.push_back(attempt_of("j" + std::to_string(i)));
  CHECK(store->record_all(history) == history.size());
  CHECK(store->record_all(history) == 0);
  CHECK(store->attempt_count() == history.size());
  std::vector<std::string> seen;
  store->each_attempt([&](const Attempt& attempt) {
    seen.push_back(attempt.job);
    if (seen.size() < 5) store->record(ended(attempt));
  });
  REQUIRE(seen.size() == history.size());
  for (std::size_t i = 0; i < seen.size(); ++i) REQUIRE(seen[i] == history[i].job);
}

TEST_CASE("a job, run or label may hold any text") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  const char text[] = "'; DROP TABLE attempts; -- \0 \xC3\xA9";
  const std::string odd(text, sizeof text - 1);
  Attempt attempt = attempt_of(odd, 1, "");
  attempt.labels = {{odd, odd}};
  store->record(attempt);
  CHECK(store->attempt(odd, "", 1)->labels == attempt.labels);
  CHECK(store->last_attempt(odd));
}

TEST_CASE("an attempt without a job is refused") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  CHECK(message_of([&] { return store->record(attempt_of("")); }) == "an attempt needs a job");
}

TEST_CASE("a document damaged in the store is reported with its row") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->record(attempt_of("good"));
  store->record(attempt_of("bad"));
  scratch.sql("UPDATE attempts SET document = '{\"schema\":' WHERE job = 'bad'");
  const std::string message = message_of([&] { return store->last_attempt("bad"); });
  CHECK(message.find("store " + scratch.url() + ": attempts row 2: ") == 0);
  CHECK(message_of([&] {
          store->each_attempt([](const Attempt&) {});
          return 0;
        }) == message);
  CHECK(store->last_attempt("good"));
}

TEST_CASE("what is stored is masked, and what is read back is what was stored") {
  const Scratch scratch;
  Attempt attempt = attempt_of("secret");
  attempt.config = R"({"spark.executor.memory":"2g","spark.ssl.keyPassword":"hunter2"})";
  attempt.labels["api_key"] = "7f3c9a10b2";
  attempt.plan = "Scan [password=hunter2]";
  const auto store = Store::open(scratch.url());
  CHECK(store->record(attempt));
  CHECK_FALSE(store->record(attempt));
  const auto kept = store->last_attempt("secret");
  CHECK(kept->config == R"({"spark.executor.memory":"2g","spark.ssl.keyPassword":"****"})");
  CHECK(kept->labels.at("api_key") == "****");
  CHECK(kept->plan == "Scan [password=****]");
  CHECK_FALSE(store->record(*kept));

  StoreOptions whole;
  whole.secrets = SecretMask::none();
  CHECK(Store::open(scratch.url(), whole)->record(attempt));
  CHECK(store->last_attempt("secret")->config == attempt.config);
}

TEST_CASE("a history is read job by job, each in the order recorded") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  for (int number = 1; number <= 3; ++number) {
    for (const char* job : {"b", "a", "a'b"}) store->record(attempt_of(job, number));
  }
  store->record(ended(attempt_of("b", 1)));  // the newest of its job now
  std::vector<std::string> jobs;
  std::vector<std::int64_t> numbers;
  store->each_job([&](std::span<const Attempt> part) {
    jobs.push_back(part.front().job);
    for (const Attempt& attempt : part) numbers.push_back(attempt.attempt);
  });
  CHECK(jobs == std::vector<std::string>{"a", "a'b", "b"});
  CHECK(numbers == std::vector<std::int64_t>{1, 2, 3, 1, 2, 3, 2, 3, 1});
}

TEST_CASE("a history of many pages loses nothing when it is read job by job, and a huge job comes in parts") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  std::vector<Attempt> many;
  for (int number = 1; number <= 20'600; ++number) many.push_back(attempt_of("huge", number));
  for (int job = 0; job < 700; ++job) many.push_back(attempt_of("small" + std::to_string(job)));
  store->record_all(many);
  std::vector<std::size_t> sizes;
  store->each_job([&](std::span<const Attempt> part) { sizes.push_back(part.size()); });
  REQUIRE(sizes.size() == 702);
  CHECK(sizes[0] == 20'000);
  CHECK(sizes[1] == 600);
  CHECK(sizes[2] == 1);
}
