#include "classify/compiled_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "classify/database_cache.hpp"
#include "classify/log_names.hpp"
#include "classify/telling_part.hpp"
#include "core/glob.hpp"

namespace jobmedic::classify {
namespace {

// A log that a process writes, and not one that a tool or a person put together.
bool reads_streams(std::string_view glob) {
  const auto names = typical_log_names();
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view name) { return !name.ends_with(".log") && glob_matches(glob, name); });
}

// A log without a name is meant by every glob, one that any program wrote by that of tools' logs.
bool is_meant(std::string_view glob, std::string_view log) {
  return log.empty() || glob_matches(glob, log) || (glob == tool_logs && is_tool_log(log));
}

// Of the signs, those that are looked for in a log of this name.
std::vector<std::size_t> frames_meant(const std::vector<Sign>& signs, std::string_view log) {
  std::vector<std::size_t> frames;
  for (const Sign& sign : signs) {
    if (is_meant(sign.log, log)) frames.push_back(sign.frame);
  }
  return frames;
}

// Whether a regex of one line may ask what stands around that line. A look-behind of one line does not leave it.
bool looks_around(std::string_view regex) {
  constexpr std::array<std::string_view, 5> around{"\\A", "\\G", "\\K", "\\Z", "\\z"};
  return std::any_of(around.begin(), around.end(),
                     [&](std::string_view item) { return regex.find(item) != std::string_view::npos; });
}

// What one of the automata looks for; the others count, but are looked for by nothing.
std::vector<Pattern> only(std::vector<Pattern> patterns, const std::vector<Automaton>& automaton_of, Automaton one) {
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    if (automaton_of[i] != one) patterns[i] = {};
  }
  return patterns;
}

std::string describe(const CompiledRules& compiled, bool cached) {
  std::set<std::string_view> alone;
  for (std::size_t i = 0; i < compiled.rules().size(); ++i) {
    const Rule& rule = compiled.rule(i);
    if (!rule.regex.empty() && compiled.filter(i) == Filter::none) alone.insert(rule.name);
  }
  const auto cpu = scanner_cpu();
  return fmt::format("{} {}, {}; {} rules{}{}", JOBMEDIC_SCANNER, scanner_version(), cpu.value_or("not for this CPU"),
                     compiled.set().rules().size(),
                     alone.empty() ? "" : fmt::format(", {} by PCRE2 alone", alone.size()),
                     cached ? ", from the cache" : "");
}

}  // namespace

CompiledRules::CompiledRules(RuleSet rules, const ClassifierOptions& options)
    : set_(std::move(rules)),
      runnable_(runnable(set_.rules())),
      relations_(resolve_relations(set_.rules())),
      secrets_(options.secrets) {
  const std::vector<Pattern> all = patterns();
  const CacheFolder cache(options.cache);
  bool cached = true;
  for (std::size_t i = 0; i < automata; ++i) {
    CachedDatabase opened = open_database(only(all, automaton_of_, static_cast<Automaton>(i)), cache);
    databases_[i] = std::move(opened.database);
    scratch_[i] = databases_[i].make_scratch();
    cached = cached && opened.from_cache;
  }
  index();
  description_ = describe(*this, cached);
  regexes_ = std::make_unique<LazyRegex[]>(all.size());
  line_regexes_ = std::make_unique<LineRegex[]>(set_.rules().size());
}

std::vector<Pattern> CompiledRules::patterns() {
  std::vector<bool> tells;  // by frame
  for (const std::string_view frame : runnable_.frames) {
    tells.push_back(telling_part(frame).has_value());
    frame_spans_lines_.push_back(may_span_lines(frame));
  }
  frame_is_a_gate_.resize(runnable_.frames.size());
  std::vector<bool> one_line;  // by rule of the set
  std::vector<bool> by_itself;
  for (const Rule& rule : set_.rules()) {
    lines_ = std::max(lines_, rule.lines);
    one_line.push_back(rule.flags.find('s') == std::string::npos && !may_span_lines(rule.regex));
    by_itself.push_back(!looks_around(rule.regex));
  }
  std::vector<Pattern> patterns;
  for (const RunnableRule& it : rules()) {
    patterns.push_back({it.frame ? runnable_.frames[*it.frame] : "", it.rule->regex, it.rule->flags});
    in_one_line_.push_back(it.frame && one_line[it.place]);
    by_itself_.push_back(it.frame && by_itself[it.place]);
    const bool anywhere = !(it.frame && tells[*it.frame]) && reads_streams(it.log);
    automaton_of_.push_back(anywhere ? Automaton::first : Automaton::inner);
    if (it.frame) frame_is_a_gate_[*it.frame] = true;
  }
  // One without a telling phrase would be found on most lines: it is only asked for where a rule within it is.
  for (const Sign& sign : runnable_.signs.ended_well) tells[sign.frame] = false;  // asked of the last lines alone
  for (std::size_t i = 0; i < tells.size(); ++i) {
    patterns.push_back({"", tells[i] ? runnable_.frames[i] : "", ""});
    automaton_of_.push_back(frame_is_a_gate_[i] ? Automaton::first : Automaton::signs);
  }
  return patterns;
}

void CompiledRules::index() {
  unconditional_ = RuleBits(rules().size());
  ungated_ = RuleBits(rules().size());
  is_followed_.resize(set_.rules().size());
  for (const auto& named : relations_.follows) {
    for (const std::size_t rule : named) is_followed_[rule] = true;
  }
  for (std::size_t i = 0; i < rules().size(); ++i) {
    const Rule& rule = this->rule(i);
    if (rule.when.empty()) {
      unconditional_.set(i);
    } else {
      conditional_.push_back(i);
    }
    if (rule.regex.empty()) {
      silent_.push_back(i);
      continue;
    }
    by_log_.try_emplace(std::string(rules()[i].log), rules().size()).first->second.set(i);
    by_log_of_rule_.try_emplace(rule.log, rules().size()).first->second.set(i);
    if (filter(i) == Filter::none) unfiltered_.push_back(i);
    const auto frame = rules()[i].frame;
    const bool gated = frame && filter(rules().size() + *frame) != Filter::none;
    if (automaton_of_[i] == Automaton::inner && !gated) ungated_.set(i);
  }
}

RuleBits CompiledRules::applicable(const Attempt* attempt) const {
  if (has_succeeded(attempt)) return RuleBits(rules().size());
  RuleBits bits = unconditional_;
  if (attempt == nullptr) return bits;
  for (const std::size_t rule : conditional_) {
    if (condition_holds(this->rule(rule).when, attempt)) bits.set(rule);
  }
  return bits;
}

const Readers& CompiledRules::readers(std::string_view log, bool has_failed, Workspace& workspace) const {
  if (workspace.log != log || workspace.has_failed != has_failed) {
    workspace.readers = readers(log, has_failed);
    workspace.log = log;
    workspace.has_failed = has_failed;
  }
  return workspace.readers;
}

Readers CompiledRules::readers(std::string_view log, bool has_failed) const {
  if (has_failed) return {meant_for(log), {frames_meant(runnable_.signs.went_on, log), {}}};
  Readers readers{RuleBits(rules().size()), {}};
  for (const auto& [glob, rules] : by_log_) {
    if (is_meant(glob, log)) readers.rules |= rules;
  }
  const Signs& signs = runnable_.signs;
  const std::string_view as = log.empty() ? "excerpt.log" : log;  // what a driver prints proves nothing of other texts
  readers.frames = {frames_meant(signs.went_on, as), frames_meant(signs.ended_well, as)};
  return readers;
}

ReportFrames CompiledRules::report_frames(std::string_view log) const {
  const Signs& signs = runnable_.signs;
  return {frames_meant(signs.reported_failure, log), frames_meant(signs.reported_success, log)};
}

WatchedFrames CompiledRules::watched_at_success() const {
  constexpr std::string_view any;
  return {frames_meant(runnable_.signs.went_on, any), frames_meant(runnable_.signs.ended_well, any)};
}

RuleBits CompiledRules::meant_for(std::string_view log) const {
  RuleBits meant(rules().size());
  for (const auto& [glob, rules] : by_log_of_rule_) {
    if (is_meant(glob, log)) meant |= rules;
  }
  return meant;
}

bool CompiledRules::reads(std::size_t rule, std::string_view log) const {
  return is_meant(rules()[rule].log, log);
}

bool CompiledRules::is_proof(std::size_t rule) const {
  const auto frame = rules()[rule].frame;
  return frame && !rules()[rule].weaker && filter(rules().size() + *frame) != Filter::none;
}

const Regex& CompiledRules::regex(std::size_t rule) const {
  LazyRegex& lazy = regexes_[rule];
  std::call_once(lazy.once, [&] {
    lazy.regex = std::make_unique<const Regex>(runnable_.regex(rule), this->rule(rule).flags, true);
  });
  return *lazy.regex;
}

const Regex& CompiledRules::line_regex(std::size_t rule) const {
  constexpr std::uint32_t often = 16;  // machine code costs as much as so many lines without it
  LineRegex& line = line_regexes_[rules()[rule].place];
  const bool fast = line.asked.load(std::memory_order_relaxed) >= often;
  if (!fast) line.asked.fetch_add(1, std::memory_order_relaxed);
  LazyRegex& lazy = fast ? line.fast : line.plain;
  std::call_once(lazy.once, [&] {
    lazy.regex = std::make_unique<const Regex>(this->rule(rule).regex, this->rule(rule).flags, fast);
  });
  return *lazy.regex;
}

const Regex& CompiledRules::frame_regex(std::size_t frame) const {
  LazyRegex& lazy = regexes_[rules().size() + frame];
  std::call_once(lazy.once, [&] {
    const std::string regex = std::string(sees_log).append("(?:").append(runnable_.frames[frame]).append(")");
    lazy.regex = std::make_unique<const Regex>(regex, "", true);
  });
  return *lazy.regex;
}

std::unique_ptr<Workspace> CompiledRules::take() const {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto workspace = std::move(idle_.back());
      idle_.pop_back();
      return workspace;
    }
  }
  auto workspace = std::make_unique<Workspace>();
  std::transform(scratch_.begin(), scratch_.end(), workspace->scratch.begin(), Database::clone);
  workspace->progress.resize(rules().size());
  workspace->frames.resize(runnable_.frames.size());
  workspace->lines.resize(set_.rules().size());
  return workspace;
}

void CompiledRules::give_back(std::unique_ptr<Workspace> workspace) const noexcept {
  const std::lock_guard lock(mutex_);
  try {
    idle_.push_back(std::move(workspace));
  } catch (const std::bad_alloc&) {  // then it is freed instead
  }
}

}  // namespace jobmedic::classify
