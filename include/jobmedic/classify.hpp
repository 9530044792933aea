#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jobmedic/attempt.hpp"
#include "jobmedic/rules.hpp"
#include "jobmedic/secrets.hpp"

/// Stage 1: which rule explains the failure? The document jobmedic.classification/1.
namespace jobmedic {

/// A log named ROLE[-N].STREAM ("driver.stdout", "executor-0.stderr"), borrowed for the call.
struct Log {
  std::string_view name;  ///< may be empty: every rule is tried
  std::string_view data;  ///< bytes; need not be UTF-8, may hold NUL
};

struct Evidence {
  std::string log;                              ///< the log's name
  std::uint64_t line = 0;                       ///< counted from 1; 0: the exit code is the evidence
  std::uint64_t offset = 0;                     ///< byte offset of the match in the log
  std::string text;                             ///< the matched lines, valid UTF-8, capped
  std::map<std::string, std::string> captures;  ///< named groups of the regex
};

struct RuleMatch {
  std::string rule;
  Evidence evidence;
};

/// What became of one source of logs (collect.hpp).
struct SourceReport {
  std::string name;
  /// "read": all of it; "capped": only its newest part, for its limit; "damaged": what came before the error was read;
  /// "failed": nothing was.
  std::string status;
  std::uint64_t bytes = 0;          ///< read, after decompression
  std::uint64_t skipped_bytes = 0;  ///< left out for the limit, as far as they were counted
  std::vector<std::string> logs;    ///< the names of the logs it gave
  std::string error;                ///< why it is damaged or failed; empty: it is neither
};

struct Classification {
  bool classified = false;
  std::string rule;  ///< empty when unclassified, as are the texts below
  std::string category;
  std::string fault;
  bool restartable = false;
  std::string retry;  ///< the rule's override: "", "always" or "never"
  std::string summary;
  std::string advice;
  std::optional<Evidence> evidence;
  std::vector<RuleMatch> other_matches;  ///< in rule order, one per rule
  std::vector<std::string> logs;         ///< the names of the logs that were read
  std::uint64_t log_bytes = 0;           ///< and their size together
  std::vector<std::string> notes;        ///< for people: rules that gave up because their regex backtracks too much
  std::vector<SourceReport> sources;     ///< where the logs came from; empty: they were given as bytes

  static Classification parse(std::string_view json);
  [[nodiscard]] std::string to_json() const;
};

struct ClassifierOptions {
  RuleCache cache;
  SecretMask secrets{};  ///< masks evidence and captures
};

/// The verdict with its evidence masked, for one that comes from elsewhere: what a Classifier says is masked already.
Classification masked(Classification verdict, const SecretMask& secrets);

class Scan;

/// Compiled rules. Immutable: any number of threads may classify at once.
/// The winner is the earliest rule in order with a match that survives every check; within it the first log as given,
/// then the smallest offset.
class Classifier {
 public:
  /// Throws Error: rules (file, rule, column).
  explicit Classifier(RuleSet rules, const ClassifierOptions& options = {});

  /// `attempt` may be null; rules with a condition then never fire. Where it says that it succeeded, no rule does.
  [[nodiscard]] Classification classify(std::span<const Log> logs, const Attempt* attempt = nullptr) const;
  /// The same, for logs that arrive in pieces. The scan keeps what it needs alive.
  [[nodiscard]] Scan scan(const Attempt* attempt = nullptr) const;

  [[nodiscard]] const RuleSet& rules() const noexcept;
  /// "hyperscan 5.4.0, AVX2" and whether the compiled rules came from the cache: for info and bug reports.
  [[nodiscard]] const std::string& description() const noexcept;

  struct Impl;  // public for src/classify only

 private:
  std::shared_ptr<const Impl> impl_;
};

/// A classification in progress. Belongs to one thread at a time. Any split of the same bytes gives the same document.
class Scan {
 public:
  struct Impl;
  explicit Scan(std::unique_ptr<Impl> impl);
  Scan(Scan&&) noexcept;
  Scan& operator=(Scan&&) noexcept;
  ~Scan();

  /// More bytes of the log `name`; logs count in the order of their first piece.
  void feed(std::string_view name, std::string_view data);
  /// Reads the whole file in pieces of constant size. Throws Error (io).
  void feed_file(std::string_view name, const std::filesystem::path& path);
  /// The verdict on what came so far, as if the logs ended here; feeding may go on.
  [[nodiscard]] Classification result() const;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace jobmedic
