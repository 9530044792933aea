#include "report/savings.hpp"

#include <algorithm>

namespace jobmedic::reported {
namespace {

constexpr std::size_t most_rules = 5'000;

// p + p^2 + ... of so many retries.
double failing_retries(double p, int retries) {
  double sum = 0, power = p;
  for (int k = 0; k < retries; ++k, power *= p) sum += power;
  return sum;
}

std::size_t index(int row) {
  return static_cast<std::size_t>(row);
}

}  // namespace

SavingsCount::SavingsCount(int unchanged_retries) : retries_(unchanged_retries) {
  for (int r = 1; r <= retries_; ++r) sum_.rows.push_back({r, 0, 0});
}

void SavingsCount::learn(const Run& run) {
  for (std::size_t i = 1; i < run.tries.size(); ++i) {
    const Try& failed = run.tries[i - 1];
    const Try& retry = run.tries[i];
    if (!failed.failed() || !retry.unchanged || !retry.ended()) continue;
    const std::string& rule = failed.attempt->outcome->rule;
    if (failed_.size() < most_rules || failed_.contains(rule)) failed_[rule].add(run.job, retry.failed());
  }
}

bool SavingsCount::left_out(const Try& failed, const Try* next) {
  if (!failed.answer->restart) {
    if (next != nullptr) ++sum_.advice_not_taken;
    return next != nullptr;
  }
  if (next == nullptr || !next->ended()) {
    ++sum_.retry_open;
    return true;
  }
  if (!next->patched) ++sum_.advice_not_taken;
  return !next->patched;
}

std::optional<SavingsCount::Case> SavingsCount::price(const Run& run, std::size_t failed) const {
  const Attempt& attempt = *run.tries[failed].attempt;
  if (!attempt.outcome->cost_usd) return std::nullopt;
  Case priced{*attempt.outcome->cost_usd, static_cast<int>(std::clamp<std::int64_t>(attempt.attempt - 1, 0, retries_)),
              std::vector<double>(index(retries_), 0.0)};
  double spent = 0;
  std::size_t next = failed + 1;
  for (int row = priced.used_up; row < retries_; ++row, ++next) {
    if (next < run.tries.size() && run.tries[next].failed()) {
      const auto& cost = run.tries[next].attempt->outcome->cost_usd;
      if (!cost) return std::nullopt;
      spent += *cost;
    }
    priced.spent_usd[index(row)] = spent;
  }
  return priced;
}

void SavingsCount::add(const Run& run) {
  learn(run);
  const auto first = std::find_if(run.tries.begin(), run.tries.end(), [](const Try& it) {
    return it.counts && it.failed() && it.answer && it.answer->acts && it.answer->decision != "retry_unchanged";
  });
  if (first == run.tries.end() || first->attempt->attempt > retries_) return;
  if (left_out(*first, std::next(first) == run.tries.end() ? nullptr : &*std::next(first))) return;
  const auto priced = price(run, static_cast<std::size_t>(first - run.tries.begin()));
  if (!priced) {
    ++sum_.without_cost;
    return;
  }
  std::uint64_t& runs = first->answer->restart ? sum_.patched : sum_.avoided;
  if (first->answer->unchanged) {
    ++runs;
    for (Savings::Row& row : sum_.rows) {
      row.unchanged_usd += priced->cost_usd * failing_retries(*first->answer->unchanged, row.retries - priced->used_up);
      row.spent_usd += priced->spent_usd[index(row.retries - 1)];
    }
    return;
  }
  const std::string& rule = first->attempt->outcome->rule;
  if (waiting_.size() >= most_rules && !waiting_.contains(rule)) {
    ++sum_.without_estimate;
    return;
  }
  Waiting& waiting = waiting_[rule];
  ++(first->answer->restart ? waiting.patched : waiting.avoided);
  waiting.cost_usd[priced->used_up] += priced->cost_usd;
  waiting.spent_usd.resize(index(retries_));
  for (int row = 0; row < retries_; ++row) waiting.spent_usd[index(row)] += priced->spent_usd[index(row)];
}

Savings SavingsCount::tell() const {
  Savings savings = sum_;
  for (const auto& [rule, waiting] : waiting_) {
    const auto known = failed_.find(rule);
    const Share share = known == failed_.end() ? Share() : known->second.share();
    if (!share.tells()) {
      savings.without_estimate += waiting.patched + waiting.avoided;
      continue;
    }
    savings.patched += waiting.patched;
    savings.avoided += waiting.avoided;
    savings.by_history += waiting.patched + waiting.avoided;
    for (Savings::Row& row : savings.rows) {
      for (const auto& [used_up, cost] : waiting.cost_usd) {
        row.unchanged_usd += cost * failing_retries(share.value(), row.retries - used_up);
      }
      row.spent_usd += waiting.spent_usd[index(row.retries - 1)];
    }
  }
  return savings;
}

}  // namespace jobmedic::reported
