#pragma once
#include <chrono>
#include <cstdint>
#include <string_view>

/// How recommend() weighs failure against money, and how far it may go. A member of jobmedic.engine/1 ("policy").
namespace jobmedic {

struct Policy {
  double alpha = 1.0;  ///< weight of P(fail); raising it never raises the predicted failure of the answer
  /// Weight of E[cost] / E[cost of the cheapest that heals]; of E[cost] / cost(unchanged) where an unchanged retry may
  /// heal as well. Lower: more is healed at the first retry, for more money.
  double beta = 0.055;
  double max_failure_probability = 0.5;  ///< a candidate above it is not feasible
  double disable_above = 0.9;  ///< a retry is disabled only where the best fails with more than this: be conservative
  double max_growth = 8.0;     ///< no size parameter above this multiple of what the failed attempt had
  int iterations = 30;         ///< candidates proposed to the model; a small space it judges whole
  std::chrono::milliseconds deadline{200};  ///< past it the best so far is the answer ("stopped_by": "deadline")
  double gib_hour_usd = 0.01;               ///< price of one GiB of memory for one hour
  double core_hour_usd = 0.0;               ///< price of one core for one hour
  int max_retries = 3;                      ///< attempts after the first one, per run
  std::uint64_t seed = 0;

  /// A JSON object with any of the members above ("deadline_ms" for the deadline). Throws Error: parse, schema.
  static Policy parse(std::string_view json);
  /// The ranges parse() keeps, for a policy built in code. Throws Error (schema): NaN, a negative weight, no
  /// iterations.
  void check() const;
};

}  // namespace jobmedic
