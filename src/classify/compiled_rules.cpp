#include "classify/compiled_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "classify/database_cache.hpp"
#include "classify/rule_error.hpp"
#include "core/glob.hpp"

namespace jobmedic::classify {
namespace {

bool is_glob(std::string_view name) {
  return name.find_first_of("*?[") != std::string_view::npos;
}

// The rules that the names of one relation of `rule` mean. A rule from a weaker frame is too weak to speak against one
// that is not.
std::vector<std::size_t> resolve(const RunnableRules& runnable, std::size_t rule, const std::vector<std::string>& names,
                                 std::string_view relation) {
  const Rule& self = runnable.rules[rule];
  std::vector<std::size_t> resolved;
  for (const std::string& name : names) {
    bool known = is_glob(name);
    for (std::size_t i = 0; i < runnable.rules.size(); ++i) {
      const std::string& other = runnable.rules[i].name;
      if (other == self.name || !(is_glob(name) ? glob_matches(name, other) : name == other)) continue;
      known = true;
      if (runnable.weaker[rule] || !runnable.weaker[i]) resolved.push_back(i);
    }
    if (!known) throw rule_error(self, fmt::format("{}: there is no rule \"{}\"", relation, name));
  }
  return resolved;
}

Relations resolve_relations(const RunnableRules& runnable) {
  Relations relations;
  for (std::size_t i = 0; i < runnable.rules.size(); ++i) {
    relations.unless.push_back(resolve(runnable, i, runnable.rules[i].unless, "unless"));
    relations.wraps.push_back(resolve(runnable, i, runnable.rules[i].wraps, "wraps"));
  }
  return relations;
}

std::string describe(const Database& database, const CompiledRules& compiled, bool cached) {
  std::set<std::string_view> alone;
  for (std::size_t i = 0; i < compiled.rules().size(); ++i) {
    const Rule& rule = compiled.rules()[i];
    if (!rule.regex.empty() && database.filter(i) == Filter::none) alone.insert(rule.name);
  }
  const auto cpu = scanner_cpu();
  return fmt::format("{} {}, {}; {} rules{}{}", JOBMEDIC_SCANNER, scanner_version(), cpu.value_or("not for this CPU"),
                     compiled.set().rules().size(),
                     alone.empty() ? "" : fmt::format(", {} by PCRE2 alone", alone.size()),
                     cached ? ", from the cache" : "");
}

}  // namespace

CompiledRules::CompiledRules(RuleSet rules, const ClassifierOptions& options)
    : set_(std::move(rules)), runnable_(runnable(set_.rules())), relations_(resolve_relations(runnable_)) {
  for (const Rule& rule : this->rules()) lines_ = std::max(lines_, rule.lines);
  CachedDatabase opened = open_database(this->rules(), options);
  database_ = std::move(opened.database);
  description_ = describe(database_, *this, opened.from_cache);
  scratch_ = database_.make_scratch();
  regexes_ = std::make_unique<LazyRegex[]>(this->rules().size());
}

const Regex& CompiledRules::regex(std::size_t rule) const {
  LazyRegex& lazy = regexes_[rule];
  std::call_once(lazy.once,
                 [&] { lazy.regex = std::make_unique<const Regex>(rules()[rule].regex, rules()[rule].flags, true); });
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
