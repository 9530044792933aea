#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "jobmedic/attempt.hpp"
#include "jobmedic/classify.hpp"
#include "jobmedic/collect.hpp"
#include "jobmedic/event.hpp"
#include "jobmedic/loop.hpp"
#include "jobmedic/outcome.hpp"
#include "jobmedic/recommend.hpp"
#include "jobmedic/rightsize.hpp"
#include "jobmedic/store.hpp"
#include "jobmedic/templates.hpp"

/// The stages chained: compiled rules, model, store and policy behind one object.
namespace jobmedic {

/// When to try again, for the scheduler.
struct RetryDecision {
  bool restart = false;
  double after_s = 0;
  std::string reason;
};

/// The document jobmedic.remediation/1.
struct Remediation {
  Classification classification;
  std::optional<Recommendation> recommendation;  ///< absent where the verdict alone decides
  std::vector<TellingLine> telling;              ///< of a failure that no rule knew: what its logs say themselves
  std::optional<Automation> stopped{};           ///< the kill switch, where it is on: the retry is the scheduler's own
  std::string patch_id;                          ///< empty: no patch was saved
  RetryDecision retry;
  std::string mode = "act";  ///< "shadow" or "dry_run": nothing was changed, and `retry` is the scheduler's own
  std::optional<RetryDecision> would{};  ///< what "act" would have decided
  bool quarantined = false;              ///< no further patch: too many in a row have failed
  [[nodiscard]] std::string to_json() const;
};

/// The mutated configuration of an attempt about to start: the document jobmedic.config/1.
struct ConfigAnswer {
  struct Skipped {
    std::string id;
    std::string reason;
  };
  std::string config;                   ///< JSON object
  std::vector<std::string> applied;     ///< patch ids, in the order applied
  std::vector<Skipped> skipped;         ///< that would have counted more than what was applied, and damaged layers
  std::optional<Automation> stopped{};  ///< the kill switch, where it is on: `config` is as it was
  [[nodiscard]] std::string to_json() const;
};

/// How a configuration came about: the document jobmedic.explanation/1.
struct ConfigExplanation {
  struct Setting {
    std::string name;
    std::string before;  ///< JSON; empty: it was not set
    std::string after;   ///< the same
  };
  struct Step {
    StoredPatch patch;
    std::string outcome;           ///< "applied", "skipped", or "superseded" by one that counts more
    std::string reason;            ///< why it was not applied
    std::vector<Setting> changes;  ///< what it changed in what the patches before it left
  };
  ConfigAnswer answer;
  std::vector<Step> steps;  ///< all whose scope matches, in order: the last counts most
  [[nodiscard]] std::string to_json() const;
};

/// What a collector brought: the document jobmedic.collection/1.
struct Collection {
  Classification classification;
  std::optional<Attempt> attempt;  ///< as given, completed by what event logs tell: for recommend() and remediate()
  [[nodiscard]] std::string to_json() const;
};

/// Safe from any number of threads at once. After fork() every method throws Error (forked) in the child; destroying is
/// fine.
class Engine {
 public:
  /// jobmedic.engine/1: {"rules": [PATH or rules document...], "shipped_rules": true, "store": URL, "model": PATH,
  /// "space": PATH or document, "collector": PATH or document, "policy": {...}, "loop": {...}, "rightsize": {...},
  /// "warm_up": false, "torch_module": PATH, "cache": PATH, "secrets": {"mask": true, "files": [PATH or secrets
  /// document...]}}; all optional. Without "space" the one shipped for the attempt's engine serves, or the generic one
  /// (memory_mib, cores) for an engine that has none, which the log is told. Without "model" the version in service in
  /// the store is used, and followed when it changes. Secrets are masked in all that comes back, is stored or logged
  /// (jobmedic/secrets.hpp), but not in get_config(), and not in what an Error says, which may quote the caller's own
  /// input.
  explicit Engine(std::string_view config = "{}");
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;
  ~Engine();

  /// Loads libtorch and the model, and runs one prediction through it. Returns why libtorch could not be loaded, or an
  /// empty text; the built-in forward pass serves where it could not.
  std::string warm_up();
  /// Reads rules and model again; calls in flight finish with what they began with. On failure nothing changes.
  void reload();
  /// JSON: version, rules, scanner, model, served_by, store.
  [[nodiscard]] std::string info() const;

  [[nodiscard]] Classification classify(std::span<const Log> logs, const Attempt* attempt = nullptr) const;
  /// The same for logs that `read` feeds into the scan itself, of which it returns the result.
  [[nodiscard]] Classification classify(const Attempt* attempt, const std::function<Classification(Scan&)>& read) const;
  /// For whoever feeds while a log is written; not among the metrics, since its result may be asked for many times.
  [[nodiscard]] Scan scan(const Attempt* attempt = nullptr) const;
  /// The logs that `collector` finds, or the configured one where it is null. Throws Error: io (a required source, or
  /// all), invalid_argument (there is no collector).
  [[nodiscard]] Collection collect(const Attempt* attempt, const Collector* collector = nullptr) const;
  /// Is a collector configured?
  [[nodiscard]] bool collects() const;
  [[nodiscard]] Recommendation recommend(const Attempt& failed, const Classification& verdict) const;
  /// classify -> recommend where it applies -> save the patch -> decide. The same job, run and attempt give the answer
  /// that was saved first (the whole document, as JSON). Without a store nothing is saved. While automation is stopped
  /// nothing is decided either: the attempt is recorded, and its retry is what a scheduler does by itself, unchanged
  /// after a wait, up to max_retries. The log is told each step (debug): classify, recommend, save, decide.
  [[nodiscard]] std::string remediate(const Attempt& failed, std::span<const Log> logs);
  /// The same with the logs that the configured collector finds.
  [[nodiscard]] std::string remediate(const Attempt& failed);
  /// The same for a scan that was fed already. `mine` reads the logs once more, with a FailureMiner; it is called only
  /// where no rule knew the failure, so that it is learned from.
  [[nodiscard]] std::string remediate(const Attempt& failed, const Classification& verdict,
                                      const std::function<std::vector<TellingLine>()>& mine = {});
  /// What it masks: for those who read logs themselves.
  [[nodiscard]] SecretMask secrets() const;
  /// Never writes. While automation is stopped the configuration is as it was. Throws Error (invalid_argument) without
  /// a store.
  [[nodiscard]] ConfigAnswer get_config(const Attempt& attempt) const;
  /// How get_config() comes to its answer, by every patch whose scope matches. Never writes.
  [[nodiscard]] ConfigExplanation explain_config(const Attempt& attempt) const;
  /// What an attempt about to start should get, from its job's last 100 runs in the store, as rightsize() computes it
  /// by the configured "space" and "rightsize" (a RightsizePolicy). `apply`: in mode "act" it is saved, as a patch of
  /// the source "rightsize", for get_config(): after what the patch before it set, unless a person's sets the same. In
  /// mode "shadow" it is saved as a disabled patch of the source "proposal", one a job: enabled, it is in force.
  /// While automation is stopped nothing is saved. Throws Error: store, schema, patch; invalid_argument without a
  /// store.
  Rightsizing rightsize(const Attempt& next, bool apply);
  /// Saves a patch that may be applied: it changes parameters of its engine's space only (of any engine's, where its
  /// scope names none), within their bounds. Throws Error (patch) on another.
  StoredPatch put_patch(const StoredPatch& patch, const Author& author = {});
  /// What happened to an attempt. Throws Error (invalid_argument) without a store.
  void record(const Attempt& attempt);
  /// The same, and what it teaches: patches that remediate() made for the job are kept or retired as "loop" says
  /// (jobmedic/outcome.hpp). Of `attempt` job, run, attempt and outcome are enough: what it ran with is then what is
  /// recorded of it, or the try before it with the patches that get_config() gives it. While automation is stopped, and
  /// unless the loop acts on the job, no patch is touched. `options.loop` is not used: the engine has its own.
  RecordedOutcome record_outcome(const Attempt& attempt, const OutcomeOptions& options = {});
  /// The audit trail, masked, and the kill switch: as Store has them, of the engine's store.
  [[nodiscard]] std::vector<Change> changes(std::size_t limit, std::string_view patch = {}) const;
  Automation stop_automation(bool stop, const Author& author = {});

  /// What this engine did since it was made, for Prometheus (text exposition format 0.0.4): classifications and
  /// remediations by rule and decision, latencies, cache, model version, store errors. Counting takes no lock; a rule
  /// that is not loaded is told as "other", so the number of series is bounded.
  [[nodiscard]] std::string metrics() const;

  using LogFunction =
      std::function<void(int level, std::string_view message)>;  ///< level: 0 error, 1 warning, 2 info, 3 debug
  /// Both are called on the thread of the call that caused the event, by several threads at once where several call;
  /// they may call the engine. From the return of set_...() on, new calls tell the new function. Empty: nobody is told.
  void set_log(LogFunction log);
  /// The same with fields, up to `level`.
  void set_events(EventFunction events, int level = 2);
  /// Tells both of what its user did with the engine's store, as training does.
  void tell(const Event& event) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace jobmedic
