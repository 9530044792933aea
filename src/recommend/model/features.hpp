#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "jobmedic/attempt.hpp"
#include "jobmedic/classify.hpp"
#include "jobmedic/space.hpp"
#include "json/value.hpp"
#include "recommend/model/architecture.hpp"
#include "recommend/model/cohort.hpp"
#include "recommend/model/past.hpp"
#include "recommend/model/retries.hpp"
#include "recommend/model/tokens.hpp"

/// What the network sees of a failed attempt and of a candidate. The schema (which numbers, normalised how) is fitted
/// in training and travels in the model's metadata, so that serving sees exactly what training saw.
namespace jobmedic::model {

constexpr std::size_t max_numbers = 1024;
constexpr std::size_t max_parameters = 256;

/// How a parameter becomes a number: its position is log2 of its value (octaves), or the value over the space's width.
struct ParameterFeature {
  std::string name;
  bool categorical = false;
  bool octaves = false;   ///< every value above 0
  bool monotone = false;  ///< an amount of memory: more never raises P(fail)
  double center = 0;      ///< mean position in training
  double width = 1;       ///< of the space; 1 for octaves
  bool lessons = false;   ///< do a job's earlier runs speak of it? An amount of memory only
  std::string peak;       ///< the metric, in bytes, that shows how much of it was used; empty: none is known
  Cohort cohort;          ///< what jobs needed of it, by that metric; empty: nobody knows
};

/// A number of the failed attempt: one of its metrics, the position of a parameter it ran with, or what the past says
/// of that. Metrics and sizes are logarithms, so a ratio of the two is one step of the network; ratios as features of
/// their own only overfitted.
struct NumberFeature {
  std::string metric;     ///< or empty
  std::string parameter;  ///< or empty
  std::string lesson;     ///< of that parameter: a member of Lessons; empty: its position. Without one: of Retries
  double mean = 0;
  double deviation = 1;
  bool sometimes_missing = false;  ///< in training; only then there is a missing indicator
};

/// The configuration an attempt ran with, in the units of the space; NaN: absent, and no default is known.
/// Throws Error (schema) with the pointer of a value that is none.
Point configured(const Attempt& attempt, const Space& space);

/// A failed attempt as the network sees it.
struct Context {
  std::vector<float> numbers;
  TokenBag tokens;
};

struct Candidate {
  std::vector<float> numbers;
  std::vector<float> monotone;
  std::vector<std::uint32_t> choices;  ///< buckets of categorical values
};

struct FeatureSchema {
  std::vector<ParameterFeature> parameters;  ///< only those whose values varied in training
  std::vector<NumberFeature> numbers;        ///< likewise
  std::uint32_t buckets = 4096;

  [[nodiscard]] std::uint32_t context_size() const;
  [[nodiscard]] std::uint32_t candidate_size() const;
  [[nodiscard]] std::uint32_t monotone_size() const;
  [[nodiscard]] json::Value to_json() const;
  /// Throws Error (schema).
  static FeatureSchema from_json(const json::Value& value);
};

/// A failed attempt with everything parsed that its features need.
class FailedAttempt {
 public:
  FailedAttempt(const Attempt& attempt, const Classification& verdict, const Space& space,
                std::vector<PastRun> past = {});
  [[nodiscard]] const Attempt& attempt() const { return *attempt_; }
  [[nodiscard]] const Point& before() const { return before_; }
  [[nodiscard]] const Classification& verdict() const { return *verdict_; }
  [[nodiscard]] const Space& space() const { return *space_; }
  [[nodiscard]] std::span<const PastRun> past() const { return past_; }

 private:
  const Attempt* attempt_;  // borrowed, as are the two below
  const Classification* verdict_;
  const Space* space_;
  Point before_;
  std::vector<PastRun> past_;
};

/// The numbers of an attempt by name: its metrics, and what is known of its end. Finite ones only.
std::optional<double> metric_of(const Attempt& attempt, std::string_view name);
std::vector<std::string> metric_names(const Attempt& attempt);

/// Encodes candidates for one failed attempt.
class Encoder {
 public:
  Encoder(const FeatureSchema& schema, const FailedAttempt& failed);
  [[nodiscard]] Context context() const;
  /// Before normalisation; none: missing.
  [[nodiscard]] std::optional<double> value_of(const NumberFeature& number) const;
  /// A parameter that is NaN in `point`, or is not in the space, stays as it was. `into` is reused for speed.
  void encode(const Point& point, Candidate& into) const;

 private:
  struct Place {
    const ParameterFeature* feature;
    std::size_t index;  // in the space, or npos
    double before;      // position; NaN: unknown
    Lessons lessons;
    CohortOdds cohort;
  };
  const FeatureSchema* schema_;
  const FailedAttempt* failed_;
  std::vector<Place> places_;
  Retries retries_;
};

/// The past with its configurations read; runs whose configuration is unreadable are left out.
std::vector<PastRun> read_past(std::span<const Attempt> past, const Space& space);

/// NaN where the value has no position (0 MiB on a logarithmic scale).
double position(const ParameterFeature& feature, double value);

}  // namespace jobmedic::model
