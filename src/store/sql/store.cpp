#include "store/sql/store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <tuple>

#include "core/time.hpp"
#include "jobmedic/error.hpp"
#include "store/sql/attempts.hpp"
#include "store/sql/automation.hpp"
#include "store/sql/candidates.hpp"
#include "store/sql/changes.hpp"
#include "store/sql/failure.hpp"
#include "store/sql/models.hpp"
#include "store/sql/outcomes.hpp"
#include "store/sql/patches.hpp"
#include "store/sql/promotions.hpp"
#include "store/sql/prune.hpp"
#include "store/sql/query.hpp"
#include "store/sql/remediations.hpp"
#include "store/sql/unclassified.hpp"
#include "store/this_user.hpp"

namespace jobmedic::sql {
namespace {

constexpr std::size_t attempts_per_transaction = 500;
constexpr std::int64_t rows_per_page = 500;
constexpr std::size_t attempts_per_job_part = 20'000;

class SqlStore final : public Store {
 public:
  SqlStore(std::unique_ptr<Database> database, SecretMask secrets)
      : secrets_(std::move(secrets)), database_(std::move(database)) {}

  [[nodiscard]] const std::string& url() const noexcept override { return database_->url(); }

  bool record(const Attempt& attempt) override {
    check(attempt);
    return database_->write([&](Connection& connection) { return write_attempt(connection, secrets_.mask(attempt)); });
  }

  std::size_t record_all(const std::vector<Attempt>& attempts) override {
    for (const Attempt& attempt : attempts) check(attempt);
    std::size_t changed = 0;
    for (std::span<const Attempt> rest = attempts; !rest.empty();) {
      const auto batch = rest.first(std::min(rest.size(), attempts_per_transaction));
      changed += database_->write([&](Connection& connection) {
        return static_cast<std::size_t>(std::count_if(batch.begin(), batch.end(), [&](const Attempt& attempt) {
          return write_attempt(connection, secrets_.mask(attempt));
        }));
      });
      rest = rest.subspan(batch.size());
    }
    return changed;
  }

  RecordedOutcome record_outcome(const Attempt& attempt, const OutcomeOptions& options) override {
    check(attempt);
    if (!attempt.outcome) throw Error(Status::invalid_argument, "/outcome: is missing: how did the attempt end?");
    const OutcomeOptions named = name(options);
    return database_->write(
        [&](Connection& connection) { return write_outcome(connection, secrets_.mask(attempt), named); });
  }

  [[nodiscard]] std::optional<Attempt> attempt(std::string_view job, std::string_view run,
                                               std::int64_t attempt) const override {
    return database_->read([&](Connection& connection) { return read_attempt(connection, job, run, attempt); });
  }

  [[nodiscard]] std::optional<Attempt> last_attempt(std::string_view job) const override {
    return database_->read([&](Connection& connection) { return read_last_attempt(connection, job); });
  }

  [[nodiscard]] std::vector<Attempt> recent_attempts(std::string_view job, std::size_t limit) const override {
    return database_->read([&](Connection& connection) { return read_recent_attempts(connection, job, limit); });
  }

  void each_attempt(const std::function<void(const Attempt&)>& visit) const override { each_row(read_page, visit); }

  void each_job(const std::function<void(std::span<const Attempt>)>& visit) const override {
    JobPlace after;
    std::vector<Attempt> job;
    while (true) {
      auto page = database_->read([&](Connection& connection) {
        JobPlace next = after;
        auto attempts = read_job_page(connection, next, rows_per_page);
        return std::make_pair(std::move(attempts), std::move(next));
      });
      after = std::move(page.second);
      for (Attempt& attempt : page.first) {
        if (!job.empty() && (job.front().job != attempt.job || job.size() == attempts_per_job_part)) {
          visit(job);
          job.clear();
        }
        job.push_back(std::move(attempt));
      }
      if (page.first.empty()) break;
    }
    if (!job.empty()) visit(job);
  }

  [[nodiscard]] std::size_t attempt_count() const override {
    return database_->read([](Connection& connection) {
      return static_cast<std::size_t>(connection.integer("SELECT count(*) FROM attempts"));
    });
  }

  Pruned prune(std::string_view before, bool dry_run, const std::function<void(std::size_t)>& progress) override {
    const auto moment = parse_time(before);
    if (!moment) throw Error(Status::invalid_argument, fmt::format("\"{}\" is no RFC 3339 time", before));
    Pruning pruning;
    bool more = true;
    while (more) {
      const auto page = [&](Connection& connection) {
        Pruning next = pruning;  // the transaction may run more than once
        const bool any = prune_page(connection, *moment, dry_run, rows_per_page, next);
        return std::make_pair(any, next);
      };
      std::tie(more, pruning) = dry_run ? database_->read(page) : database_->write(page);
      if (progress) progress(pruning.seen);
    }
    return pruning.pruned;
  }

  StoredPatch put_patch(const StoredPatch& patch, const Author& author) override {
    const Author named = name(author);
    return database_->write([&](Connection& connection) { return write_patch(connection, patch, named, "put"); });
  }

  StoredPatch enable_patch(std::string_view id, bool enabled, const Author& author) override {
    const Author named = name(author);
    return database_->write([&](Connection& connection) {
      auto patch = read_patch(connection, id);
      if (!patch) throw Error(Status::invalid_argument, fmt::format("store {} has no patch \"{}\"", url(), id));
      if (!patch->damage.empty()) fail(url(), fmt::format("patch {}: {}", id, patch->damage));
      patch->disabled = !enabled;
      return write_patch(connection, *patch, named, enabled ? "enable" : "disable");
    });
  }

  [[nodiscard]] std::optional<StoredPatch> patch(std::string_view id) const override {
    return database_->read([&](Connection& connection) { return read_patch(connection, id); });
  }

  [[nodiscard]] std::vector<StoredPatch> patches() const override {
    return database_->read([](Connection& connection) { return read_patches(connection); });
  }

  void each_patch(const std::function<void(const StoredPatch&)>& visit) const override {
    each_row(read_patch_page, visit);
  }

  [[nodiscard]] std::vector<StoredPatch> patches_matching(const Attempt& attempt) const override {
    return database_->read([&](Connection& connection) { return read_matching(connection, attempt); });
  }

  [[nodiscard]] std::vector<StoredPatch> patches_used(const Attempt& attempt) const override {
    return database_->read([&](Connection& connection) { return read_used(connection, attempt); });
  }

  void with_candidates(const Attempt& attempt, std::string_view now,
                       const std::function<void(const Candidates&)>& use) const override {
    const auto time = parse_time(now);
    if (!time) throw Error(Status::invalid_argument, fmt::format("\"{}\" is no time", now));
    database_->read([&](Connection& connection) {
      use(find_candidates(connection, attempt, *time));
      return true;
    });
  }

  [[nodiscard]] std::vector<Change> changes(std::size_t limit, std::string_view patch) const override {
    return database_->read([&](Connection& connection) { return read_changes(connection, limit, patch); });
  }

  std::vector<Change> roll_back(std::int64_t number, const Author& author) override {
    const Author named = name(author);
    return database_->write([&](Connection& connection) { return sql::roll_back(connection, number, named); });
  }

  [[nodiscard]] Automation automation() const override {
    return database_->read([](Connection& connection) { return read_automation(connection); });
  }

  Automation stop_automation(bool stop, const Author& author) override {
    const Author named = name(author);
    return database_->write([&](Connection& connection) { return write_automation(connection, stop, named); });
  }

  SavedRemediation save_remediation(const Attempt& attempt, const std::optional<StoredPatch>& patch,
                                    const std::function<std::string(const std::string&)>& document,
                                    const std::vector<TellingLine>& telling, const OutcomeOptions* outcome) override {
    check(attempt);
    const Author author = name({"", patch ? patch->note : ""});
    const OutcomeOptions named = name(outcome != nullptr ? *outcome : OutcomeOptions());
    return database_->write([&](Connection& connection) -> SavedRemediation {
      auto saved = read_remediation(connection, attempt.job, attempt.run, attempt.attempt);
      if (saved) return {std::move(*saved), false};
      // Before the patch: it must not count as one that applied to the attempt it was made from.
      if (attempt.outcome) write_failure(connection, secrets_.mask(attempt), outcome != nullptr ? &named : nullptr);
      std::string text = document(patch ? write_patch(connection, *patch, author, "recommend").id : std::string());
      write_remediation(connection, attempt.job, attempt.run, attempt.attempt, text);
      if (!telling.empty()) write_telling(connection, attempt, telling);
      return {std::move(text), true};
    });
  }

  [[nodiscard]] std::optional<std::string> remediation(std::string_view job, std::string_view run,
                                                       std::int64_t attempt) const override {
    return database_->read([&](Connection& connection) { return read_remediation(connection, job, run, attempt); });
  }

  [[nodiscard]] JobRecord job_record(const Attempt& attempt, std::string_view since) const override {
    const auto time = parse_time(since);
    if (!time) throw Error(Status::invalid_argument, fmt::format("\"{}\" is no time", since));
    return database_->read([&](Connection& connection) {
      return JobRecord{count_patched_failures(connection, attempt), count_retries(connection, attempt.job, *time)};
    });
  }

  void each_remediation(const std::function<void(const std::string&)>& visit) const override {
    each_row(read_remediations, visit);
  }

  void keep_telling(const Attempt& attempt, const std::vector<TellingLine>& lines) override {
    check(attempt);
    database_->write([&](Connection& connection) {
      write_telling(connection, attempt, lines);
      return true;
    });
  }

  void each_unclassified(const std::function<void(const UnclassifiedFailure&)>& visit) const override {
    std::int64_t after = 0;
    while (after >= 0) {
      const auto page = database_->read([&](Connection& connection) {
        std::int64_t next = after;
        auto failures = read_unclassified(connection, next, rows_per_page);
        return std::make_pair(std::move(failures), next);
      });
      after = page.second;
      for (const UnclassifiedFailure& failure : page.first) visit(failure);
    }
  }

  void put_model(const ModelVersion& version, std::string_view safetensors,
                 std::span<const std::string> folds) override {
    if (version.version.empty()) throw Error(Status::invalid_argument, "a model needs a version");
    database_->write([&](Connection& connection) {
      write_model(connection, version, safetensors, folds);
      return true;
    });
  }

  [[nodiscard]] std::vector<ModelVersion> models() const override {
    return database_->read([](Connection& connection) { return read_models(connection); });
  }

  [[nodiscard]] std::optional<std::string> model(std::string_view version) const override {
    return database_->read([&](Connection& connection) { return read_model(connection, version); });
  }

  [[nodiscard]] std::vector<std::string> fold_models(std::string_view version) const override {
    return database_->read([&](Connection& connection) { return read_fold_models(connection, version); });
  }

  [[nodiscard]] std::optional<StoredModel> serving_model(ModelKind kind) const override {
    return database_->read([&](Connection& connection) { return read_serving_model(connection, kind); });
  }

  [[nodiscard]] std::string serving_version(ModelKind kind) const override {
    return database_->read([&](Connection& connection) { return read_serving_version(connection, kind); });
  }

  bool promote(const Promotion& promotion, const std::optional<std::string>& if_serving) override {
    return database_->write([&](Connection& connection) { return write_promotion(connection, promotion, if_serving); });
  }

  Promotion rollback(const Promotion& by_and_reason, ModelKind kind) override {
    return database_->write([&](Connection& connection) { return write_rollback(connection, by_and_reason, kind); });
  }

  [[nodiscard]] std::vector<Promotion> promotions() const override {
    return database_->read([](Connection& connection) { return read_promotions(connection); });
  }

 private:
  static void check(const Attempt& attempt) {
    if (attempt.job.empty()) throw Error(Status::invalid_argument, "an attempt needs a job");
  }

  // Page by page, each in a transaction of its own: a long reader is in nobody's way.
  template <typename Row>
  void each_row(std::vector<Row> (*read)(Connection&, std::int64_t& after, std::int64_t limit),
                const std::function<void(const Row&)>& visit) const {
    std::int64_t after = 0;
    while (true) {
      const auto page = database_->read([&](Connection& connection) {
        std::int64_t next = after;
        auto rows = read(connection, next, rows_per_page);
        return std::make_pair(std::move(rows), next);
      });
      if (page.first.empty()) return;
      after = page.second;
      for (const Row& row : page.first) visit(row);
    }
  }

  [[nodiscard]] OutcomeOptions name(OutcomeOptions options) const {
    options.author = {secrets_.mask(options.author.by), secrets_.mask(options.author.reason)};
    return options;
  }

  [[nodiscard]] Author name(const Author& author) const {
    return {author.by.empty() ? this_user() : secrets_.mask(author.by), secrets_.mask(author.reason)};
  }

  const SecretMask secrets_;
  const std::unique_ptr<Database> database_;
};

}  // namespace

std::unique_ptr<Store> make_store(std::unique_ptr<Database> database, const SecretMask& secrets) {
  return std::make_unique<SqlStore>(std::move(database), secrets);
}

}  // namespace jobmedic::sql
