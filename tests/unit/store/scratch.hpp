#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "jobmedic/attempt.hpp"
#include "jobmedic/error.hpp"

/// A folder of one test, gone with it, and a store: a file in it or, where the tests run under tests/postgresql, a
/// database of its own. Tests of SQLite alone carry the tag [sqlite].
class Scratch {
 public:
  Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch();
  [[nodiscard]] std::filesystem::path path(std::string_view name = "store.db") const { return folder_ / name; }
  [[nodiscard]] std::string url(std::string_view name = "store.db") const;
  /// SQL behind the store's back; the first column of the first row.
  std::string sql(const std::string& statements) const;  // NOLINT(modernize-use-nodiscard)
  /// Every page and index of it is as it should be.
  [[nodiscard]] bool intact() const;
  /// A literal of these bytes, given in hexadecimal.
  [[nodiscard]] std::string bytes(const std::string& hex) const;

 private:
  std::filesystem::path folder_;
  std::string database_;  // PostgreSQL's; empty: SQLite
};

/// The same in any SQLite file.
std::string sql(const std::filesystem::path& database, const std::string& statements);

/// An attempt of `job` with the given number, engine spark.
jobmedic::Attempt attempt_of(const std::string& job, std::int64_t number = 1, const std::string& run = "r1");
jobmedic::Attempt ended(jobmedic::Attempt attempt, bool succeeded = true);

/// What `call` throws, or an empty text.
template <typename Call>
std::string message_of(const Call& call) {
  try {
    static_cast<void>(call());
  } catch (const jobmedic::Error& error) {
    return error.what();
  }
  return "";
}
