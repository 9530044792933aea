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
#include "remediate/engine_config.hpp"
#include "remediate/model_in_service.hpp"
#include "remediate/snapshot.hpp"
#include "remediate/spaces.hpp"

namespace jobmedic {

enum class Level { error, warning, info, debug };

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
  /// Completes it by the retry decision.
  void decide(Remediation& answer, const Attempt& failed, const Store::JobRecord& record) const;
  /// Empty where it cannot be read, which the log is told.
  [[nodiscard]] Store::JobRecord record_of(const Attempt& failed, TimePoint time) const;
  /// Of what it is given only masked text is told or kept. `mine` may be empty; it is called for an unclassified
  /// failure only, and masks what it finds.
  [[nodiscard]] std::string decide_and_save(const Snapshot& used, const Attempt& failed, const Classification& verdict,
                                            const std::function<std::vector<TellingLine>()>& mine) const;
  /// The answer while automation is stopped: nothing is decided, but the failure becomes history.
  [[nodiscard]] std::string leave_alone(const Attempt& safe, const Classification& verdict,
                                        const Automation& automation, std::vector<TellingLine> telling) const;
  /// The answer given before, if there is one and automation is at work.
  [[nodiscard]] std::optional<std::string> answered(const Attempt& failed) const;

  void log(Level level, const std::string& message) const;
  void set_log(LogFunction function);

  const pid_t process;
  const EngineConfig config;
  const std::unique_ptr<Store> store;
  mutable ModelInService in_service;
  mutable Spaces spaces;
  mutable std::atomic<std::uint64_t> model_calls{0};

 private:
  [[nodiscard]] std::shared_ptr<const Model> counted(std::shared_ptr<const Model> inner) const;

  mutable std::mutex mutex_;  // guards what follows
  std::shared_ptr<const Snapshot> snapshot_;
  std::shared_ptr<const LogFunction> log_;
};

}  // namespace jobmedic
