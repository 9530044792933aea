#pragma once
#include "core/time.hpp"
#include "jobmedic/changes.hpp"
#include "store/sql/connection.hpp"

namespace jobmedic::sql {

Automation read_automation(Connection& connection);
/// Store::stop_automation within a transaction.
Automation write_automation(Connection& connection, bool stop, const Author& author);
/// Was it stopped then, as the trail tells?
bool stopped_at(Connection& connection, TimePoint time);

}  // namespace jobmedic::sql
