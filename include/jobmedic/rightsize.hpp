#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jobmedic/attempt.hpp"

/// Right-sizing: jobs that succeed get what they need, and no more. The document jobmedic.rightsizing/1.
///
/// For each parameter of the engine's space with a member "peak" (which metric of a run tells what it needed of it:
/// src/recommend/engines/*.json) an online mixture of predictors learns from the job's runs, by the metrics named
/// input_*, and the allocation of least expected waste under the bound on risk is chosen, waste being what is left
/// unused, all that failed tries hold, and a price for each of them (as first allocations of least waste: Tovar et al.
/// 2018; mixtures weighted by predictive probability: Dawid 1984; what was never seen has about 1 / (n + 1)). Then
/// caution: nothing shrinks with fewer than `least_runs` successes, nor by more than `most_shrink` at once, nor below
/// the largest peak and a margin that is wide while evidence is thin, and that is at most `max_headroom`; for a larger
/// input than ever seen it grows at least in proportion; a run near its limit, or one that failed of memory, makes it
/// grow at once; a size with which runs took too long is not used again. Engine::rightsize() does it from a store, and
/// saves the patch.
namespace jobmedic {

struct RightsizePolicy {
  double max_failure_probability = 0.02;  ///< of a run with what is recommended, as estimated
  double max_headroom = 1.5;  ///< at most so many times the largest need, unless max_failure_probability demands more
  double max_slowdown = 1.1;  ///< runs with less may last so many times as long as those with most, in the median
  int least_runs = 3;         ///< never shrinks with fewer successes that tell a peak
  double most_shrink = 0.5;   ///< no less than this share of what the last run had
  double close_share = 0.95;  ///< a run that used more of its limit than this may have needed more
  double failure_price_gbh = 0.2;  ///< what a failed run costs beside the memory that it held, in GB x hours
  double failure_price_runs = 1;   ///< and more of it, in units of the memory x time of the job's mean run
  double growth = 1.5;             ///< after a failure of memory: at least so many times what failed
  int keep_days = 30;              ///< a patch ends so long after it was last confirmed

  /// A JSON object with any of the members above. Throws Error: parse, schema (pointer).
  static RightsizePolicy parse(std::string_view json);
};

struct Rightsizing {
  struct Setting {
    std::string parameter;
    std::string decision;  ///< "shrink", "grow" or "keep"
    std::string before;    ///< what the last run had, as the engine writes it; empty: unknown
    std::string after;
    double peak = 0;                 ///< the largest of the runs looked at, in the parameter's unit; 0: none is known
    double failure_probability = 0;  ///< with `after`, estimated; <= 1 / (runs + 1) for no larger input
    int runs = 0;                    ///< successes that told a peak
    std::string reason;              ///< in words
  };
  std::string job;
  std::string decision;  ///< "patch" or "keep"
  std::string reason;
  std::string mode = "act";  ///< "shadow": saved, but disabled; "dry_run": nothing was saved
  std::vector<Setting> settings;
  std::string patch = "[]";  ///< RFC 6902: what is to be set
  std::string patch_id;      ///< empty: none was saved
  [[nodiscard]] std::string to_json() const;
};

/// The document jobmedic.space/1 shipped for `engine`, or the generic one.
std::string shipped_space(std::string_view engine);

/// What the next run should get. `next`: about to start; its configuration is taken where no run tells another, its
/// metrics named input_* are used. `past`: the job's tries, oldest first, with metrics and outcomes; the latest 100 are
/// looked at. `space`: jobmedic.space/1 with "peak" members. Equal input, equal answer. Safe from any number of
/// threads. Numbers that cannot be (NaN, infinite, negative, more than the space permits many times over) are left out.
/// Throws Error: parse, schema.
Rightsizing rightsize(const Attempt& next, std::span<const Attempt> past, std::string_view space,
                      const RightsizePolicy& policy = {});

}  // namespace jobmedic
