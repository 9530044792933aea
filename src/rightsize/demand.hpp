#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jobmedic/attempt.hpp"
#include "jobmedic/rightsize.hpp"
#include "jobmedic/space.hpp"

/// What a job's runs tell of one parameter.
namespace jobmedic::sizing {

/// Which metric tells what a run needed of a parameter: the first of those it reports.
struct PeakMetric {
  std::string metric;
  std::string less;          ///< another, taken off: the part that a parameter of its own holds; may be empty
  bool upper_bound = false;  ///< it may be more than was needed: good for shrinking, no reason to grow
};

struct Sizeable {
  std::size_t parameter = 0;  ///< index in the space
  std::vector<PeakMetric> peaks;
};
/// The parameters of jobmedic.space/1 that have a member "peak".
std::vector<Sizeable> sizeable(std::string_view space_document, const Space& space);

struct Run {
  std::optional<double> limit;  ///< what it had, in the parameter's unit
  std::optional<double> peak;   ///< what it used of it
  bool upper_bound = false;     ///< of the peak
  bool succeeded = false;
  bool out_of_memory = false;
  std::vector<double> inputs;  ///< NaN: unknown
  std::optional<double> duration_s;
};
/// Of tries that ended by success or for want of this memory; what else they failed of says nothing.
std::vector<Run> runs_of(std::span<const Attempt> past, const Sizeable& what, const Space& space,
                         const std::vector<std::string>& inputs);

/// Metrics named input_* that `next` and its past know.
std::vector<std::string> inputs_of(const Attempt& next, std::span<const Attempt> past);
std::vector<double> values_of(const Attempt& attempt, const std::vector<std::string>& metrics);

/// What the configuration gives; none where nobody knows.
std::optional<double> limit_of(const Attempt& attempt, std::size_t parameter, const Space& space);

}  // namespace jobmedic::sizing
