// The shipped rules over the logs of 111 recorded Spark runs, against a naive loop over PCRE2.
#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <random>

#include "classify/log_scanner.hpp"
#include "classify_helpers.hpp"
#include "naive.hpp"
#include "test_data.hpp"

using namespace jobmedic;
namespace fs = std::filesystem;

namespace {

struct Run {
  Attempt attempt;
  std::vector<std::pair<std::string, std::string>> files;
  std::vector<Log> logs;
};

std::vector<Run> recorded_runs() {
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(test_data("spark-failures"))) {
    if (entry.is_directory()) folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end());
  std::vector<Run> runs;
  for (const fs::path& folder : folders) {
    Run& run = runs.emplace_back();
    const json::Value meta = json::parse(read_file(folder / "meta.json"));
    run.attempt.job = "recorded";
    run.attempt.outcome.emplace();
    if (const auto code = json::Reader(meta).find("exit_code")) run.attempt.outcome->exit_code = code->integer();
    std::vector<fs::path> paths;
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (entry.path().filename() != "meta.json") paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    for (const fs::path& path : paths) run.files.emplace_back(path.filename().string(), read_file(path));
  }
  for (Run& run : runs) {
    for (const auto& [name, text] : run.files) run.logs.push_back({name, text});
  }
  return runs;
}

using NaiveMatches = std::vector<std::optional<naive::Match>>;  // one per rule

// Which rule wins, told as plainly as design.md does; none: unclassified.
std::optional<std::size_t> naive_winner(const classify::Relations& relations, const std::vector<std::size_t>& order,
                                        const NaiveMatches& matches) {
  const auto matched = [&](std::size_t rule) { return matches[rule].has_value(); };
  const auto fires = [&](std::size_t rule) {
    const auto& unless = relations.unless[rule];
    const auto& beside = relations.beside[rule];
    return matched(rule) && std::none_of(unless.begin(), unless.end(), matched) &&
           (beside.empty() || std::any_of(beside.begin(), beside.end(), matched));
  };
  const auto wraps = [&](std::size_t rule, std::size_t other) {
    const auto& named = relations.wraps[rule];
    return std::find(named.begin(), named.end(), other) != named.end();
  };
  auto winner = std::find_if(order.begin(), order.end(), fires);
  if (winner == order.end()) return std::nullopt;
  std::set<std::size_t> symptoms;
  const auto causes = [&](std::size_t other) {
    return fires(other) && !symptoms.contains(other) && wraps(*winner, other) && !wraps(other, *winner);
  };
  for (auto cause = winner; (cause = std::find_if(order.begin(), order.end(), causes)) != order.end(); winner = cause) {
    symptoms.insert(*winner);
  }
  return *winner;
}

NaiveMatches naive_matches(const classify::RunnableRules& running, const std::vector<Rule>& rules, const Run& run) {
  const std::vector<std::size_t> went_on = naive::where_jobs_went_on(running, run.logs);
  NaiveMatches matches;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const Rule& rule = rules[i];
    if (!classify::condition_holds(rule.when, &run.attempt)) {
      matches.emplace_back();
    } else if (rule.regex.empty()) {
      matches.emplace_back(naive::Match{});
    } else {
      matches.push_back(running.rules[i].frame ? naive::first_match(rule, run.logs, went_on)
                                               : naive::first_match(rule, run.logs));
    }
  }
  return matches;
}

// What the scanner recorded for a run, before the finalizer.
classify::FirstMatches recorded_hits(const classify::CompiledRules& compiled, const Run& run) {
  classify::Findings findings;
  const classify::RuleBits applicable = compiled.applicable(&run.attempt);
  const classify::CompiledRules::Lease workspace(compiled);
  for (std::size_t i = 0; i < run.logs.size(); ++i) {
    classify::LogScanner(compiled, run.logs[i].name, i, applicable, classify::ExitStatus::unknown, *workspace)
        .feed(run.logs[i].data, true, findings, *workspace);
  }
  for (const std::size_t rule : compiled.silent()) {
    if (applicable.test(rule)) findings.matches.emplace(rule, classify::FirstMatch());
  }
  return findings.matches;
}

std::vector<std::size_t> shuffled(std::size_t count, std::mt19937_64& random) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::shuffle(order.begin(), order.end(), random);
  return order;
}

// The relations of the rules as they run; `follows` has tests of its own.
classify::Relations expanded(const classify::CompiledRules& compiled) {
  const auto& rules = compiled.rules();
  const auto expand = [&](const std::vector<std::vector<std::size_t>>& relation) {
    std::vector<std::vector<std::size_t>> lists(rules.size());
    for (std::size_t i = 0; i < rules.size(); ++i) {
      const std::vector<std::size_t>& named = relation[rules[i].place];
      for (std::size_t j = 0; j < rules.size(); ++j) {
        const bool is_named = std::find(named.begin(), named.end(), rules[j].place) != named.end();
        if (is_named && (rules[i].weaker || !rules[j].weaker)) lists[i].push_back(j);
      }
    }
    return lists;
  };
  return {expand(compiled.relations().unless), expand(compiled.relations().beside), expand(compiled.relations().wraps),
          std::vector<std::vector<std::size_t>>(rules.size())};
}

// Several rules that run may share a name.
std::string unique_name(const std::vector<Rule>& rules, std::size_t rule) {
  return rules[rule].name + "." + std::to_string(rule);
}

// The rules that run in another order: a set is only made from a document, so this writes one.
RuleSet reordered(const classify::RunnableRules& running, const std::vector<Rule>& rules,
                  const classify::Relations& relations, const std::vector<std::size_t>& order) {
  const auto frame_name = [](std::size_t frame) { return "frame " + std::to_string(frame); };
  json::Object frames;
  for (std::size_t i = 0; i < running.frames.size(); ++i) {
    json::Object frame{{"regex", std::string(running.frames[i])}};
    if (!running.excepted[i].empty()) frame.emplace_back("except", std::string(running.excepted[i]));
    frames.emplace_back(frame_name(i), json::Array{json::Value(std::move(frame))});
  }
  const auto names = [&](const std::vector<std::size_t>& related) {
    json::Array array;
    for (const std::size_t other : related) array.emplace_back(unique_name(rules, other));
    return array;
  };
  json::Array array;
  for (const std::size_t i : order) {
    const Rule& rule = rules[i];
    json::Object labels;
    for (const auto& [name, glob] : rule.when.labels) labels.emplace_back(name, glob);
    json::Value when = json::object({{"job", rule.when.job}, {"labels", std::move(labels)}});
    if (!rule.when.exit_codes.empty()) {
      when.as<json::Object>()->emplace_back("exit_code",
                                            json::Array(rule.when.exit_codes.begin(), rule.when.exit_codes.end()));
    }
    const classify::RunnableRule& it = running.rules[i];
    array.push_back(json::object({{"name", unique_name(rules, i)},
                                  {"log", rule.log},
                                  {"regex", it.rule->regex},
                                  {"within", it.frame ? frame_name(*it.frame) : ""},
                                  {"flags", rule.flags},
                                  {"lines", rule.lines},
                                  {"category", rule.category},
                                  {"when", std::move(when)},
                                  {"unless", names(relations.unless[i])},
                                  {"beside", names(relations.beside[i])},
                                  {"wraps", names(relations.wraps[i])}}));
  }
  return RuleSet::parse(json::write(
      json::object({{"schema", "jobmedic.rules/1"}, {"frames", std::move(frames)}, {"rules", std::move(array)}})));
}

void check_winner(const Classification& verdict, const std::vector<Rule>& rules, std::optional<std::size_t> expected,
                  const Run& run, const NaiveMatches& matches) {
  REQUIRE(verdict.rule == (expected ? unique_name(rules, *expected) : ""));
  if (!expected || rules[*expected].regex.empty()) return;
  const naive::Match& match = *matches[*expected];
  REQUIRE(verdict.evidence->log == run.logs[match.log].name);
  REQUIRE(verdict.evidence->line == match.line);
  REQUIRE(verdict.evidence->offset == match.offset);
}

}  // namespace

// Every rule's first match is found once by the scanner and once naively; the finalizer decides all 1,000 orders, whole
// classifiers are made of every 250th, with a sanitizer of every 500th.
TEST_CASE("1,000 shuffled rule orders over the recorded logs give the same winner as a naive loop over PCRE2") {
  REQUIRE_TEST_DATA("spark-failures");
  // Some of the runs: the naive loop takes minutes over all of them, and an hour with a sanitizer.
  constexpr std::size_t some = sanitized ? 36 : 12;
  const std::size_t step = std::getenv("JOBMEDIC_ALL_RUNS") != nullptr ? 1 : some;
  const std::vector<Run> all = recorded_runs();
  std::vector<Run> runs;
  for (std::size_t i = 0; i < all.size(); i += step) runs.push_back(all[i]);
  const classify::CompiledRules compiled(RuleSet::shipped(), {{{}, false}});
  const classify::RunnableRules running = classify::runnable(compiled.set().rules());
  const std::vector<Rule> rules = naive::plain_rules(running);
  const classify::Relations relations = expanded(compiled);

  std::vector<NaiveMatches> naive;
  std::vector<classify::FirstMatches> hits;
  for (const Run& run : runs) {
    naive.push_back(naive_matches(running, rules, run));
    hits.push_back(recorded_hits(compiled, run));
  }

  std::mt19937_64 random(7);
  for (int round = 0; round < 1'000; ++round) {
    const std::vector<std::size_t> order = shuffled(rules.size(), random);
    std::vector<std::size_t> place(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) place[order[i]] = i;
    const auto placed = [&](const std::vector<std::size_t>& related) {
      std::vector<std::size_t> moved;
      for (const std::size_t other : related) moved.push_back(place[other]);
      std::sort(moved.begin(), moved.end());
      return moved;
    };
    std::vector<Rule> in_order(order.size());
    std::vector<classify::RunnableRule> placed_rules;
    classify::Relations moved;
    moved.follows.resize(order.size());
    for (const std::size_t rule : order) {
      const std::size_t at = placed_rules.size();
      in_order[at].name = unique_name(rules, rule);
      placed_rules.push_back({&in_order[at], at, "*", std::nullopt});
      moved.unless.push_back(placed(relations.unless[rule]));
      moved.beside.push_back(placed(relations.beside[rule]));
      moved.wraps.push_back(placed(relations.wraps[rule]));
    }
    for (std::size_t i = 0; i < runs.size(); ++i) {
      classify::FirstMatches matches;
      for (const auto& [rule, match] : hits[i]) matches.emplace(place[rule], match);
      const Classification verdict = classify::finalize(placed_rules, moved, matches);
      check_winner(verdict, rules, naive_winner(relations, order, naive[i]), runs[i], naive[i]);
    }
    if (round % (sanitized ? 500 : 250) != 0) continue;
    const Classifier classifier = uncached(reordered(running, rules, relations, order));
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const Classification verdict = classifier.classify(runs[i].logs, &runs[i].attempt);
      check_winner(verdict, rules, naive_winner(relations, order, naive[i]), runs[i], naive[i]);
    }
  }
}

TEST_CASE("the recorded logs, read piece by piece and interleaved, give the same document") {
  REQUIRE_TEST_DATA("spark-failures");
  const Classifier classifier = uncached(RuleSet::shipped());
  std::mt19937_64 random(8);
  for (const Run& run : recorded_runs()) {
    Scan scan = classifier.scan(&run.attempt);
    for (const Log& log : run.logs) scan.feed(log.name, {});
    std::size_t at = 0;
    for (bool more = true; more;) {
      more = false;
      const std::size_t size = 1 + random() % 50'000;
      for (const Log& log : run.logs) {
        if (at >= log.data.size()) continue;
        scan.feed(log.name, log.data.substr(at, size));
        more = true;
      }
      at += size;
    }
    REQUIRE(scan.result().to_json() == classifier.classify(run.logs, &run.attempt).to_json());
  }
}
