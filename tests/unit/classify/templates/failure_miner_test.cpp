#include <catch2/catch.hpp>

#include "../classify_helpers.hpp"
#include "core/random.hpp"
#include "jobmedic/templates.hpp"
#include "test_data.hpp"

using namespace jobmedic;

namespace {

std::string written(const std::vector<TellingLine>& lines) {
  std::string text;
  for (const TellingLine& line : lines) text += line.to_json() + "\n";
  return text;
}

std::vector<TellingLine> mined(std::string_view log) {
  FailureMiner miner;
  miner.feed("driver.stderr", log);
  return miner.result();
}

}  // namespace

TEST_CASE("the most telling line is the cause") {
  const json::Value cases = classify_data("telling_lines.json");
  for (const json::Reader& one : json::Reader(cases).items()) {
    CAPTURE(one.at("name").string());
    const auto lines = mined(one.at("log").string());
    REQUIRE(!lines.empty());
    CHECK(lines[0].exception == one.at("exception").string());
    CHECK(lines[0].log == "driver.stderr");
    // The last lines are only known at the end; the one that the log ended with leads among them.
    const auto has = [&](const TellingLine& line) { return line.text == one.at("first").string(); };
    if (lines[0].weight > 10) {
      CHECK(lines[0].text == one.at("first").string());
    } else {
      CHECK(std::any_of(lines.begin(), lines.end(), has));
    }
  }
}

TEST_CASE("any split of the same bytes gives the same lines") {
  const json::Value cases = classify_data("telling_lines.json");
  Random random(11);
  for (const json::Reader& one : json::Reader(cases).items()) {
    const std::string& log = one.at("log").string();
    FailureMiner pieces;
    for (std::string_view rest = log; !rest.empty();) {
      const std::string_view piece = rest.substr(0, 1 + random.below(20));
      pieces.feed("driver.stderr", piece);
      rest.remove_prefix(piece.size());
    }
    CHECK(written(pieces.result()) == written(mined(log)));
  }
}

TEST_CASE("asking for the result changes nothing") {
  FailureMiner miner;
  miner.feed("a", "ERROR one thing failed\nERROR another th");
  static_cast<void>(miner.result());
  miner.feed("a", "ing failed\n");
  FailureMiner once;
  once.feed("a", "ERROR one thing failed\nERROR another thing failed\n");
  CHECK(written(miner.result()) == written(once.result()));
}

TEST_CASE("hostile logs cost bounded memory and give bounded lines") {
  FailureMiner miner;
  miner.feed("long", std::string(std::size_t{100} << 20U, 'E'));
  miner.feed("binary", std::string("\0\xFF\xFE ERROR \x01\x02 Exception: \xC3\n", 27));
  for (int i = 0; i < 20'000; ++i) {
    std::string word;
    for (int n = i + 1; n > 0; n /= 26) word += static_cast<char>('a' + n % 26);
    miner.feed("many" + word, "ERROR " + word + " failed\n");
  }
  const auto lines = miner.result(5);
  CHECK(lines.size() == 5);
  for (const TellingLine& line : lines) {
    CHECK(line.example.size() <= 500);
    CHECK(TellingLine::parse(line.to_json()).to_json() == line.to_json());
  }
}

TEST_CASE("in nearly all recorded failures the most telling line names an exception, none is shutdown noise") {
  REQUIRE_TEST_DATA("spark-failures");
  std::size_t failures = 0;
  std::size_t named = 0;
  for (const auto& run : std::filesystem::directory_iterator(test_data("spark-failures"))) {
    if (!std::filesystem::exists(run.path() / "meta.json")) continue;
    const json::Value meta = json::parse(read_file(run.path() / "meta.json"));
    if (json::Reader(meta).at("category").string() == "none") continue;
    FailureMiner miner;
    for (const auto& file : std::filesystem::directory_iterator(run.path())) {
      if (file.path().extension() != ".json") miner.feed_file(file.path().filename().string(), file.path());
    }
    const auto lines = miner.result(1);
    ++failures;
    if (lines.empty()) continue;
    CAPTURE(run.path().filename().string(), lines[0].text);
    CHECK(lines[0].text.find("during shutdown") == std::string::npos);
    if (!lines[0].exception.empty() && lines[0].weight >= 60) ++named;
  }
  REQUIRE(failures > 90);
  CHECK(named * 100 >= failures * 90);
}
