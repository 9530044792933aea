#pragma once
#include <map>
#include <string>
#include <vector>

#include "jobmedic/report.hpp"
#include "report/runs.hpp"
#include "report/share_count.hpp"

namespace jobmedic::reported {

/// Money on retries that fail, as it was and as it would have been with unchanged retries: see jobmedic::Savings.
class SavingsCount {
 public:
  explicit SavingsCount(int unchanged_retries);
  void add(const Run& run);
  /// Runs without a prediction are priced by what their rule's unchanged retries did in all of the history.
  [[nodiscard]] Savings tell() const;

 private:
  // Runs that wait for their rule's share: sums by how many of the scheduler's retries were used up before.
  struct Waiting {
    std::uint64_t patched = 0, avoided = 0;
    std::map<int, double> cost_usd;
    std::vector<double> spent_usd;
  };
  struct Case {
    double cost_usd = 0;
    int used_up = 0;                ///< retries of the run before
    std::vector<double> spent_usd;  ///< on failed retries among the next 1, 2, ...; indexed as the rows
  };

  void learn(const Run& run);
  [[nodiscard]] bool left_out(const Try& failed, const Try* next);
  [[nodiscard]] std::optional<Case> price(const Run& run, std::size_t failed) const;

  int retries_;
  Savings sum_;
  std::map<std::string, Waiting> waiting_;    // by rule
  std::map<std::string, ShareCount> failed_;  // unchanged retries, by rule
};

}  // namespace jobmedic::reported
