#include "scratch.hpp"

#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <vector>

namespace {

bool on_postgresql() {
  const char* store = std::getenv("JOBMEDIC_TEST_STORE");
  return store != nullptr && store == std::string_view("postgresql");
}

std::string psql(const std::string& database, const std::string& statements) {
  std::string quoted;
  for (const char c : statements) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  const std::string command =
      "PGOPTIONS='-c search_path=jobmedic -c client_min_messages=warning' psql -XAtqv ON_ERROR_STOP=1 -d " + database +
      " -c '" + quoted + "'";
  FILE* output = ::popen(command.c_str(), "r");
  if (output == nullptr) throw std::runtime_error("no psql");
  std::string text;
  for (int c = 0; (c = std::fgetc(output)) != EOF;) text += static_cast<char>(c);
  if (::pclose(output) != 0) throw std::runtime_error("psql: " + statements);
  return text.substr(0, text.find_first_of("|\n"));
}

// Making one takes a second: they are used again.
std::vector<std::string> free_databases;

std::string take_database() {
  static int count = 0;
  if (free_databases.empty()) {
    const std::string name = "test_" + std::to_string(::getpid()) + "_" + std::to_string(++count);
    psql("postgres", "CREATE DATABASE " + name + " TEMPLATE template0");
    return name;
  }
  std::string name = free_databases.back();
  free_databases.pop_back();
  return name;
}

}  // namespace

Scratch::Scratch() {
  std::string name = (std::filesystem::temp_directory_path() / "jobmedic-store-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = name;
  if (!on_postgresql()) return;
  database_ = take_database();
}

Scratch::~Scratch() {
  std::error_code ignored;
  std::filesystem::permissions(folder_, std::filesystem::perms::owner_all, ignored);
  std::filesystem::remove_all(folder_, ignored);
  try {
    if (database_.empty()) return;
    psql(database_, "DROP SCHEMA IF EXISTS jobmedic CASCADE");
    free_databases.push_back(database_);
  } catch (const std::exception&) {  // another will be made
  }
}

std::string Scratch::url(std::string_view name) const {
  if (database_.empty()) return "sqlite:" + path(name).string();
  return "postgresql:///" + database_ + "?host=" + std::getenv("PGHOST");
}

std::string Scratch::sql(const std::string& statements) const {
  return database_.empty() ? ::sql(path(), statements) : psql(database_, statements);
}

bool Scratch::intact() const {
  if (database_.empty()) return sql("PRAGMA integrity_check") == "ok";
  sql("CREATE EXTENSION IF NOT EXISTS amcheck SCHEMA jobmedic");
  sql("SELECT bt_index_check(indexrelid, true) FROM pg_index JOIN pg_class ON pg_class.oid = indrelid "
      "WHERE relnamespace = 'jobmedic'::regnamespace");  // fails where one is not
  return true;
}

std::string Scratch::bytes(const std::string& hex) const {
  return database_.empty() ? "x'" + hex + "'" : "'\\x" + hex + "'::bytea";
}

std::string sql(const std::filesystem::path& database, const std::string& statements) {
  sqlite3* db = nullptr;
  std::string result;
  const auto keep = [](void* into, int columns, char** values, char**) {
    auto& text = *static_cast<std::string*>(into);
    if (text.empty() && columns > 0 && values[0] != nullptr) text = values[0];
    return 0;
  };
  int code = sqlite3_open(database.c_str(), &db);
  if (code == SQLITE_OK) code = sqlite3_exec(db, statements.c_str(), keep, &result, nullptr);
  const std::string message = sqlite3_errmsg(db);
  sqlite3_close(db);
  if (code != SQLITE_OK) throw std::runtime_error(message);
  return result;
}

jobmedic::Attempt attempt_of(const std::string& job, std::int64_t number, const std::string& run) {
  jobmedic::Attempt attempt;
  attempt.job = job;
  attempt.run = run;
  attempt.attempt = number;
  attempt.engine = "spark";
  return attempt;
}

jobmedic::Attempt ended(jobmedic::Attempt attempt, bool succeeded) {
  attempt.outcome.emplace().succeeded = succeeded;
  return attempt;
}
