#pragma once
#include <array>
#include <map>
#include <string>

#include "jobmedic/report.hpp"
#include "report/runs.hpp"
#include "report/share_count.hpp"

namespace jobmedic::reported {

/// What jobmedic answered to failures, and how the retries ended that its answers were about.
class Advice {
 public:
  explicit Advice(int unchanged_retries) : unchanged_retries_(unchanged_retries) {}
  void add(const Run& run);
  [[nodiscard]] Avoided avoided() const;
  [[nodiscard]] Calibration calibration() const { return foretold_.tell(); }
  /// Of one model version; all of nothing where it made no prediction that was put to the test.
  [[nodiscard]] Calibration calibration(const std::string& model) const;
  void tell(AutomationState& state) const;

 private:
  static constexpr std::size_t bin_count = 10;
  struct Foretold {
    struct Bin {
      double predicted = 0;
      ShareCount failed;
    };
    std::array<Bin, bin_count> bins;
    ShareCount failed;
    double predicted = 0, squares = 0;
    void add(std::uint64_t job, double probability, bool failed);
    [[nodiscard]] Calibration tell() const;
  };

  void count_answer(const Answer& answer);
  void add_refusal(std::uint64_t job, const Try& failed, const Try* next);
  void add_prediction(std::uint64_t job, const Answer& answer, const Try& next);

  int unchanged_retries_;
  Avoided avoided_;
  std::uint64_t last_avoided_job_ = 0;
  ShareCount wrongly_;
  Foretold foretold_;
  std::map<std::string, Foretold> by_model_;
  AutomationState state_;
};

}  // namespace jobmedic::reported
