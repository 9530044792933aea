#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "classify/log_scanner.hpp"
#include "core/file.hpp"
#include "jobmedic/classify.hpp"

namespace jobmedic {

using classify::CompiledRules;
using classify::ExitStatus;
using classify::Findings;
using classify::LogScanner;

struct Classifier::Impl {
  Impl(RuleSet rules, const ClassifierOptions& options) : compiled(std::move(rules), options) {}
  CompiledRules compiled;
};

struct Scan::Impl {
  Impl(std::shared_ptr<const Classifier::Impl> classifier, const Attempt* attempt)
      : owner(std::move(classifier)),
        rules(owner->compiled),
        applicable(rules.applicable(attempt)),
        succeeded(classify::has_succeeded(attempt)),
        status(classify::exit_status(attempt)) {
    for (const std::size_t rule : rules.silent()) {
      if (applicable.test(rule)) findings.matches.emplace(rule, match_by_exit_code(*attempt));
    }
  }

  static classify::FirstMatch match_by_exit_code(const Attempt& attempt) {
    classify::FirstMatch match;
    match.evidence.text = fmt::format("exit code {}", *attempt.outcome->exit_code);
    return match;
  }

  LogScanner& log(std::string_view name, classify::Workspace& workspace) {
    const auto known = by_name.find(name);
    if (known != by_name.end()) return logs[known->second];
    by_name.emplace(name, logs.size());
    return add_log(name, workspace);
  }

  LogScanner& add_log(std::string_view name, classify::Workspace& workspace) {
    return logs.emplace_back(rules, name, logs.size(), applicable, status, workspace);
  }

  [[nodiscard]] Classification verdict(const Findings& found) const {
    Classification verdict = judge(found);
    for (const LogScanner& log : logs) {
      verdict.logs.push_back(log.name());
      verdict.log_bytes += log.size();
    }
    if (succeeded) verdict.notes.emplace_back("the attempt succeeded, so its logs were not judged");
    std::set<std::string_view> told;
    for (const std::size_t rule : found.gave_up) {
      const std::string& name = rules.rule(rule).name;
      if (found.matches.contains(rule) || !told.insert(name).second) continue;
      verdict.notes.push_back(fmt::format("rule \"{}\" gave up: its regex backtracks too much", name));
    }
    return verdict;
  }

  // Against an exit code of 0 nothing counts but what a tool reports, or a rule that is made for that code.
  [[nodiscard]] Classification judge(const Findings& found) const {
    const bool reports_failure = found.reports.size() == 1 && found.reports.contains(classify::Report::failure);
    if (status == ExitStatus::unknown) {
      Classification verdict = classify::finalize(rules.rules(), rules.relations(), found.matches, found.outlived);
      if (!reports_failure || shows_evidence(verdict)) return verdict;
      return judge_outlived(found, std::move(verdict));
    }
    if (status == ExitStatus::failure || reports_failure) return judge_failed(found);
    classify::FirstMatches meant = found.matches;
    std::erase_if(meant, [&](const auto& it) { return rules.rule(it.first).when.exit_codes.empty(); });
    Classification verdict = classify::finalize(rules.rules(), rules.relations(), meant);
    if (!verdict.classified && !found.matches.empty()) {
      verdict.notes.emplace_back("the exit code is 0 and no tool reports that its job failed");
    }
    return verdict;
  }

  // Of a job that is known to have failed, what proves it counts before what would prove it in a log of another name,
  // that before the last of what it seemed to go on after, and that before the exit code alone. So weak a proof does
  // not say that the job's own code is wrong: then nobody would retry.
  [[nodiscard]] Classification judge_failed(const Findings& found) const {
    classify::FirstMatches usual = found.matches;
    std::erase_if(usual, [&](const auto& it) { return is_weak(it); });
    Classification verdict = classify::finalize(rules.rules(), rules.relations(), usual, found.outlived);
    if (shows_evidence(verdict)) return verdict;
    classify::FirstMatches all = found.matches;
    std::erase_if(all, [&](const auto& it) { return is_weak(it) && blames_code(it); });
    verdict = classify::finalize(rules.rules(), rules.relations(), all, found.outlived);
    if (shows_evidence(verdict)) return verdict;
    return judge_outlived(found, std::move(verdict));
  }

  // The last of what the job seemed to go on after, else the verdict that explains nothing.
  [[nodiscard]] Classification judge_outlived(const Findings& found, Classification verdict) const {
    classify::FirstMatches earlier = found.outlived_last;
    std::erase_if(earlier, [&](const auto& it) { return is_weak(it) || blames_code(it); });
    Classification last = classify::finalize(rules.rules(), rules.relations(), earlier);
    if (!last.classified) return verdict;
    last.notes.emplace_back("the log goes on after this, but nothing later in it explains the failure");
    return last;
  }

  // What would prove it only in a log of another name.
  [[nodiscard]] bool is_weak(const classify::FirstMatches::value_type& it) const {
    return !rules.reads(it.first, it.second.evidence.log);
  }
  [[nodiscard]] bool blames_code(const classify::FirstMatches::value_type& it) const {
    return rules.rule(it.first).category == "user_code";
  }

  // Neither the exit code alone nor a symptom of whatever there is.
  [[nodiscard]] bool shows_evidence(const Classification& verdict) const {
    const auto tells = [&](const Rule& rule) {
      return rule.name == verdict.rule && !rule.regex.empty() &&
             std::find(rule.wraps.begin(), rule.wraps.end(), "*") == rule.wraps.end();
    };
    const std::vector<Rule>& all = rules.set().rules();
    return verdict.classified && std::any_of(all.begin(), all.end(), tells);
  }

  std::shared_ptr<const Classifier::Impl> owner;
  const CompiledRules& rules;
  classify::RuleBits applicable;
  bool succeeded;
  ExitStatus status;
  Findings findings;
  std::vector<LogScanner> logs;
  std::map<std::string, std::size_t, std::less<>> by_name;
};

Classifier::Classifier(RuleSet rules, const ClassifierOptions& options)
    : impl_(std::make_shared<const Impl>(std::move(rules), options)) {}

Classification Classifier::classify(std::span<const Log> logs, const Attempt* attempt) const {
  Scan::Impl scan(impl_, attempt);
  const CompiledRules::Lease workspace(impl_->compiled);
  for (const Log& log : logs) scan.add_log(log.name, *workspace).feed(log.data, true, scan.findings, *workspace);
  return scan.verdict(scan.findings);
}

Scan Classifier::scan(const Attempt* attempt) const {
  return Scan(std::make_unique<Scan::Impl>(impl_, attempt));
}

const RuleSet& Classifier::rules() const noexcept {
  return impl_->compiled.set();
}
const std::string& Classifier::description() const noexcept {
  return impl_->compiled.description();
}

Scan::Scan(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Scan::Scan(Scan&&) noexcept = default;
Scan& Scan::operator=(Scan&&) noexcept = default;
Scan::~Scan() = default;

void Scan::feed(std::string_view name, std::string_view data) {
  const CompiledRules::Lease workspace(impl_->rules);
  impl_->log(name, *workspace).feed(data, false, impl_->findings, *workspace);
}

void Scan::feed_file(std::string_view name, const std::filesystem::path& path) {
  read_pieces(path, [&](std::string_view piece) { feed(name, piece); });
  feed(name, {});  // an empty file is a log, one that cannot be opened is not
}

Classification Scan::result() const {
  Findings findings = impl_->findings;
  const CompiledRules::Lease workspace(impl_->rules);
  for (LogScanner log : impl_->logs) log.feed({}, true, findings, *workspace);
  return impl_->verdict(findings);
}

}  // namespace jobmedic
