#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "jobmedic/attempt.hpp"
#include "jobmedic/space.hpp"

/// Recorded failures whose other outcomes are on record, too.
namespace jobmedic::replayed {

/// What the record says of the retries of one failed attempt.
class Answers {
 public:
  virtual ~Answers() = default;
  /// The retry of `previous` with `config`, as it would have been recorded.
  [[nodiscard]] virtual Attempt retry(const Attempt& previous, const std::string& config) const = 0;
  /// What the cheapest recorded setting that works costs; none works: 0, for then no retry is the cheapest.
  [[nodiscard]] virtual double oracle_usd() const = 0;
  /// Does any recorded setting work?
  [[nodiscard]] virtual bool healable() const = 0;
};

struct Case {
  Attempt failed;
  std::shared_ptr<const Answers> answers;
};

struct Cases {
  std::size_t memory = 0;  ///< parameter that multipliers multiply
  double most_memory = 0;  ///< the largest recorded
  std::vector<Case> list;
  std::size_t failures = 0;    ///< recorded
  std::size_t unanswered = 0;  ///< of these: whether anything would have healed them is not on record
  std::size_t drawn = 0;       ///< cases drawn from peaks
  std::size_t too_small = 0;   ///< peaks of less than eight times the least memory the space permits: not drawn
};

/// The space that a policy may use: nobody was ever given more memory than the largest recorded, and whoever decides
/// knows it, as schedulers know their largest node.
Space permitted(Space space, const Cases& cases);

/// `memory`: the parameter's name; empty: the first amount of memory that took several values. Throws Error.
Cases cases_of(std::span<const Attempt> history, const Space& space, const std::string& memory, std::uint64_t seed);

}  // namespace jobmedic::replayed
