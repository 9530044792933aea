#include "jobmedic/loop.hpp"

#include <algorithm>
#include <array>

#include "core/hash.hpp"
#include "json/reader.hpp"

namespace jobmedic {
namespace {

constexpr std::array<std::string_view, 3> modes{"act", "shadow", "dry_run"};
constexpr std::int64_t most_tries = 1'000'000;
constexpr double longest_hours = 24.0 * 366;
constexpr std::int64_t most_days = 36'600;

}  // namespace

LoopPolicy LoopPolicy::parse(std::string_view text) {
  const json::Value value = json::parse(text);
  const json::Reader in(value);
  LoopPolicy loop;
  if (const auto mode = in.find("mode")) {
    if (std::find(modes.begin(), modes.end(), mode->string()) == modes.end()) {
      mode->expected(R"("act", "shadow" or "dry_run")");
    }
    loop.mode = mode->string();
  }
  if (const auto percent = in.find("rollout_percent")) loop.rollout_percent = percent->number_in(0, 100);
  loop.rollout_label = in.string_or("rollout_label", "");
  if (const auto n = in.find("quarantine_after")) {
    loop.quarantine_after = static_cast<int>(n->integer_in(0, most_tries));
  }
  if (const auto n = in.find("retry_budget")) loop.retry_budget = static_cast<int>(n->integer_in(0, most_tries));
  if (const auto hours = in.find("retry_budget_hours")) loop.retry_budget_hours = hours->number_in(0, longest_hours);
  if (const auto days = in.find("keep_successful_days")) {
    loop.keep_successful_days = static_cast<int>(days->integer_in(0, most_days));
  }
  loop.retire_failed = in.boolean_or("retire_failed", true);
  return loop;
}

bool LoopPolicy::rolled_out(std::string_view value) const {
  return unit_number(hash64(value)) * 100 < rollout_percent;
}

std::string LoopPolicy::mode_for(const Attempt& attempt) const {
  if (mode != "act") return mode;
  const auto label = attempt.labels.find(rollout_label);
  return rolled_out(label != attempt.labels.end() ? label->second : attempt.job) ? "act" : "shadow";
}

}  // namespace jobmedic
