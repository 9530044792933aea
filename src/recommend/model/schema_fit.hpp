#pragma once
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "recommend/model/examples.hpp"

/// Which numbers and parameters a history can teach, and how they are normalised. A history may be larger than memory,
/// so it is read part by part, and twice: what there is must be known before it can be measured.
namespace jobmedic::model {

/// What a number was over all failed attempts.
struct Summary {
  double sum = 0;
  double squares = 0;
  std::size_t present = 0;
  std::size_t absent = 0;
  void add(std::optional<double> value) {
    if (!value) {
      ++absent;
      return;
    }
    sum += *value;
    squares += *value * *value;
    ++present;
  }
  [[nodiscard]] double mean() const { return present == 0 ? 0 : sum / static_cast<double>(present); }
  [[nodiscard]] double deviation() const {
    if (present == 0) return 0;
    return std::sqrt(std::max(0.0, squares / static_cast<double>(present) - mean() * mean()));
  }
};

class SchemaFit {
 public:
  explicit SchemaFit(const Space& space);  ///< borrowed
  void look_at(const ExampleSet& part);    ///< all parts
  void choose();                           ///< then this
  /// Then all parts again, with the history they are of.
  void measure(const ExampleSet& part, std::span<const Attempt> history);
  [[nodiscard]] FeatureSchema result() const;

 private:
  struct Seen {
    ParameterFeature feature;
    std::set<double> values;  // two are enough to know that it varied
    Summary positions;
    std::map<std::string, Summary> fullness;  // log2 of a peak over what was given, by metric
  };
  struct Needs {
    double unit;  // bytes
    CohortFit of_jobs;
  };
  void look_at(const FailedAttempt& failed);
  [[nodiscard]] std::string fullest_peak(const Seen& parameter) const;

  const Space& space_;
  std::vector<Seen> parameters_;
  std::set<std::string> metrics_;
  std::size_t failed_ = 0;
  bool any_past_ = false;
  FeatureSchema schema_;
  std::vector<Needs> needs_;  // by parameter of the schema
  std::vector<NumberFeature> possible_;
  std::vector<Summary> summaries_;
};

}  // namespace jobmedic::model
