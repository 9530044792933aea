#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jobmedic/attempt.hpp"
#include "jobmedic/changes.hpp"
#include "jobmedic/outcome.hpp"
#include "jobmedic/secrets.hpp"
#include "jobmedic/stored_patch.hpp"
#include "jobmedic/templates.hpp"

/// What is remembered: attempts, patches with their scopes, remediations given, model versions.
namespace jobmedic {

/// The patches that match an attempt and are in force, in the order in which they count: by priority, number of scope
/// members, creation time, id. Each is read from the store only when asked for. Lives as long as the call it is given
/// to.
class Candidates {
 public:
  struct Head {
    std::string id;
    bool layer = false;
  };
  Candidates(std::vector<Head> heads, std::function<StoredPatch(std::size_t)> read)
      : heads_(std::move(heads)), read_(std::move(read)) {}
  explicit Candidates(std::vector<StoredPatch> patches);

  [[nodiscard]] const std::vector<Head>& heads() const noexcept { return heads_; }
  /// One that cannot be read, or whose scope does not match after all, comes back with its `damage`.
  [[nodiscard]] StoredPatch read(std::size_t index) const { return read_(index); }
  [[nodiscard]] std::vector<StoredPatch> read_all() const;

 private:
  std::vector<Head> heads_;
  std::function<StoredPatch(std::size_t)> read_;
};

/// What a model is for. Each kind has a version of its own in service; no two versions of any kind share a name.
enum class ModelKind : std::uint8_t {
  recommend,  ///< Model: would a retry fail?
  forecast,   ///< forecast::Forecaster: is a process about to be killed?
};
std::string_view name_of(ModelKind kind);  ///< "recommend", "forecast"
/// Throws Error (invalid_argument): there is no such kind.
ModelKind model_kind_named(std::string_view name);

struct ModelVersion {
  std::string version;
  std::string created_at;
  std::string report;  ///< JSON, as train() gave it
  bool serving = false;
  std::uint64_t bytes = 0;
  ModelKind kind = ModelKind::recommend;
};

struct StoredModel {
  std::string version;
  std::string safetensors;
};

/// A version was put into service.
struct Promotion {
  std::string version;
  std::string at;      ///< RFC 3339 UTC; given by the store when empty
  std::string kind;    ///< "trained" (its audits let it), "promoted", "forced" (against its audits), "rolled back"
  std::string by;      ///< who did it; empty: the user this process runs as, "user@host"
  std::string reason;  ///< in their words
  ModelKind of = ModelKind::recommend;  ///< given by the store: the version's kind
};

struct StoreOptions {
  bool create = true;  ///< false: a store that does not exist is an error
  bool read_only = false;
  /// How long one call waits for another writer; in PostgreSQL also for its turn where writers met, and for a server
  /// that was there and comes back.
  std::chrono::milliseconds busy_timeout{5000};
  SecretMask secrets{};  ///< masks every attempt before it is written
  /// Told of trouble that the store gets over by itself: "store_retried", "store_lost" (its connection), or
  /// "store_reopened", and one line. Called on any thread that uses the store, which it must not use itself.
  std::function<void(std::string_view event, const std::string& message)> tell{};
};

/// What Store::prune deleted, or would.
struct Pruned {
  std::size_t attempts = 0;
  std::size_t remediations = 0;
  std::size_t undated = 0;  ///< attempts that stay because they do not say when they began
};

/// One open store. Safe from any number of threads and processes at once; not across fork().
/// Every method throws Error (store; detail {"code", "kind"}: "busy", "read_only", "full", "damaged", "io",
/// "connection" or "other"); whatever returned is durable, and took effect once. Attempts come back as they were kept:
/// masked.
class Store {
 public:
  /// `url`: "sqlite:PATH", for the processes of one machine, or for many schedulers
  /// "postgresql://[USER@]HOST[:PORT][,...]/DATABASE[?OPTION=VALUE&...]" in libpq's forms (a Unix socket:
  /// "postgresql:///DATABASE?host=/FOLDER"). A password is taken from PGPASSWORD or a password file (PGPASSFILE,
  /// ~/.pgpass); one in the URL is refused. The database must exist (`createdb`); the tables are made in its schema
  /// "jobmedic", for which the first user needs CREATE on the database.
  /// Throws Error: invalid_argument (unknown scheme, malformed, password), store (locked, corrupt, read-only,
  /// unreachable, newer schema).
  static std::unique_ptr<Store> open(std::string_view url, const StoreOptions& options = {});
  virtual ~Store() = default;

  [[nodiscard]] virtual const std::string& url() const noexcept = 0;  ///< as it was opened

  /// Writes or replaces the attempt (job, run, attempt). The first time an outcome is recorded for it, each patch that
  /// applied to it is used once. Returns false where the same document was already there.
  virtual bool record(const Attempt& attempt) = 0;
  /// The same for many, in short transactions; stops at none of them. Returns how many were new or changed.
  virtual std::size_t record_all(const std::vector<Attempt>& attempts) = 0;
  /// Records how a try ended, with what was known of it before, and keeps or retires the patches that it ran with, all
  /// in one transaction. The same outcome again changes nothing. While automation is stopped no patch is touched.
  /// Throws Error (invalid_argument): no outcome; one that contradicts the recorded one, unless it is a correction.
  virtual RecordedOutcome record_outcome(const Attempt& attempt, const OutcomeOptions& options = {}) = 0;
  [[nodiscard]] virtual std::optional<Attempt> attempt(std::string_view job, std::string_view run,
                                                       std::int64_t attempt) const = 0;
  /// The attempt last recorded for the job.
  [[nodiscard]] virtual std::optional<Attempt> last_attempt(std::string_view job) const = 0;
  /// The attempts last recorded for the job, at most `limit`, the newest first.
  [[nodiscard]] virtual std::vector<Attempt> recent_attempts(std::string_view job, std::size_t limit) const = 0;
  /// All attempts, in pages by key, so that no read transaction is long.
  virtual void each_attempt(const std::function<void(const Attempt&)>& visit) const = 0;
  /// The same job by job, oldest record first; a job with more than 20,000 attempts comes in several parts.
  virtual void each_job(const std::function<void(std::span<const Attempt>)>& visit) const = 0;
  [[nodiscard]] virtual std::size_t attempt_count() const = 0;
  /// Deletes the attempts that began before `before` (RFC 3339), with what was answered and learned of them alone, in
  /// short transactions, oldest record first. Patches, model versions and the audit trail stay. `dry_run`: only counts.
  /// `progress` is told how many attempts were looked at. Throws Error (invalid_argument): no such time.
  virtual Pruned prune(std::string_view before, bool dry_run = false,
                       const std::function<void(std::size_t)>& progress = {}) = 0;

  /// Adds it, or replaces the one with its id. Returns it with the id and creation time it got.
  virtual StoredPatch put_patch(const StoredPatch& patch, const Author& author = {}) = 0;
  /// Disables it, or puts it in force again. Throws Error (invalid_argument) where there is none of this id.
  virtual StoredPatch enable_patch(std::string_view id, bool enabled, const Author& author = {}) = 0;
  [[nodiscard]] virtual std::optional<StoredPatch> patch(std::string_view id) const = 0;
  [[nodiscard]] virtual std::vector<StoredPatch> patches() const = 0;
  /// The same one by one, in pages by key, so that no read transaction is long.
  virtual void each_patch(const std::function<void(const StoredPatch&)>& visit) const = 0;
  /// Every patch whose scope matches, in the order of Candidates, those not in force too.
  [[nodiscard]] virtual std::vector<StoredPatch> patches_matching(const Attempt& attempt) const = 0;
  /// Those that were counted as used by the attempt, in that order, retired ones too.
  [[nodiscard]] virtual std::vector<StoredPatch> patches_used(const Attempt& attempt) const = 0;
  /// `use` sees the store at one moment, and may be called more than once.
  virtual void with_candidates(const Attempt& attempt, std::string_view now,
                               const std::function<void(const Candidates&)>& use) const = 0;
  /// The candidates, each read.
  [[nodiscard]] std::vector<StoredPatch> patches_for(const Attempt& attempt, std::string_view now) const;

  /// The audit trail, the newest change first: at most `limit`, of this patch or of all (empty).
  [[nodiscard]] virtual std::vector<Change> changes(std::size_t limit, std::string_view patch = {}) const = 0;
  /// Brings every patch back to what it was after change `number` (0: before the first), in one transaction; the kill
  /// switch stays as it is. Returns the changes that took. Throws Error (invalid_argument) where there is no such
  /// change.
  virtual std::vector<Change> roll_back(std::int64_t number, const Author& author = {}) = 0;
  /// The kill switch: seen by every process with its next call.
  [[nodiscard]] virtual Automation automation() const = 0;
  virtual Automation stop_automation(bool stop, const Author& author = {}) = 0;

  /// Saves a remediation with its patch in one transaction, or returns the one already saved for (job, run, attempt).
  /// Also records the attempt, where it has an outcome and the one recorded has none, and keeps the telling lines of a
  /// failure that no rule knew. With `outcome` the patches it ran with are judged as by record_outcome(). `document`
  /// may be called more than once; the last one counts.
  struct SavedRemediation {
    std::string document;
    bool fresh = true;  ///< false: it was there before
  };
  virtual SavedRemediation save_remediation(const Attempt& attempt, const std::optional<StoredPatch>& patch,
                                            const std::function<std::string(const std::string& patch_id)>& document,
                                            const std::vector<TellingLine>& telling = {},
                                            const OutcomeOptions* outcome = nullptr) = 0;
  [[nodiscard]] virtual std::optional<std::string> remediation(std::string_view job, std::string_view run,
                                                               std::int64_t attempt) const = 0;

  /// What counts before a job may try again.
  struct JobRecord {
    int patched_failures = 0;  ///< earlier tries since its last success that failed though a patch applied
    int retries = 0;           ///< that remediations since a given time have granted
  };
  /// Of the attempt's job, without the attempt itself; of its last 100 tries.
  [[nodiscard]] virtual JobRecord job_record(const Attempt& attempt, std::string_view since) const = 0;

  /// The documents of all remediations, in pages, so that no read transaction is long.
  virtual void each_remediation(const std::function<void(const std::string& document)>& visit) const = 0;

  /// What the logs of an unclassified attempt said: the first 8 lines, each text of at most 2000 bytes. Replaces what
  /// was kept of it; no lines: forgets it.
  virtual void keep_telling(const Attempt& attempt, const std::vector<TellingLine>& lines) = 0;
  /// In the order kept, in pages; without those whose recorded outcome names a rule or a success by now.
  virtual void each_unclassified(const std::function<void(const UnclassifiedFailure&)>& visit) const = 0;

  /// Saves the weights with their size and hash, not yet in service. `folds`: the same of the networks that were
  /// trained without some jobs, for the audits of later versions.
  virtual void put_model(const ModelVersion& version, std::string_view safetensors,
                         std::span<const std::string> folds = {}) = 0;
  [[nodiscard]] virtual std::vector<ModelVersion> models() const = 0;
  /// Weights, size and hash checked; none without them.
  [[nodiscard]] virtual std::optional<std::string> model(std::string_view version) const = 0;
  [[nodiscard]] virtual std::vector<std::string> fold_models(std::string_view version) const = 0;
  /// Those in service, with their name: the two belong together, whoever promotes another version meanwhile.
  [[nodiscard]] virtual std::optional<StoredModel> serving_model(ModelKind kind = ModelKind::recommend) const = 0;
  /// The name of the version in service, cheap enough to ask before each answer; empty without one.
  [[nodiscard]] virtual std::string serving_version(ModelKind kind = ModelKind::recommend) const = 0;
  /// Puts a version into service whose weights are intact; false, and nothing changed, where another of its kind than
  /// `if_serving` is in service by now. Throws Error (invalid_argument): there is no such version.
  virtual bool promote(const Promotion& promotion, const std::optional<std::string>& if_serving = std::nullopt) = 0;
  /// Puts the version into service again that was before this one; again: the one before that. What it became.
  /// Throws Error (invalid_argument): there was none.
  virtual Promotion rollback(const Promotion& by_and_reason, ModelKind kind = ModelKind::recommend) = 0;
  /// Oldest first: the last one of a kind is in service.
  [[nodiscard]] virtual std::vector<Promotion> promotions() const = 0;
};

}  // namespace jobmedic
