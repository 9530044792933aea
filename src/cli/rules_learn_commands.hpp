#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "cli/session.hpp"
#include "jobmedic/suggest.hpp"

/// What `rules suggest`, `accept`, `correct` and `review` share.
namespace jobmedic::cli {

/// Where candidates come from, and what they are held against.
struct FailureSources {
  std::string store;
  std::vector<std::string> folders;   // of failed runs
  std::vector<std::string> innocent;  // logs, or folders of logs, of runs that ended well
  std::vector<std::string> rules;
  bool shipped = true;
};

struct Candidates {
  std::vector<Suggestion> suggestions;
  std::size_t failures = 0;    // unclassified ones
  std::size_t classified = 0;  // known to a rule by now; the logs of such folders must not match
  double cost_usd = 0;
};

/// Throws Error: io, store, rules, invalid_argument (no source given).
Candidates find_candidates(const FailureSources& sources, std::size_t most);

void add_rules_suggest(CLI::App& group, Session& session);
void add_rules_accept(CLI::App& group, Session& session);
void add_rules_correct(CLI::App& group, Session& session);
void add_rules_review(CLI::App& group, Session& session);

/// "KryoBufferOverflow, ..., ...": at most five.
std::string few(const std::vector<std::string>& names);

}  // namespace jobmedic::cli
