#pragma once
#include "collect/log_router.hpp"
#include "jobmedic/collect.hpp"

namespace jobmedic::collect {

struct SourceResult {
  SourceReport report;
  std::string error_detail = "{}";  ///< of the error in the report
  RunFacts facts;
  std::vector<std::string> notes;
};

/// Reads one source into the sink. What goes wrong with it is written down, and the rest goes on; only what the sink
/// throws comes out.
SourceResult read_source(const LogSource& source, const Attempt* attempt, Names& names, const Collector::Sink& sink);

}  // namespace jobmedic::collect
