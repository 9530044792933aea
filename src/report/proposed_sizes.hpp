#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>

#include "jobmedic/report.hpp"
#include "report/runs.hpp"

namespace jobmedic::reported {

/// The patches of right-sizing that a store holds.
struct SizingPatches {
  std::set<std::string> jobs;                    ///< that have one, in force or not
  std::map<std::string, StoredPatch> proposals;  ///< by job
};
SizingPatches read_sizing_patches(const Store& store);

/// What right-sizing proposes, against what the same jobs asked for in their latest try.
class ProposedSizes {
 public:
  explicit ProposedSizes(std::map<std::string, StoredPatch> proposals) : proposals_(std::move(proposals)) {}
  void add(const Run& run);
  /// After the last run. `now`: RFC 3339.
  void tell(std::string_view now, std::size_t top, SizeProposals& to) const;

 private:
  struct Latest {  // try of a job with a proposal
    std::string engine;
    std::string config;
    std::optional<TimePoint> started;
    double hours = 0;
  };
  std::map<std::string, StoredPatch> proposals_;
  std::map<std::string, Latest> latest_;
};

}  // namespace jobmedic::reported
