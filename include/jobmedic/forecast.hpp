#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Before it fails: is this process, or the device it runs on, about to be killed for memory?
/// After Netflix's account of OOM-kill prediction on TVs and set-top boxes (2022): graded labels by the time before a
/// kill, features of the memory's course, a model for an alert budget.
/// Free functions: safe from any number of threads. Sizes in bytes, times in seconds, shares 0..1.
namespace jobmedic::forecast {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// What was read of one process and of the group whose limit it lives under. NaN: not known. Counters are cumulative.
struct Reading {
  double time_s = unknown;  ///< since any fixed moment; must rise
  double navigation_level = unknown;
  double resident_bytes = unknown;  ///< of the process
  double private_bytes = unknown;   ///< its anonymous part (smaps_rollup: Pss_Anon)
  double shared_bytes = unknown;    ///< its file and shared part
  double virtual_bytes = unknown;
  double minor_faults = unknown;
  double major_faults = unknown;
  double cpu_s = unknown;
  double threads = unknown;
  double usage_bytes = unknown;  ///< of the group: what the limit is held against
  double cache_bytes = unknown;  ///< its page cache, which the kernel takes back before it kills
  double group_bytes = unknown;  ///< its anonymous memory
  double group_major_faults = unknown;
  double limit_hits = unknown;  ///< how often the group ran into its limit (memory.failcnt)
};

// ---- Curation: one table of device characteristics from a contaminated lake -------------------------------------

struct DeviceKey {
  std::string type;  ///< "DT07"
  std::string sdk;   ///< "6.2"
  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes the 0 that it compares with for a pointer
  auto operator<=>(const DeviceKey&) const = default;
};

struct CurationInput {
  std::filesystem::path raw;        ///< CSV, may be gzip or zstd: the key, and any number of characteristics
  std::filesystem::path secondary;  ///< CSV with the same key: where the policy says "secondary"; may be empty
  std::filesystem::path keys;       ///< CSV with the two key columns: only these are curated; empty: all
  std::filesystem::path truth;      ///< CSV of the same form as the answer: each difference is told; may be empty
  std::string policy;               ///< jobmedic.curation/1; empty: the shipped one
};

struct Curation {
  std::string table;   ///< CSV: device_type, sdk_version, the characteristics in the order of the input; sorted
  std::string report;  ///< jobmedic.curation_report/1: every decision, counted
};

/// Reads the lake once, row by row: normalises keys, drops rows without a device, duplicates, test rows and rows of
/// keys not asked for, then settles each characteristic by majority. What the policy's members do is told in
/// policy.json. Throws Error: io, parse (a CSV that is none, with its line), schema (the policy).
Curation curate(const CurationInput& input);

/// The same of texts; where CurationInput has an empty path, an empty text.
struct CurationTexts {
  std::string raw, secondary, keys, truth, policy;
};
Curation curate(const CurationTexts& input);

/// What curate() had said of the whole lake, from what it said of its parts: each with all rows of some device types
/// (as normalised() writes them; those without a device stand together), and with the same other files. So a lake is
/// curated on many machines. Throws Error: parse; invalid_argument (a device type is in two parts, or other columns).
Curation merge(const std::vector<Curation>& parts, const std::string& truth = {});

/// A key in its one form: spaces around it dropped, the type in upper case, "6.2.0" as "6.2".
DeviceKey normalised(DeviceKey key);

/// A curated table, as the forecast needs it.
class DeviceTable {
 public:
  /// Throws Error: parse.
  static DeviceTable parse(std::string_view csv);
  /// From its entries().
  static DeviceTable of(std::vector<std::pair<DeviceKey, double>> entries);
  /// What the application may use there; NaN: the device is not known, or its budget is not.
  [[nodiscard]] double budget_bytes(const DeviceKey& key) const;
  [[nodiscard]] std::size_t size() const { return budgets_.size(); }
  /// By key, sorted; only what is known.
  [[nodiscard]] const std::vector<std::pair<DeviceKey, double>>& entries() const { return budgets_; }

 private:
  std::vector<std::pair<DeviceKey, double>> budgets_;  // sorted
};

// ---- Training and evaluation -------------------------------------------------------------------------------------

struct ForecastTraining {
  std::string version;
  std::uint64_t seed = 0;
  std::uint32_t parts = 5;  ///< as many networks, each trained without one part of the sessions
  std::uint32_t epochs = 10;
  double alert_budget = 0.02;                                        ///< share of readings that may alert
  std::function<void(double done, std::string_view what)> progress;  ///< done 0..1; may throw to cancel
};

struct TrainedForecastFile {
  std::string safetensors;
  std::string report;  ///< jobmedic.forecast_training/1: sessions, kills, held-out measures, calibration, audits
  std::vector<std::string> blocked_by;  ///< audits that failed: do not serve it
};

/// Trains on recorded sessions (a CSV of readings, see jobmedic forecast train --help) and a curated device table.
/// Needs the torch module. Throws Error: io, parse, model.
TrainedForecastFile train_forecast(const std::filesystem::path& traces, const DeviceTable& devices,
                                   const ForecastTraining& options);

struct ForecastEvaluation {
  std::uint32_t folds = 5;
  std::uint32_t folds_played = 5;  ///< fewer: a quick look at the first ones
  std::uint32_t bootstrap = 1000;  ///< paired resamples of the sessions
  std::filesystem::path scores;    ///< where to write session, reading, level, score and alert of each method; or empty
  std::string model;               ///< a trained one (safetensors) is judged in place of new ones; or empty
  std::vector<std::string>
      fold_models;  ///< of it: each session it was trained on is judged by the network that never saw it
};

/// By session, threshold, limits and calibration from the other folds. -> jobmedic.forecast_evaluation/1: the model
/// beside what needs no training, and random alerts; "levels": of the readings of level 0..4, how many were told which,
/// 0..4; "level_agreement": mean absolute error and quadratically weighted kappa of these. Throws as train_forecast().
std::string evaluate_forecast(const std::filesystem::path& traces, const DeviceTable& devices,
                              const ForecastTraining& training, const ForecastEvaluation& options);

/// What recorded sessions say of their kills. -> jobmedic.forecast_analysis/1: when they peak over a session by device
/// type, which early ones look like ordinary crashes, how much was the application's own demand and how much came from
/// outside, and the confusion matrix at the alert budget (each session judged by a model that never saw it).
/// `sessions`: a CSV with has_neighbour, where it is known what was outside; or empty. Throws as train_forecast().
std::string analyse_forecast(const std::filesystem::path& traces, const std::filesystem::path& sessions,
                             const DeviceTable& devices, const ForecastTraining& training,
                             const ForecastEvaluation& options);

// ---- Online: one reading at a time -------------------------------------------------------------------------------

/// Where a session runs.
struct SessionPlace {
  DeviceKey device;               ///< as the model's table knows it; unknown ones get the average share of their budget
  double limit_bytes = unknown;   ///< the limit itself, where it can be read: nothing is learned then
  double budget_bytes = unknown;  ///< what is promised, where the table does not know the device
};

/// All that is remembered of a session: plain bytes, at most 1 KiB, to be copied, stored or sent as they are.
struct Session {
  alignas(8) std::array<unsigned char, 960> bytes;
};
static_assert(sizeof(Session) <= 1024);

struct Forecast {
  /// When, if a kill comes within five minutes (whether one comes is `probability`): 4: within two minutes, 3: three,
  /// 2: four, 1: five; 0: no alert. Rough: off by 0.8 levels on average where a kill was caught (oom-kills, held out).
  int level = 0;
  bool alert = false;      ///< is the probability above what the alert budget allows?
  bool accepted = false;   ///< false: the reading was late, a duplicate, or told nothing; the answer is that before it
  double probability = 0;  ///< of being killed within five minutes, calibrated
  double seconds = 0;      ///< until the kill, if there is one: as learned, or sooner where growth meets the limit
};

struct Reason {
  std::string_view feature;  ///< of the features' names, static
  double value = 0;
  double logit = 0;  ///< by how much less likely the kill were in log odds, were this as usual
};

/// Static; their order may change with the version of jobmedic.
const std::vector<std::string_view>& feature_names();

/// The columns of a recording that a Reading's members are read from, and how many of the member's unit one is.
struct ReadingColumn {
  std::string_view column;
  std::string_view member;
  double Reading::*place;
  double unit;
};
const std::vector<ReadingColumn>& reading_columns();

/// A trained model, ready. Immutable: any number of threads may use it, each session by one at a time.
class Forecaster {
 public:
  /// Throws Error (model): damaged or foreign.
  static std::shared_ptr<const Forecaster> parse(std::string_view safetensors);
  /// The one trained on this project's own recording of kernel kills (shared/data/oom-kills), compiled into the
  /// library.
  static std::shared_ptr<const Forecaster> shipped();
  virtual ~Forecaster() = default;
  [[nodiscard]] virtual Session begin(const SessionPlace& place) const = 0;
  /// A few microseconds; takes no memory, and cannot fail.
  virtual Forecast update(Session& session, const Reading& reading) const noexcept = 0;
  /// What the model's network is given, and what it could be given, after the last accepted reading: by
  /// feature_names(), NaN where not known. `into`: at least as many.
  virtual void features(const Session& session, std::span<float> into) const = 0;
  /// Why: what moves the last answer most, at most five.
  [[nodiscard]] virtual std::vector<Reason> reasons(const Session& session) const = 0;
  [[nodiscard]] virtual const std::string& version() const noexcept = 0;
};

/// A recording's features, as training and every session get them, as CSV: session_id, reading (from 0), t_s, accepted
/// (0 or 1) and the feature_names(), each number the shortest that reads back to the same bits, empty where not known.
/// A reading that is not accepted repeats the features before it. Returns the number of readings. Throws Error: io,
/// parse.
std::uint64_t write_features(const std::filesystem::path& traces, const Forecaster& forecaster,
                             const std::filesystem::path& output);

}  // namespace jobmedic::forecast
