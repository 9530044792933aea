#include "store/sql/unclassified.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"
#include "jobmedic/error.hpp"
#include "json/reader.hpp"
#include "store/sql/attempts.hpp"
#include "store/sql/failure.hpp"
#include "store/sql/query.hpp"

namespace jobmedic::sql {
namespace {

constexpr std::size_t most_lines = 8;
constexpr std::size_t longest_text = 2000;

std::string document_of(const std::vector<TellingLine>& lines) {
  json::Array array;
  for (std::size_t i = 0; i < std::min(lines.size(), most_lines); ++i) {
    TellingLine line = lines[i];
    for (std::string* text : {&line.text, &line.example, &line.exception, &line.log}) {
      *text = valid_utf8(*text, longest_text);
    }
    array.push_back(json::parse(line.to_json()));
  }
  return json::write(array);
}

std::vector<TellingLine> parse_row(Connection& connection, std::int64_t id, const std::string& document) {
  try {
    const json::Value value = json::parse(document);
    std::vector<TellingLine> lines;
    for (const json::Reader& item : json::Reader(value).items()) {
      lines.push_back(TellingLine::parse(json::write(item.value())));
    }
    return lines;
  } catch (const Error& error) {
    fail(connection.url(), fmt::format("unclassified row {}: {}", id, error.what()));
  }
}

bool known_by_now(const std::optional<Attempt>& attempt) {
  return attempt && attempt->outcome && (attempt->outcome->succeeded || !attempt->outcome->rule.empty());
}

}  // namespace

void write_telling(Connection& connection, const Attempt& attempt, const std::vector<TellingLine>& lines) {
  if (lines.empty()) {
    Query(connection, "DELETE FROM unclassified WHERE job = ? AND run = ? AND attempt = ?", attempt.job, attempt.run,
          attempt.attempt)
        .run();
    return;
  }
  Query(connection,
        "INSERT INTO unclassified(job, run, attempt, document) VALUES(?, ?, ?, ?) "
        "ON CONFLICT(job, run, attempt) DO UPDATE SET document = excluded.document",
        attempt.job, attempt.run, attempt.attempt, document_of(lines))
      .run();
}

std::vector<UnclassifiedFailure> read_unclassified(Connection& connection, std::int64_t& after, std::int64_t limit) {
  std::vector<UnclassifiedFailure> page;
  Query rows(connection, "SELECT id, job, run, attempt, document FROM unclassified WHERE id > ? ORDER BY id LIMIT ?",
             after, limit);
  bool any = false;
  while (rows.step()) {
    any = true;
    after = rows.integer(0);
    UnclassifiedFailure failure{rows.text(1), rows.text(2), rows.integer(3), std::nullopt, {}};
    const auto attempt = read_attempt(connection, failure.job, failure.run, failure.attempt);
    if (known_by_now(attempt)) continue;
    if (attempt && attempt->outcome) failure.cost_usd = attempt->outcome->cost_usd;
    failure.lines = parse_row(connection, after, rows.text(4));
    page.push_back(std::move(failure));
  }
  if (!any) after = -1;
  return page;
}

}  // namespace jobmedic::sql
