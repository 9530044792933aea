#pragma once
#include <cstdint>
#include <vector>

#include "forecast/features.hpp"
#include "forecast/telemetry.hpp"

/// More kills to learn from. A kill is little more than a working set that crosses its limit, so a session tells what
/// would have come of it under other limits, too: under a lower one it is killed where it crosses that, under a higher
/// one it survives by more. Only for training: sessions to be judged are never changed.
namespace jobmedic::forecast {

struct VirtualSession {
  Trace trace;        ///< up to the crossing; counters of the limit and page cache as the kernel would have had them
  LimitBelief limit;  ///< as wrong about the virtual limit as learned limits are about real ones
};

/// Of one session, up to two kills and a survival, the same for the same seed; none where `learned` is not known.
/// Limits lie between 0.7 and 1.4 times the highest working set. A session that was killed yields no survival: what
/// it would have used is not known.
std::vector<VirtualSession> virtual_sessions(const Trace& trace, const LimitBelief& learned, std::uint64_t seed);

}  // namespace jobmedic::forecast
