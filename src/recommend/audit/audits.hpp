#pragma once
#include <vector>

#include "jobmedic/audit.hpp"
#include "recommend/audit/rivals.hpp"
#include "recommend/model/training.hpp"

/// The audits of jobmedic/audit.hpp, one function each.
namespace jobmedic::audits {

constexpr std::size_t fewest_jobs = 5;

/// Of a finished training. `rivals` was its witness.
Audit better_than_serving(const model::Training& training, const Rivals& rivals);
Audit better_than_fallback(const model::Training& training, const Rivals& rivals);
Audit calibration(const model::Training& training, const Rivals& rivals);
Audit feature_shift(const model::Prepared& data);

/// Of the model as it would be served, on attempts of its history.
Audit monotonicity(const Model& model, const Space& space, const std::vector<Sample>& samples);
Audit latency(const Model& model, const Space& space, const std::vector<Sample>& samples);
Audit edge_inputs(const Model& model, const Space& space, const std::vector<Sample>& samples);

/// All of them, in the order of jobmedic/audit.hpp. Throws Error (model): what was trained cannot be read back.
std::vector<Audit> all(const model::Training& training, const Rivals& rivals, const Space& space);

}  // namespace jobmedic::audits
