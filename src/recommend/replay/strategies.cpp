#include "recommend/replay/strategies.hpp"

#include <fmt/format.h>

#include <charconv>

#include "jobmedic/error.hpp"
#include "jobmedic/patch.hpp"
#include "jobmedic/recommend.hpp"
#include "recommend/model/examples.hpp"
#include "recommend/model/features.hpp"
#include "recommend/model/peaks.hpp"

namespace jobmedic::replayed {
namespace {

double memory_of(const Attempt& attempt, const Space& space, std::size_t memory) {
  return model::configured(attempt, space)[memory];
}

Strategy changing(const Space& space, std::size_t memory, std::function<double(double)> change) {
  return [&space, memory, change = std::move(change)](const Attempt& failed, std::span<const Attempt>) {
    return model::with_value(failed.config, space, memory, change(memory_of(failed, space, memory)));
  };
}

std::optional<double> number_after(std::string_view sign, const std::string& name) {
  if (!name.starts_with(sign)) return std::nullopt;
  double number = 0;
  const char* end = name.data() + name.size();
  const auto [stopped, problem] = std::from_chars(name.data() + sign.size(), end, number);
  const bool usable = problem == std::errc() && stopped == end && number > 0 && number <= 1e6;
  return usable ? std::optional(number) : std::nullopt;
}

// Who does so.
std::string followers(const std::string& name) {
  if (name == "double") return " (Nextflow, Pinterest)";
  if (name == "+500") return " (Robusta)";
  return name == "x1.2" ? " (Kubernetes VPA)" : "";
}

}  // namespace

Strategy recommending(const Model* model, const Space& space, const Policy& policy) {
  return [model, &space, &policy](const Attempt& failed, std::span<const Attempt> past) -> std::optional<std::string> {
    const Recommendation answer = recommend(failed, model::recorded_verdict(failed), model, space, policy, past);
    if (answer.decision == "do_not_retry") return std::nullopt;
    return answer.decision == "retry_with_patch" ? apply_patch(failed.config, answer.patch) : failed.config;
  };
}

const std::vector<std::string>& usual_baselines() {
  static const std::vector<std::string> names = {"unchanged", "x1.2", "+500",    "double",  "x3",
                                                 "x4",        "x8",   "maximum", "fallback"};
  return names;
}

Named baseline(const std::string& name, const Space& space, const Cases& cases, const Policy& policy) {
  const std::size_t memory = cases.memory;
  if (name == "fallback") return {name, "fixed fallback policy", recommending(nullptr, space, policy)};
  if (name == "unchanged") return {name, "retry unchanged", changing(space, memory, [](double now) { return now; })};
  if (name == "maximum") {
    return {name, "maximum", changing(space, memory, [most = cases.most_memory](double) { return most; })};
  }
  const auto factor = name == "double" ? std::optional(2.0) : number_after("x", name);
  if (factor) {
    return {name, fmt::format("x{}{}", *factor, followers(name)),
            changing(space, memory, [f = *factor](double now) { return now * f; })};
  }
  if (const auto more = number_after("+", name)) {
    return {name, fmt::format("+{} MiB{}", *more, followers(name)),
            changing(space, memory, [m = *more](double now) { return now + m; })};
  }
  throw Error(
      Status::invalid_argument,
      fmt::format("no policy \"{}\": there are model, fallback, unchanged, maximum, double, xFACTOR, +MIB", name));
}

}  // namespace jobmedic::replayed
