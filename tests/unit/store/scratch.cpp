#include "scratch.hpp"

#include <sqlite3.h>
#include <stdlib.h>

#include <stdexcept>

Scratch::Scratch() {
  std::string name = (std::filesystem::temp_directory_path() / "jobmedic-store-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = name;
}

Scratch::~Scratch() {
  std::error_code ignored;
  std::filesystem::permissions(folder_, std::filesystem::perms::owner_all, ignored);
  std::filesystem::remove_all(folder_, ignored);
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
