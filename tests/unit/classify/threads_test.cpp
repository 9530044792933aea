#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "classify/regex.hpp"
#include "classify_helpers.hpp"

using namespace jobmedic;

TEST_CASE("eight threads classify and scan with one classifier at once and agree") {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (int i = 0; i < 20; ++i) {
    pairs.emplace_back("Rule" + std::to_string(i), "failure " + std::to_string(i) + "\\b(?! not)");
  }
  const Classifier classifier = uncached(rules_of(pairs));
  std::string log;
  for (int i = 0; i < 3'000; ++i) log += "INFO task " + std::to_string(i) + " ended\n";
  for (int i = 19; i > 4; --i) log += "failure " + std::to_string(i) + " in stage\n";
  const std::string expected = classify_one(classifier, log).to_json();

  const Classifier shared = uncached(rules_of(pairs));  // nothing of it is compiled yet
  std::vector<std::string> answers(8);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < 5; ++round) {
        Scan scan = shared.scan();
        for (std::size_t at = 0; at < log.size(); at += 1'000 + i) {
          scan.feed("driver.stderr", std::string_view(log).substr(at, 1'000 + i));
        }
        const std::string streamed = scan.result().to_json();
        answers[i] = classify_one(shared, log).to_json();
        if (streamed != answers[i]) answers[i] = streamed;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& answer : answers) CHECK(answer == expected);
}

TEST_CASE("a scan outlives its classifier") {
  std::optional<Classifier> classifier(uncached(rules_of({{"A", "lost"}})));
  Scan scan = classifier->scan();
  classifier.reset();
  scan.feed("a", "lo");
  scan.feed("a", "st");
  CHECK(scan.result().rule == "A");
}

// PCRE2's memory for machine code has a lock of its own, which a child would inherit as its parent's threads held it.
TEST_CASE("a child forked while other threads compile regexes compiles its own") {
  std::atomic<bool> stop = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      while (!stop) const classify::Regex regex("^(?:ab|cd)+ef$", "", true);
    });
  }
  int failed = 0;
  for (int i = 0; i < 300 && failed == 0; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::alarm(5);  // ends it where it waits for a thread that is not there
      { const classify::Regex regex("^(?:ab|cd)+ef$", "", true); }
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    failed = status;
  }
  stop = true;
  for (std::thread& thread : threads) thread.join();
  CHECK(failed == 0);
}
