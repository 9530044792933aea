#include "store/sql/candidates.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "jobmedic/error.hpp"
#include "store/candidates.hpp"
#include "store/sql/automation.hpp"
#include "store/sql/changes.hpp"
#include "store/sql/failure.hpp"
#include "store/sql/patches.hpp"
#include "store/sql/query.hpp"
#include "store/this_user.hpp"

namespace jobmedic::sql {
namespace {

std::vector<const ScopeKind*> kinds(Connection& connection) {
  std::vector<const ScopeKind*> result;
  Query rows(connection, "SELECT kind FROM scope_kinds");
  while (rows.step()) {
    const std::string text = rows.text(0);
    auto known = connection.scope_kinds.find(text);
    try {
      if (known == connection.scope_kinds.end()) known = connection.scope_kinds.emplace(text, parse_kind(text)).first;
    } catch (const Error& error) {
      fail(connection.url(), fmt::format("scope_kinds row \"{}\": {}", text, error.what()));
    }
    result.push_back(&known->second);  // stays where it is while the map grows
  }
  return result;
}

struct Found {
  Precedence precedence;
  bool layer = false;
  std::int64_t number = 0;
};

// visit(size of the scope, its job, its key) for every kind of scope that may match.
template <typename Visit>
void each_key(Connection& connection, const Attempt& attempt, const Visit& visit) {
  const ScopeKeys keys(attempt);
  for (const ScopeKind* kind : kinds(connection)) {
    if (const auto key = keys.find(*kind))
      visit(kind->size(), names_job(*kind) ? attempt.job : std::string_view(), *key);
  }
}

StoredPatch read_found(Connection& connection, std::int64_t number, const Attempt& attempt) {
  StoredPatch patch = read_patch(connection, number);
  if (patch.damage.empty() && !patch.scope.matches(attempt)) patch.damage = "it was filed under another scope";
  return patch;
}

// A time written in whole seconds may lie up to a second before the patch it came after.
bool existed_at(const StoredPatch& patch, TimePoint time) {
  const auto created = parse_time(patch.created_at);
  return !created || std::chrono::floor<std::chrono::seconds>(*created) <= time;
}

void count_use(Connection& connection, const StoredPatch& patch, const Attempt& attempt) {
  Query(connection, "INSERT INTO uses(patch, job, run, attempt) VALUES(?, ?, ?, ?) ON CONFLICT DO NOTHING", patch.id,
        attempt.job, attempt.run, attempt.attempt)
      .run();
  if (connection.changes() == 0 || !patch.uses_left) return;
  StoredPatch after = patch;
  after.uses_left = *patch.uses_left - 1;
  Query(connection, "UPDATE patches SET uses_left = ? WHERE id = ?", after.uses_left, patch.id).run();
  const Author author{this_user(),
                      fmt::format("attempt {} of run {} of job {} ended", attempt.attempt, attempt.run, attempt.job)};
  write_change(connection, author, "use", patch.id, patch.to_json(), after.to_json());
}

}  // namespace

Candidates find_candidates(Connection& connection, const Attempt& attempt, TimePoint now) {
  const std::int64_t now_ms = now.time_since_epoch().count();
  std::vector<Found> found;
  each_key(connection, attempt, [&](std::size_t scope_size, std::string_view job, const std::string& key) {
    Query rows(connection,
               "SELECT number, priority, layer, created_ms, id FROM patches WHERE job = ? AND scope_key = ? "
               "AND expires_ms > ? AND disabled = 0 AND (uses_left IS NULL OR uses_left > 0) AND activates_ms <= ?",
               job, key, now_ms, now_ms);
    while (rows.step()) {
      found.push_back(
          {{rows.integer(1), scope_size, rows.integer(3), rows.text(4)}, rows.integer(2) != 0, rows.integer(0)});
    }
  });
  std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return a.precedence < b.precedence; });
  std::vector<Candidates::Head> heads;
  std::vector<std::int64_t> numbers;
  for (Found& patch : found) {
    heads.push_back({std::move(patch.precedence.id), patch.layer});
    numbers.push_back(patch.number);
  }
  return {std::move(heads), [&connection, &attempt, numbers = std::move(numbers)](std::size_t index) {
            return read_found(connection, numbers.at(index), attempt);
          }};
}

std::vector<StoredPatch> read_matching(Connection& connection, const Attempt& attempt) {
  std::vector<StoredPatch> patches;
  each_key(connection, attempt, [&](std::size_t, std::string_view job, const std::string& key) {
    std::vector<std::int64_t> numbers;
    Query rows(connection, "SELECT number FROM patches WHERE job = ? AND scope_key = ?", job, key);
    while (rows.step()) numbers.push_back(rows.integer(0));
    for (const std::int64_t number : numbers) patches.push_back(read_found(connection, number, attempt));
  });
  std::sort(patches.begin(), patches.end(),
            [](const auto& a, const auto& b) { return precedence_of(a) < precedence_of(b); });
  return patches;
}

void count_uses(Connection& connection, const Attempt& attempt) {
  const auto started = parse_time(attempt.started_at);
  const TimePoint time = started.value_or(now());
  if (stopped_at(connection, time)) return;
  const Candidates candidates = find_candidates(connection, attempt, time);
  bool found = false;  // the one that counts most; before it only layers apply
  for (std::size_t i = candidates.heads().size(); i-- > 0;) {
    if (found && !candidates.heads()[i].layer) continue;
    const StoredPatch patch = candidates.read(i);
    if (!patch.damage.empty() || patch.made_for_other_plan(attempt) || (started && !existed_at(patch, *started))) {
      continue;
    }
    found = true;
    count_use(connection, patch, attempt);
  }
}

}  // namespace jobmedic::sql
