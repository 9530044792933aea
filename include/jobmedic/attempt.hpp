#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

/// One try of one job: the document jobmedic.attempt/1.
namespace jobmedic {

/// How the try ended. Absent from an attempt that has not ended.
struct Outcome {
  bool succeeded = false;
  std::optional<double> cost_usd;         ///< of this try alone, >= 0
  std::optional<std::int64_t> exit_code;  ///< of the job's main process
  std::string rule;                       ///< the rule that classified it; empty: none
  std::string category;                   ///< of that rule; empty: unclassified
};

struct Attempt {
  std::string job;           ///< what is the same from run to run
  std::string run;           ///< one scheduled execution of the job
  std::int64_t attempt = 1;  ///< 1 is the first try of the run
  std::string engine;        ///< "spark", ...: chooses the parameter space; another, or none: the generic
  std::map<std::string, std::string> labels;  ///< anything non-numeric
  std::string config = "{}";                  ///< a JSON object as the engine takes it, members in the order given
  std::map<std::string, double> metrics;      ///< anything numeric; finite
  std::string plan;
  std::string started_at;            ///< RFC 3339 UTC; empty: unknown
  std::optional<double> duration_s;  ///< seconds, >= 0
  std::optional<Outcome> outcome;
  std::string document;  ///< the text it was parsed from, unknown members included; empty if built in code

  /// Throws Error: parse (offset), schema (pointer). Unknown members are ignored.
  static Attempt parse(std::string_view json);
  /// The members above as jobmedic.attempt/1; unknown members of `document` are kept.
  [[nodiscard]] std::string to_json() const;
};

}  // namespace jobmedic
