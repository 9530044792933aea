#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cli/logs.hpp"
#include "jobmedic/attempt.hpp"
#include "jobmedic/classify.hpp"

/// Failures whose true category is known.
namespace jobmedic::cli {

struct LabelledCase {
  std::string name;
  std::string category;             ///< one of the nine, or "none": nothing failed
  std::optional<bool> restartable;  ///< absent: not judged
  Attempt attempt;
  std::optional<Logs> logs;
  std::string text;  ///< in place of logs: an excerpt, tried by every rule
};

/// A folder of logs with a meta.json {"category", "restartable", "exit_code", "config"}; a JSON Lines file of
/// {"text", "category", "restartable"}; or a folder of such folders and files (*.jsonl), in the order of their names.
/// Throws Error, with the place: io, schema (an unknown category), parse.
std::vector<LabelledCase> find_labelled(const std::string& path);

Classification verdict_on(const Classifier& classifier, const LabelledCase& labelled);

}  // namespace jobmedic::cli
