#pragma once
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "jobmedic/report.hpp"

namespace jobmedic::reported {

/// The most frequent templates among failures that no rule knew, by each failure's most telling line.
class UnknownFailures {
 public:
  void add(const UnclassifiedFailure& failure);
  /// Most failures first, then the dearest.
  [[nodiscard]] std::vector<UnclassifiedTemplate> top(std::size_t most) const;

 private:
  struct Count {
    UnclassifiedTemplate sum;
    std::unordered_set<std::uint64_t> jobs;
  };
  TemplateMiner miner_;
  std::unordered_map<std::uint64_t, Count> shapes_;
};

}  // namespace jobmedic::reported
