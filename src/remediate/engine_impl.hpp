#pragma once
#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/time.hpp"
#include "jobmedic/engine.hpp"
#include "metrics/engine_metrics.hpp"
#include "remediate/engine_config.hpp"
#include "remediate/model_in_service.hpp"
#include "remediate/snapshot.hpp"
#include "remediate/spaces.hpp"

namespace jobmedic {

enum class Level { error, warning, info, debug };
using Fields = std::vector<std::pair<std::string_view, std::string>>;

struct Engine::Impl {
  explicit Impl(std::string_view config_document);

  /// What a call works with to its end, whatever reload() does meanwhile. Throws Error (forked).
  [[nodiscard]] std::shared_ptr<const Snapshot> in_use() const;
  void replace(std::shared_ptr<const Snapshot> fresh);
  void check_process() const;
  /// Throws Error (invalid_argument) without one.
  [[nodiscard]] Store& needed_store() const;

  /// The configured space, else the one shipped for the engine, else the generic one, which the log is told.
  [[nodiscard]] std::shared_ptr<const Space> space(const Snapshot& used, const std::string& engine) const;

  /// Why a patch must not be saved: no attempt that its scope matches could take it. Empty: it may.
  [[nodiscard]] std::string objection_to(const Snapshot& used, const StoredPatch& patch) const;

  /// The configured model, else the one in service, its calls counted; null: none. Throws Error (model, store).
  [[nodiscard]] std::shared_ptr<const Model> model(const Snapshot& used) const;
  /// A failed job waits for its answer: a model that cannot be read is told, and the one before it, or none, serves.
  [[nodiscard]] std::shared_ptr<const Model> model_or_fallback(const Snapshot& used) const;

  /// What the store knows of the job but for the attempt itself, oldest first; empty without a store, and where it
  /// cannot be read, which the log is told.
  [[nodiscard]] std::vector<Attempt> past_of(const Attempt& failed) const;

  /// The verdict, and what is recommended where memory, or a person's rule, comes into it.
  [[nodiscard]] Remediation recommended(const Snapshot& used, const Attempt& failed,
                                        const Classification& verdict) const;
  /// Masked already; `predictor` may be null.
  [[nodiscard]] Recommendation recommend(const Snapshot& used, const Attempt& failed, const Classification& verdict,
                                         const Model* predictor) const;
  /// Completes it by the retry decision.
  void decide(Remediation& answer, const Attempt& failed, const Store::JobRecord& record) const;
  /// Empty where it cannot be read, which the log is told.
  [[nodiscard]] Store::JobRecord record_of(const Attempt& failed, TimePoint time) const;
  /// Of what it is given only masked text is told or kept. `mine` may be empty; it is called for an unclassified
  /// failure only, and masks what it finds.
  [[nodiscard]] std::string decide_and_save(const Snapshot& used, const Attempt& failed, const Classification& verdict,
                                            const std::function<std::vector<TellingLine>()>& mine) const;
  /// The answer while automation is stopped: nothing is decided, but the failure becomes history.
  [[nodiscard]] std::string leave_alone(const Snapshot& used, const Attempt& safe, const Classification& verdict,
                                        const Automation& automation, std::vector<TellingLine> telling) const;
  /// Engine::rightsize(), its errors not counted.
  [[nodiscard]] Rightsizing rightsize(const Snapshot& used, const Attempt& next, bool apply) const;
  /// What it would say, in which mode; nothing is saved.
  [[nodiscard]] Rightsizing size(const Snapshot& used, const Attempt& next, bool apply) const;
  /// What a run that right-sizing sized teaches at once: where it failed for want of memory, or came close to its
  /// limit, the next one has more, whoever asks for its configuration. Where nothing grows, nothing is changed.
  void grow_again(const Snapshot& used, RecordedOutcome& outcome) const;
  /// Saves what right-sizing found; the answer tells as what, or why not.
  void save_where_due(const Snapshot& used, const Attempt& next, Rightsizing& answer) const;
  /// The answer given before, if there is one and automation is at work.
  [[nodiscard]] std::optional<std::string> answered(const Attempt& failed) const;

  /// get_config(), before anything is told of it.
  [[nodiscard]] ConfigAnswer config_for(const Snapshot& used, const Attempt& attempt) const;
  /// An attempt that says nothing but how it ended: with what it ran with, as far as the store knows.
  [[nodiscard]] Attempt with_config(const Snapshot& used, Attempt attempt) const;
  void tell_learnt(const RecordedOutcome& outcome) const;

  /// Told to both logs, masked.
  void tell(Level level, std::string_view event, const std::string& message, Fields fields = {}) const;
  void tell(const Event& event) const;
  /// A store's error that the answer does not wait for: told and counted.
  void tell_failed(const Error& error, std::string_view going_on_without) const;
  void tell_stopped(const Automation& automation) const;
  void set_log(LogFunction function);
  void set_events(EventFunction function, int level);

  /// body(), timed, its store errors counted.
  template <typename Body>
  auto measured(metrics::Operation operation, const Body& body) const {
    const metrics::Timer timer(counts.latency(operation));
    return counting_errors(body);
  }
  /// body(), its store errors counted.
  template <typename Body>
  auto counting_errors(const Body& body) const {
    try {
      return body();
    } catch (const Error& error) {
      counts.count_error(error);
      throw;
    }
  }
  /// The verdict that `read` returns, timed and counted.
  [[nodiscard]] Classification classify(const Snapshot& used, const std::function<Classification()>& read) const;
  void count_answer(const Snapshot& used, const Remediation& answer) const;
  /// Counts, and tells of a deadline missed.
  void check_deadline(const Attempt& failed, const Recommendation& recommendation) const;

  const pid_t process;
  const EngineConfig config;
  mutable metrics::EngineMetrics counts;
  mutable ModelInService in_service;
  mutable Spaces spaces;
  mutable std::atomic<std::uint64_t> model_calls{0};

 private:
  [[nodiscard]] std::shared_ptr<const Model> counted(std::shared_ptr<const Model> inner) const;

  mutable std::mutex mutex_;  // guards what follows, up to the store
  std::shared_ptr<const Snapshot> snapshot_;
  std::shared_ptr<const LogFunction> log_;
  std::shared_ptr<const EventFunction> events_;
  int most_detailed_ = 0;  // level that events_ is told

 public:
  const std::unique_ptr<Store> store;  // last: it tells what happens to it from the moment it opens
};

}  // namespace jobmedic
