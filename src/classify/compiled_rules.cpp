#include "classify/compiled_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "classify/database_cache.hpp"
#include "classify/rule_error.hpp"

namespace jobmedic::classify {
namespace {

std::vector<std::vector<std::size_t>> resolve_unless(const std::vector<Rule>& rules) {
  std::map<std::string_view, std::size_t> by_name;
  for (std::size_t i = 0; i < rules.size(); ++i) by_name.emplace(rules[i].name, i);
  std::vector<std::vector<std::size_t>> resolved(rules.size());
  for (std::size_t i = 0; i < rules.size(); ++i) {
    for (const std::string& name : rules[i].unless) {
      const auto found = by_name.find(name);
      if (found == by_name.end()) throw rule_error(rules[i], fmt::format("unless: there is no rule \"{}\"", name));
      resolved[i].push_back(found->second);
    }
  }
  return resolved;
}

std::string describe(const Database& database, const std::vector<Rule>& rules, bool cached) {
  std::size_t alone = 0;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (!rules[i].regex.empty() && database.filter(i) == Filter::none) ++alone;
  }
  const auto cpu = scanner_cpu();
  return fmt::format("{} {}, {}; {} rules{}{}", JOBMEDIC_SCANNER, scanner_version(), cpu.value_or("not for this CPU"),
                     rules.size(), alone == 0 ? "" : fmt::format(", {} by PCRE2 alone", alone),
                     cached ? ", from the cache" : "");
}

}  // namespace

CompiledRules::CompiledRules(RuleSet rules, const ClassifierOptions& options)
    : set_(std::move(rules)), unless_(resolve_unless(set_.rules())), secrets_(options.secrets) {
  for (const Rule& rule : set_.rules()) lines_ = std::max(lines_, rule.lines);
  CachedDatabase opened = open_database(set_.rules(), options);
  database_ = std::move(opened.database);
  description_ = describe(database_, set_.rules(), opened.from_cache);
  scratch_ = database_.make_scratch();
  regexes_ = std::make_unique<LazyRegex[]>(set_.rules().size());
}

const Regex& CompiledRules::regex(std::size_t rule) const {
  LazyRegex& lazy = regexes_[rule];
  std::call_once(lazy.once, [&] {
    lazy.regex = std::make_unique<const Regex>(set_.rules()[rule].regex, set_.rules()[rule].flags, true);
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
  workspace->scratch = Database::clone(scratch_);
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
