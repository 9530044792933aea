#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What an engine tells of its work: a line for people and fields for programs. Secrets are masked in both.
namespace jobmedic {

/// The document jobmedic.event/1: {"schema", "at": "2026-11-21T03:12:00Z", "level": "warning", "event":
/// "patch_skipped", "message": "...", "patch": "p-00000001", ...}. Events, with the fields they may have:
///   error, warning  patch_skipped (patch, job, reason), deadline_missed (job, run, attempt, elapsed_s),
///                   model_refused (model, reason), store_failed (reason), store_lost, store_retried,
///                   automation_stopped (since, by, reason)
///   info            rules_reloaded (rules, scanner), model_picked_up (model), model_promoted (model), model_served
///                   (served_by, reason), store_reopened, generic_space (engine), patch_kept, patch_retired,
///                   patch_restored, patch_raised (patch, job, reason)
///   debug           classify, recommend, save, decide (job, run, attempt): the steps of remediate(), in their order
struct Event {
  int level = 2;  ///< 0 error, 1 warning, 2 info, 3 debug
  std::string_view name;
  std::string message;  ///< one line
  std::vector<std::pair<std::string_view, std::string>> fields;
  [[nodiscard]] std::string to_json() const;
};

using EventFunction = std::function<void(const Event&)>;

}  // namespace jobmedic
