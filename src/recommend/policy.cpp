#include "jobmedic/policy.hpp"

#include <fmt/format.h>

#include <limits>

#include "jobmedic/error.hpp"
#include "json/reader.hpp"

namespace jobmedic {
namespace {

constexpr double largest_weight = 1e6;
constexpr double largest_price = 1e6;
constexpr double largest_growth = 1024;
constexpr std::int64_t most_iterations = 10000;
constexpr std::int64_t longest_deadline_ms = 3'600'000;
constexpr std::int64_t most_retries = 1000;

template <typename Number>
void check(std::string_view name, Number value, Number min, Number max) {
  if (value >= min && value <= max) return;  // NaN is in no range
  throw Error(Status::schema, fmt::format("/{}: expected a number from {} to {}, found {}", name, min, max, value),
              json::write(json::object({{"pointer", fmt::format("/{}", name)}})));
}

void read(const json::Reader& in, std::string_view name, double& into) {
  if (const auto member = in.find(name)) into = member->number();
}

}  // namespace

Policy Policy::parse(std::string_view text) {
  const json::Value value = json::parse(text);
  const json::Reader in(value);
  Policy policy;
  read(in, "alpha", policy.alpha);
  read(in, "beta", policy.beta);
  read(in, "max_failure_probability", policy.max_failure_probability);
  read(in, "disable_above", policy.disable_above);
  read(in, "max_growth", policy.max_growth);
  read(in, "gib_hour_usd", policy.gib_hour_usd);
  read(in, "core_hour_usd", policy.core_hour_usd);
  if (const auto n = in.find("iterations")) policy.iterations = static_cast<int>(n->integer_in(1, most_iterations));
  if (const auto ms = in.find("deadline_ms")) {
    policy.deadline = std::chrono::milliseconds(ms->integer_in(0, longest_deadline_ms));
  }
  if (const auto n = in.find("max_retries")) policy.max_retries = static_cast<int>(n->integer_in(0, most_retries));
  if (const auto n = in.find("seed")) {
    policy.seed = static_cast<std::uint64_t>(n->integer_in(0, std::numeric_limits<std::int64_t>::max()));
  }
  policy.check();
  return policy;
}

void Policy::check() const {
  jobmedic::check("alpha", alpha, 0.0, largest_weight);
  jobmedic::check("beta", beta, 0.0, largest_weight);
  jobmedic::check("max_failure_probability", max_failure_probability, 0.0, 1.0);
  jobmedic::check("disable_above", disable_above, 0.0, 1.0);
  jobmedic::check("max_growth", max_growth, 1.0, largest_growth);
  jobmedic::check("iterations", std::int64_t{iterations}, std::int64_t{1}, most_iterations);
  jobmedic::check("deadline_ms", std::int64_t{deadline.count()}, std::int64_t{0}, longest_deadline_ms);
  jobmedic::check("gib_hour_usd", gib_hour_usd, 0.0, largest_price);
  jobmedic::check("core_hour_usd", core_hour_usd, 0.0, largest_price);
  jobmedic::check("max_retries", std::int64_t{max_retries}, std::int64_t{0}, most_retries);
}

}  // namespace jobmedic
