#include "recommend/model/tokens.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/hash.hpp"

namespace jobmedic::model {
namespace {

constexpr std::size_t max_plan_bytes = 256 << 10;
constexpr std::size_t max_plan_words = 1024;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// Distinct words of letters, so that a plan's running numbers (#123, id=7) leave no trace.
std::vector<std::string_view> words_of(std::string_view plan) {
  plan = plan.substr(0, max_plan_bytes);
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < plan.size();) {
    std::size_t end = at;
    while (end < plan.size() && is_word(plan[end])) ++end;
    if (end - at >= 3) words.push_back(plan.substr(at, end - at));
    at = end + 1;
  }
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  if (words.size() > max_plan_words) words.resize(max_plan_words);
  return words;
}

}  // namespace

void TokenBag::add(std::uint32_t bucket, float weight) {
  buckets.push_back(bucket);
  weights.push_back(weight);
}

std::uint32_t bucket_of(std::string_view name, std::string_view value, std::uint32_t count) {
  return static_cast<std::uint32_t>(hash64(value, hash64(name)) % count);
}

TokenBag tokens_of(const Attempt& failed, const Classification& verdict, std::uint32_t bucket_count) {
  TokenBag bag;
  const auto add = [&](std::string_view name, std::string_view value, float weight = 1) {
    if (!value.empty()) bag.add(bucket_of(name, value, bucket_count), weight);
  };
  add("job", failed.job);
  add("engine", failed.engine);
  for (const auto& [name, value] : failed.labels) add("label:" + name, value);
  add("rule", verdict.rule);
  add("category", verdict.classified ? verdict.category : "unclassified");
  const std::vector<std::string_view> words = words_of(failed.plan);
  const auto share = 1 / std::sqrt(static_cast<float>(words.size()));
  for (const std::string_view word : words) add("plan", word, share);
  return bag;
}

}  // namespace jobmedic::model
