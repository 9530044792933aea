#pragma once
#include <cstdint>
#include <string>
#include <vector>

/// Who changed what a store keeps, and the switch that stops all automation.
namespace jobmedic {

struct Author {
  std::string by;      ///< empty: the user this process runs as, "user@host"
  std::string reason;  ///< why; may be empty
};

/// One change, as the audit trail keeps it: the document jobmedic.change/1.
struct Change {
  std::int64_t number = 0;  ///< grows; a point to roll back to
  std::string at;           ///< RFC 3339 UTC
  std::string by;
  /// "put", "disable", "enable", "rollback": by a person or program; "recommend": saved by remediate(); "use": an
  /// attempt with it ended; "keep", "retire", "restore": what an outcome taught about it; "stop", "resume": the kill
  /// switch; "correct": an attempt's recorded outcome.
  std::string action;
  std::string reason;
  std::string patch;   ///< its id; empty: the kill switch, or an outcome
  std::string before;  ///< jobmedic.patch/1, of an outcome jobmedic.attempt/1; empty: there was none
  std::string after;   ///< the same
  [[nodiscard]] std::string to_json() const;
};

/// The document jobmedic.changes/1.
std::string changes_document(const std::vector<Change>& changes);

/// The kill switch: stopped, no patch is applied, saved or recommended.
struct Automation {
  bool stopped = false;
  std::string since;  ///< RFC 3339 UTC of the last stop or resume; empty: never touched
  std::string by;
  std::string reason;
  /// {"since", "by", "reason"}
  [[nodiscard]] std::string to_json() const;
  /// The document jobmedic.automation/1: the same with "stopped".
  [[nodiscard]] std::string document() const;
  /// "automation is stopped since TIME by WHO: WHY"
  [[nodiscard]] std::string words() const;
};

}  // namespace jobmedic
