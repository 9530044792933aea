// Unclassified failures from a store or from folders of logs, and the candidate rules they give.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "cli/arguments.hpp"
#include "cli/logs.hpp"
#include "cli/rules_learn_commands.hpp"
#include "jobmedic/error.hpp"

namespace jobmedic::cli {
namespace {

namespace fs = std::filesystem;

struct Material {
  std::vector<UnclassifiedFailure> failures;
  std::vector<Logs> innocent;  // logs that no candidate may match
  std::size_t classified = 0;
};

bool holds_logs(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (entry.is_regular_file() && !name.starts_with('.') && !name.ends_with(".json")) return true;
  }
  return false;
}

// One failed run a folder: the folder itself, or where it holds no logs each folder in it.
std::vector<fs::path> runs_in(const std::string& argument) {
  const fs::path folder = argument;
  std::error_code code;
  if (!fs::is_directory(folder, code)) throw Error(Status::io, fmt::format("{}: no such folder", argument));
  if (holds_logs(folder)) return {folder};
  std::vector<fs::path> runs;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_directory() && holds_logs(entry.path())) runs.push_back(entry.path());
  }
  if (runs.empty()) throw Error(Status::io, fmt::format("{}: no logs in this folder or in folders in it", argument));
  std::sort(runs.begin(), runs.end());
  return runs;
}

// attempt.json beside the logs tells whose they are; without it the folder's name serves as the job.
Attempt attempt_of(const fs::path& run) {
  std::error_code ignored;
  if (fs::exists(run / "attempt.json", ignored)) return read_attempt((run / "attempt.json").string());
  Attempt attempt;
  attempt.job = fs::absolute(run).lexically_normal().filename().string();
  if (attempt.job.empty()) attempt.job = fs::absolute(run).lexically_normal().parent_path().filename().string();
  return attempt;
}

void read_run(const fs::path& run, const Classifier& classifier, Material& material) {
  const Logs logs = logs_at(run.string());
  const Attempt attempt = attempt_of(run);
  if (read_logs(classifier.scan(&attempt), logs, &attempt).classified) {
    ++material.classified;
    material.innocent.push_back(logs);
    return;
  }
  const std::optional<double> cost = attempt.outcome ? attempt.outcome->cost_usd : std::nullopt;
  material.failures.push_back({attempt.job, attempt.run, attempt.attempt, cost, mine_logs(logs, &attempt)});
}

// A rule that was accepted since would have classified it.
bool known_by_now(const UnclassifiedFailure& failure, const Classifier& classifier) {
  std::map<std::string, std::string> lines;
  for (const TellingLine& line : failure.lines) lines[line.log] += line.example + "\n";
  std::vector<Log> logs;
  logs.reserve(lines.size());
  for (const auto& [name, text] : lines) logs.push_back({name, text});
  return classifier.classify(logs).classified;
}

RuleSet known_rules(const FailureSources& sources) {
  RuleSet rules;
  for (const std::string& path : sources.rules) rules.append(RuleSet::load(path));
  if (sources.shipped) rules.append(RuleSet::shipped());
  return rules;
}

Material gather(const FailureSources& sources, const RuleSet& known) {
  Material material;
  const Classifier classifier{known};
  if (!sources.store.empty()) {
    existing_store(sources.store, true)->each_unclassified([&](const UnclassifiedFailure& failure) {
      if (known_by_now(failure, classifier)) {
        ++material.classified;
      } else {
        material.failures.push_back(failure);
      }
    });
  }
  if (!sources.folders.empty()) {
    for (const std::string& folder : sources.folders) {
      for (const fs::path& run : runs_in(folder)) read_run(run, classifier, material);
    }
  }
  for (const std::string& argument : sources.innocent) {
    std::error_code ignored;
    if (!fs::is_directory(argument, ignored)) {
      material.innocent.push_back(logs_at(argument));
      continue;
    }
    for (const fs::path& run : runs_in(argument)) material.innocent.push_back(logs_at(run.string()));
  }
  return material;
}

std::vector<std::string> matches_in(const Classifier& candidates, const std::vector<Logs>& innocent) {
  std::vector<std::string> names;
  for (const Logs& logs : innocent) {
    const Classification verdict = read_logs(candidates.scan(), logs, nullptr);
    if (verdict.classified) names.push_back(verdict.rule);
    for (const RuleMatch& match : verdict.other_matches) names.push_back(match.rule);
  }
  return names;
}

}  // namespace

Candidates find_candidates(const FailureSources& sources, std::size_t most) {
  if (sources.store.empty() && sources.folders.empty()) {
    throw Error(Status::invalid_argument, "no failures to learn from: give --store URL, or folders of logs");
  }
  const RuleSet known = known_rules(sources);
  const Material material = gather(sources, known);
  Candidates found;
  found.failures = material.failures.size();
  found.classified = material.classified;
  for (const UnclassifiedFailure& failure : material.failures) found.cost_usd += failure.cost_usd.value_or(0);
  SuggestOptions options;
  options.most = most;
  found.suggestions = suggest_rules(
      material.failures, known, [&](const Classifier& candidates) { return matches_in(candidates, material.innocent); },
      options);
  return found;
}

}  // namespace jobmedic::cli
