#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jobmedic/attempt.hpp"
#include "jobmedic/classify.hpp"
#include "jobmedic/space.hpp"

/// The retry model: would a retry with this configuration fail, and what would it cost?
/// Two-head multilayer perceptron: numbers normalised with a missing indicator, everything else feature-hashed
/// (Weinberger et al. 2009) and embedded; heads P(retry fails) and log cost. Weights are one safetensors file.
namespace jobmedic {

struct Prediction {
  double failure_probability = 0;  ///< calibrated, 0..1
  double cost_usd = 0;             ///< expected cost of that try, > 0
};

/// Trained weights with their feature schema. Immutable: any number of threads may predict at once.
class Model {
 public:
  /// Reads safetensors; checks every size, offset, shape and number. Throws Error (model); hostile bytes are safe.
  static std::shared_ptr<const Model> parse(std::string_view safetensors);
  virtual ~Model() = default;

  /// One prediction per candidate point of `space` (all of its parameters, its own units): the failed attempt retried
  /// so. NaN: the parameter stays as it was. `past`: the job's earlier attempts, as far as they are on record.
  [[nodiscard]] virtual std::vector<Prediction> predict(const Attempt& failed, const Classification& verdict,
                                                        const Space& space, std::span<const Point> candidates,
                                                        std::span<const Attempt> past) const = 0;
  /// Did `parameter` vary in the history it was trained on? What never varied it can only guess: recommend() then
  /// leaves that parameter to the fallback policy. "retry_odds": did jobs' own retries as they were fare differently?
  [[nodiscard]] virtual bool learned(std::string_view parameter) const {
    static_cast<void>(parameter);
    return true;
  }
  [[nodiscard]] virtual const std::string& version() const noexcept = 0;  ///< "2026-11-21.1"
  /// "libtorch" once warm_up() loaded the module in this process, else "builtin": the same weights, within 1e-5.
  [[nodiscard]] virtual std::string_view served_by() const noexcept = 0;
};

/// Loads libjobmedic_torch.so into this process, once: from `path`, else from beside the library or tool. Returns why
/// not, or an empty text. It refuses where another libtorch is already mapped. Never unloaded. Safe from any thread.
std::string load_torch(const std::filesystem::path& path = {});

/// A history in parts that fit into memory: calls `visit` with each, the same parts in the same order whenever it is
/// asked. The runs of a job that belong together are in one part.
using History = std::function<void(const std::function<void(std::span<const Attempt> part)>& visit)>;

struct TrainingOptions {
  std::string version;     ///< the name of the new version
  std::uint64_t seed = 0;  ///< same examples, seed and machine: same weights
  int max_epochs = 300;
  std::function<void(double done, std::string_view what)> progress;  ///< done 0..1; may throw to cancel
};

struct TrainedModel {
  std::string safetensors;
  std::string report;  ///< JSON: the history's range ("from", "to"), examples, jobs, held-out metrics, calibration
};

/// Trains on a history: each failed attempt with every later try of its run or grid (labels.grid), and failures drawn
/// from peaks (labels.peak). A job is wholly in training or wholly in test. Needs the torch module. Throws Error
/// (model): nothing to learn from, one class only, no torch module (with the paths tried).
TrainedModel train(std::span<const Attempt> history, const Space& space, const TrainingOptions& options);

}  // namespace jobmedic
