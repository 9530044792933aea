#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "jobmedic/model.hpp"
#include "recommend/model/batch.hpp"
#include "recommend/model/examples.hpp"

/// A history as the network takes it. It is read part by part, so that only numbers are held in memory.
namespace jobmedic::model {

struct Prepared {
  FeatureSchema schema;
  Batch batch;                             ///< one row per example, those of one failed attempt together
  std::vector<float> fails, cost, weight;  ///< per row; cost: logarithm, against the failed attempt's; NaN: unknown
  double offset = 0;                       ///< the mean logarithm of the cost
  std::vector<std::string> jobs;           ///< in order of first appearance
  std::vector<std::uint32_t> job_of;       ///< per failed attempt: index into `jobs`
  std::vector<double> ended;     ///< per failed attempt: seconds since 1970; NaN: unknown, or it was no first try
  std::size_t attempts = 0;      ///< in the history
  std::size_t failures = 0;      ///< of these
  std::size_t with_a_retry = 0;  ///< of these; drawn ones count too
  std::size_t unreadable = 0;
  std::string from, to;  ///< the first and the last start on record, RFC 3339; empty: none is

  [[nodiscard]] std::size_t rows() const { return fails.size(); }
};

/// Sees the examples that become rows, part by part, in the order of the rows. `failed`: how many failed attempts all
/// parts have together.
using Witness = std::function<void(const ExampleSet& part, std::size_t failed)>;

/// `progress`: done 0..1. Throws Error (model): nothing to learn from.
Prepared prepare(const History& history, const Space& space,
                 const std::function<void(double done, std::string_view what)>& progress, const Witness& witness = {});

}  // namespace jobmedic::model
