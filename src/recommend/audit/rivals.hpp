#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "jobmedic/model.hpp"
#include "recommend/model/examples.hpp"

/// What the version in service and the fallback policy say of the examples that a new version is trained on.
namespace jobmedic::audits {

/// A failed attempt of the history, as a model is asked about it.
struct Sample {
  Attempt failed;
  Classification verdict;
  std::vector<Attempt> past;
};

/// What the fallback policy can tell of a retry.
enum class FallbackView : std::uint8_t {
  not_asked,
  no_opinion,  ///< it would change nothing
  too_little,  ///< the retry got less than it would have given
  enough
};

/// The version in service, by networks that each did not see some of the jobs.
class ServingVersion {
 public:
  ServingVersion() = default;  ///< none is in service
  /// `problem`: why it cannot be compared with; its networks are not read then. `unusable`: it cannot serve either.
  ServingVersion(std::string version, const std::vector<std::string>& folds, std::string problem, bool unusable);

  [[nodiscard]] const std::string& version() const { return version_; }
  [[nodiscard]] const std::string& problem() const { return problem_; }
  [[nodiscard]] bool unusable() const { return unusable_; }
  /// P(fails) of each point; empty: it cannot say.
  [[nodiscard]] std::vector<Prediction> predict(const Sample& sample, const Space& space,
                                                const std::vector<Point>& points) const;

 private:
  std::string version_;
  std::string problem_;
  bool unusable_ = false;
  std::vector<std::shared_ptr<const Model>> networks_;
  std::unordered_map<std::uint64_t, std::size_t> unseen_by_;  // hash of a job: the network that has not seen it
};

/// The witness of a training. Of a large history a sample is asked, the same whenever it is trained on.
class Rivals {
 public:
  Rivals(ServingVersion serving, const Space& space) : serving_(std::move(serving)), space_(space) {}
  void see(const model::ExampleSet& part, std::size_t failed);

  [[nodiscard]] const ServingVersion& serving_version() const { return serving_; }
  /// Per row of the training's data; NaN: not asked.
  [[nodiscard]] const std::vector<float>& serving() const { return said_; }
  [[nodiscard]] const std::vector<FallbackView>& fallback() const { return fallback_; }
  [[nodiscard]] const std::vector<Sample>& samples() const { return samples_; }

 private:
  void ask(const model::FailedAttempt& failed, std::span<const model::Example> examples);

  ServingVersion serving_;
  const Space& space_;
  std::vector<float> said_;
  std::vector<FallbackView> fallback_;
  std::vector<Sample> samples_;
};

}  // namespace jobmedic::audits
