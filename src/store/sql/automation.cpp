#include "store/sql/automation.hpp"

#include "store/sql/changes.hpp"
#include "store/sql/query.hpp"

namespace jobmedic::sql {

Automation read_automation(Connection& connection) {
  Query row(connection, "SELECT stopped, since_ms, who, why FROM automation");
  if (!row.step()) return {};
  return {row.integer(0) != 0, format_time(TimePoint(std::chrono::milliseconds(row.integer(1)))), row.text(2),
          row.text(3)};
}

Automation write_automation(Connection& connection, bool stop, const Author& author) {
  if (read_automation(connection).stopped == stop) return read_automation(connection);
  Query(connection,
        "INSERT INTO automation(\"only\", stopped, since_ms, who, why) VALUES(1, ?, ?, ?, ?) ON CONFLICT(\"only\") DO "
        "UPDATE "
        "SET stopped = excluded.stopped, since_ms = excluded.since_ms, who = excluded.who, why = excluded.why",
        std::int64_t{stop}, std::int64_t{now().time_since_epoch().count()}, author.by, author.reason)
      .run();
  write_change(connection, author, stop ? "stop" : "resume", "", std::nullopt, std::nullopt);
  return read_automation(connection);
}

bool stopped_at(Connection& connection, TimePoint time) {
  Query row(connection,
            "SELECT action FROM patch_changes WHERE patch = '' AND action IN ('stop', 'resume') AND at_ms <= ? "
            "ORDER BY number DESC LIMIT 1",
            std::int64_t{time.time_since_epoch().count()});
  return row.step() && row.text(0) == "stop";
}

}  // namespace jobmedic::sql
