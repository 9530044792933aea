#pragma once
#include "jobmedic/report.hpp"
#include "report/runs.hpp"
#include "report/share_count.hpp"

namespace jobmedic::reported {

/// What became of the first memory failure of each run.
class HealingCount {
 public:
  void add(const Run& run);
  [[nodiscard]] Healing tell() const;

 private:
  ShareCount at_first_, within_three_, at_first_patched_, within_three_patched_;
  std::uint64_t not_retried_ = 0;
};

}  // namespace jobmedic::reported
