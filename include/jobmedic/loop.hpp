#pragma once
#include <string>
#include <string_view>

#include "jobmedic/attempt.hpp"

/// How far remediate() may go by itself, and what an outcome does to patches: the member "loop" of jobmedic.engine/1.
namespace jobmedic {

struct LoopPolicy {
  /// "act"; "shadow": decides and records, but changes nothing; "dry_run": records nothing either.
  std::string mode = "act";
  double rollout_percent = 100;  ///< of the jobs (or label values) this share is acted on, the others are in shadow
  std::string rollout_label;     ///< the label whose value is counted; empty, or absent from an attempt: its job
  int quarantine_after = 6;      ///< no patch after so many failures in a row that had one; 0: no quarantine
  int retry_budget = 0;          ///< retries of one job, all runs together, within the hours below; 0: no limit
  double retry_budget_hours = 24;
  /// A patch whose try succeeded serves the job's later runs for so long after its last success; 0: it ends with the
  /// run.
  int keep_successful_days = 30;
  bool retire_failed = true;  ///< a patch is disabled once no more tries with it have succeeded than failed

  /// A JSON object with any of the members above. Throws Error: parse, schema (pointer).
  static LoopPolicy parse(std::string_view json);
  /// Is the job of this name, or the label of this value, acted on? The same at every percentage above one where it is.
  [[nodiscard]] bool rolled_out(std::string_view value) const;
  /// `mode`, but "shadow" for an attempt that is not rolled out.
  [[nodiscard]] std::string mode_for(const Attempt& attempt) const;
};

}  // namespace jobmedic
