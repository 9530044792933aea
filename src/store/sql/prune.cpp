#include "store/sql/prune.hpp"

#include <string>
#include <vector>

#include "store/sql/query.hpp"

namespace jobmedic::sql {
namespace {

struct Key {
  std::string job, run;
  std::int64_t attempt;
};

std::size_t answers_to(Connection& connection, const Key& key) {
  Query row(connection, "SELECT count(*) FROM remediations WHERE job = ? AND run = ? AND attempt = ?", key.job, key.run,
            key.attempt);
  return row.step() ? static_cast<std::size_t>(row.integer(0)) : 0;
}

void forget(Connection& connection, const Key& key) {
  for (const char* sql : {"DELETE FROM remediations WHERE job = ? AND run = ? AND attempt = ?",
                          "DELETE FROM unclassified WHERE job = ? AND run = ? AND attempt = ?",
                          "DELETE FROM uses WHERE job = ? AND run = ? AND attempt = ?",
                          "DELETE FROM attempts WHERE job = ? AND run = ? AND attempt = ?"}) {
    Query(connection, sql, key.job, key.run, key.attempt).run();
  }
}

}  // namespace

bool prune_page(Connection& connection, TimePoint before, bool dry_run, std::int64_t limit, Pruning& pruning) {
  std::vector<Key> old;
  const std::size_t seen = pruning.seen;
  {
    Query rows(connection, "SELECT id, job, run, attempt, started_at FROM attempts WHERE id > ? ORDER BY id LIMIT ?",
               pruning.after, limit);
    while (rows.step()) {
      ++pruning.seen;
      pruning.after = rows.integer(0);
      const auto started = parse_time(rows.text(4));
      if (!started) ++pruning.pruned.undated;
      if (started && *started < before) old.push_back({rows.text(1), rows.text(2), rows.integer(3)});
    }
  }
  for (const Key& key : old) {
    pruning.pruned.remediations += answers_to(connection, key);
    if (!dry_run) forget(connection, key);
  }
  pruning.pruned.attempts += old.size();
  return pruning.seen > seen;
}

}  // namespace jobmedic::sql
