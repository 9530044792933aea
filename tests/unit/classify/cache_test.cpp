// The cache of compiled rules: used where it is sound, and otherwise as if it were not there.
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>

#include "../temporary_folder.hpp"
#include "classify_helpers.hpp"

using namespace jobmedic;
namespace fs = std::filesystem;

namespace {

RuleSet some_rules() {
  return rules_of({{"A", "heap space"}, {"B", "lost (?!tracker)"}});
}

// Opens the rules with this cache, checks that they work, and tells whether they came from it.
bool opened_from_cache(const fs::path& folder, const RuleSet& rules = some_rules()) {
  const Classifier classifier(rules, {{folder}});
  CHECK(classify_one(classifier, "lost tracker\nlost node").rule == rules.rules().back().name);
  return classifier.description().find("from the cache") != std::string::npos;
}

fs::path only_file(const fs::path& folder) {
  REQUIRE(std::distance(fs::directory_iterator(folder), fs::directory_iterator()) == 1);
  return fs::directory_iterator(folder)->path();
}

void overwrite(const fs::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

}  // namespace

TEST_CASE("the second opening of the same rules takes them from the cache") {
  const TemporaryFolder home;
  const fs::path folder = home.path() / "new" / "jobmedic";
  CHECK_FALSE(opened_from_cache(folder));
  CHECK(opened_from_cache(folder));
  CHECK((fs::status(folder).permissions() & fs::perms::all) == fs::perms::owner_all);
}

TEST_CASE("other rules do not take those of the cache") {
  const TemporaryFolder folder;
  CHECK_FALSE(opened_from_cache(folder.path()));
  CHECK_FALSE(opened_from_cache(folder.path(), rules_of({{"A", "heap space"}, {"B", "lost node"}})));
}

TEST_CASE("summary, category and order of checks may change without compiling anew") {
  const TemporaryFolder folder;
  CHECK_FALSE(opened_from_cache(folder.path(), rules_of({{"A", "heap"}, {"B", "lost n"}})));
  CHECK(opened_from_cache(folder.path(), rules_of({{"C", "heap"}, {"D", "lost n"}})));
}

TEST_CASE("a damaged, truncated, foreign or empty cache file is compiled again and replaced") {
  const TemporaryFolder folder;
  CHECK_FALSE(opened_from_cache(folder.path()));
  const fs::path file = only_file(folder.path());
  const std::string good = read_file(file);
  std::vector<std::string> bad{"",
                               "x",
                               good.substr(0, 20),
                               good.substr(0, good.size() / 2),
                               good.substr(0, good.size() - 1),
                               good + "x",
                               std::string(good.size(), '\0'),
                               "#!/bin/sh\nexit 1\n"};
  for (std::size_t at = 0; at < good.size(); at += 1 + good.size() / 40) {
    bad.push_back(good);
    bad.back()[at] = static_cast<char>(bad.back()[at] ^ 0x20);
  }
  for (const std::string& bytes : bad) {
    overwrite(file, bytes);
    CHECK_FALSE(opened_from_cache(folder.path()));
    CHECK(read_file(file) == good);
  }
}

TEST_CASE("a file whose hash is right but whose automaton is not is compiled again") {
  const TemporaryFolder folder;
  CHECK_FALSE(opened_from_cache(folder.path()));
  const fs::path file = only_file(folder.path());
  const TemporaryFolder other;
  CHECK_FALSE(opened_from_cache(other.path(), rules_of({{"B", "lost n"}})));
  fs::copy_file(only_file(other.path()), file,
                fs::copy_options::overwrite_existing);  // one rule where two are expected
  CHECK_FALSE(opened_from_cache(folder.path()));
}

TEST_CASE("a cache folder that others may write to is not used") {
  const TemporaryFolder folder;
  fs::permissions(folder.path(), fs::perms::all);
  CHECK_FALSE(opened_from_cache(folder.path()));
  CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("a cache folder that others may only read is used") {
  const TemporaryFolder folder;
  fs::permissions(folder.path(), fs::perms::owner_all | fs::perms::group_read | fs::perms::others_read);
  CHECK_FALSE(opened_from_cache(folder.path()));
  CHECK(opened_from_cache(folder.path()));
}

TEST_CASE("a cache folder that is a link, a file or cannot be made is not used") {
  const TemporaryFolder folder;
  fs::create_directory_symlink(folder.path(), folder.path() / "link");
  CHECK_FALSE(opened_from_cache(folder.path() / "link"));
  CHECK_FALSE(opened_from_cache(folder.path() / "link"));
  overwrite(folder.path() / "file", "x");
  CHECK_FALSE(opened_from_cache(folder.path() / "file"));
  CHECK_FALSE(opened_from_cache(folder.path() / "file" / "below"));
}

TEST_CASE("a cache file that is a folder does not fail the call") {
  const TemporaryFolder folder;
  CHECK_FALSE(opened_from_cache(folder.path()));
  const fs::path file = only_file(folder.path());
  fs::remove(file);
  fs::create_directory(file);
  CHECK_FALSE(opened_from_cache(folder.path()));
}

TEST_CASE("rules of a file that were found sound are not checked again, those of another text are") {
  const TemporaryFolder home;
  const fs::path cache = home.path() / "cache";
  const fs::path file = home.path() / "own.json";
  const auto files = [&] { return std::distance(fs::directory_iterator(cache), fs::directory_iterator()); };
  overwrite(file, R"({"schema": "jobmedic.rules/1", "rules": [{"name": "A", "regex": "heap", "category": "data"}]})");
  const RuleSet first = RuleSet::load(file, {cache});
  CHECK(files() == 1);
  CHECK(RuleSet::load(file, {cache}).rules() == first.rules());
  CHECK(files() == 1);
  overwrite(file, R"({"schema": "jobmedic.rules/1", "rules": [{"name": "A", "regex": "(heap", "category": "data"}]})");
  for (int again = 0; again < 2; ++again) CHECK_THROWS_WITH(RuleSet::load(file, {cache}), Catch::Contains("column 6"));
  CHECK(files() == 1);
}

TEST_CASE("what is wrong beside a regex is told of a text that was found sound, too") {
  const TemporaryFolder home;
  const fs::path cache = home.path() / "cache";
  const fs::path file = home.path() / "own.json";
  const std::string text =
      R"({"schema": "jobmedic.rules/1", "rules": [{"name": "A", "regex": "heap", "category": "data"}]})";
  overwrite(file, text);
  RuleSet rules = RuleSet::load(file, {cache});
  CHECK_THROWS_WITH(rules.append(RuleSet::load(file, {cache})), Catch::Contains("is taken"));
}

TEST_CASE("a cache forgets what nobody read for a month") {
  const TemporaryFolder folder;
  CHECK_FALSE(opened_from_cache(folder.path()));
  const fs::path old = only_file(folder.path());
  const auto now = fs::file_time_type::clock::now();
  fs::last_write_time(old, now - std::chrono::hours(24 * 20));
  CHECK(opened_from_cache(folder.path()));
  CHECK(now - fs::last_write_time(old) < std::chrono::hours(1));
  fs::last_write_time(old, now - std::chrono::hours(24 * 31));
  CHECK_FALSE(opened_from_cache(folder.path(), rules_of({{"B", "lost n"}})));
  CHECK_FALSE(fs::exists(old));
}
