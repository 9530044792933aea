#pragma once
#include <span>
#include <string>
#include <vector>

#include "jobmedic/replay.hpp"
#include "recommend/replay/reliability.hpp"

/// All policies over all cases.
namespace jobmedic::replayed {

struct Contestant {
  std::string name;
  std::string words;
  std::string knows;  ///< "": the failed attempt; the model: "cold", or "warm" with the job's earlier runs
  std::vector<Played> played;
};

struct Contest {
  std::vector<Reference> references;  ///< by case
  std::vector<Contestant> baselines;
  std::vector<Contestant> model;  ///< cold and warm; empty: not asked for
  std::vector<std::string> jobs;  ///< names, by Reference::job
  std::size_t with_past = 0;      ///< cases whose job has earlier runs
  Reliability cold, warm;
};

Contest contest(std::span<const Attempt> history, const Space& space, const Cases& cases, const ReplayOptions& options);

}  // namespace jobmedic::replayed
