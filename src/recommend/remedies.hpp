#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "jobmedic/space.hpp"

/// Which parameters heal which memory failure: the document fallback.json. Without a model it is the whole answer; with
/// one it says where to search.
namespace jobmedic::recommender {

enum class Direction { none, up, down, any };

struct Change {
  std::string parameter;
  double times = 1;     ///< without a model the new value is the largest of value * times, value + plus and at_least
  double plus = 0;      ///< in the parameter's unit
  double at_least = 0;  ///< likewise
  Direction search = Direction::none;
};

/// Configuration keys with globs of which one must match the value.
using Conditions = std::map<std::string, std::vector<std::string>>;

struct Remedy {
  std::vector<std::string> rules;  ///< globs over rule names
  Conditions when;                 ///< only for such configurations
  std::string what;                ///< the resource that failed, in words
  std::string peak_metric;         ///< bytes of it in use at most; may be empty
  std::string gc_metric;           ///< seconds its garbage collector ran; may be empty
  std::string why_not;             ///< where no parameter heals it
  std::vector<Change> changes;     ///< the first is the resource that failed

  [[nodiscard]] bool covers(std::string_view rule) const;
};

/// A parameter that is a share of another one where its own key is absent.
struct Follower {
  std::string parameter;
  std::string of;
  double share = 0;
  std::string share_key;  ///< the configuration key that sets the share
};

/// Processes of a job, for what their size costs.
struct Process {
  std::vector<std::string> memory;
  std::string cores;
  std::string copies_key;  ///< the configuration key with their number
};

struct Remedies {
  Remedy unclassified;
  std::vector<Remedy> list;
  std::vector<Follower> followers;
  std::vector<Process> processes;

  /// Throws Error: parse, schema.
  static Remedies parse(std::string_view json);
  /// fallback.json inside the library.
  static const Remedies& shipped();
};

}  // namespace jobmedic::recommender
