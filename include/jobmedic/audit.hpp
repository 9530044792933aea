#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What a new model version must show before it is served. Each audit measures one number and holds it against a bound.
/// Held-out: what is said of a job comes from a network that was not trained on it; intervals are by job (95 %).
///
///  - better_than_serving: how much lower its held-out log loss is than that of the version in service, both by
///    networks that never saw the job. Passed: by at least -0.02 (it is not worse; that it knows newer runs is the
///    gain). Failed: it is surely worse. Passed as well where the version in service cannot be read; undecided where
///    there is none.
///  - better_than_fallback: the same against what the fallback policy knows: did the retry get at least what it would
///    have given? Each answer is worth the share of failures it had on the other jobs. Passed: surely above 0.
///  - calibration: the debiased error of the held-out probabilities (Kumar, Liang and Ma 2019), at most 0.05;
///    undecided below 1,000 examples.
///  - monotonicity: the most that P(fails) rises where only memory is added, at most 1e-6.
///  - feature_shift: how far a number of the newest tenth of the failures is from the older ones of the same job, in
///    standard deviations over all jobs; the largest, at most 0.5; undecided within three standard errors of it. First
///    tries only: the later ones differ from them by what was changed.
///  - latency: the median time for 30 candidates, at most 0.005 seconds.
///  - edge_inputs: answers that are no probability or no cost where metrics and candidates are NaN, infinite, absent or
///    absurd; at most 0.
///
/// Comparisons and intervals need at least five jobs, and are undecided with fewer.
///
/// A version is served where nothing failed, and where nothing is undecided that the version in service had passed. So
/// a small history gets its first model, and what was proven of a version is proven of the one that replaces it.
namespace jobmedic {

struct Audit {
  std::string name;                ///< of the list above
  std::string verdict;             ///< "passed", "failed" or "undecided"
  std::optional<double> measured;  ///< none: nothing could be measured
  double bound = 0;
  std::optional<std::array<double, 2>> interval;  ///< of `measured`, where it is an estimate
  std::string words;                              ///< what was found, for people
  [[nodiscard]] std::string to_json() const;
};

/// The names of the audits that keep a version out of service, by the reports of both versions ("audits" in them). A
/// version without audits is kept out by all of them: "audits". `serving_report` is empty where none is in service.
/// Throws Error (parse) on a report that is no JSON.
std::vector<std::string> blocking(std::string_view report, std::string_view serving_report);

}  // namespace jobmedic
