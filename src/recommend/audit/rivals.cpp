#include "recommend/audit/rivals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/hash.hpp"
#include "jobmedic/error.hpp"
#include "recommend/fallback.hpp"
#include "recommend/model/weights.hpp"

namespace jobmedic::audits {
namespace {

constexpr double most_failed = 20'000;  // that rivals are asked about
constexpr double most_samples = 100;    // that are kept to try the new model on

// Its place in a shuffled list of `of` failed attempts: those before the n-th are n of them, spread over all jobs.
double place_of(const Attempt& failed, std::size_t of) {
  const std::uint64_t hash = hash64(fmt::format("{}\n{}\n{}", failed.job, failed.run, failed.attempt));
  return unit_number(hash) * static_cast<double>(of);
}

Sample sample_of(const model::FailedAttempt& failed) {
  Sample sample{failed.attempt(), failed.verdict(), {}};
  for (const model::PastRun& run : failed.past()) sample.past.push_back(*run.attempt);
  return sample;
}

// What the fallback policy would have given, and whether the retry got it.
class Fallback {
 public:
  Fallback(const model::FailedAttempt& failed, const Space& space) {
    using namespace recommender;
    if (!failed.verdict().classified) return;
    try {
      const Configuration configuration(failed.attempt(), space, Remedies::shipped());
      const Remedy* remedy = remedy_for(failed.verdict(), Remedies::shipped(), configuration);
      if (remedy != nullptr) wanted_ = plan(*remedy, configuration, {}).changes;
    } catch (const Error&) {  // a configuration it cannot read: no opinion
      return;
    }
    before_ = failed.before();
  }

  [[nodiscard]] FallbackView view(const Point& retry) const {
    if (wanted_.empty()) return FallbackView::no_opinion;
    constexpr double rounding = 1e-9;
    for (const auto& [parameter, value] : wanted_) {
      const double up = value < before_[parameter] ? -1 : 1;
      if (!(up * retry[parameter] >= up * value * (1 - up * rounding))) return FallbackView::too_little;
    }
    return FallbackView::enough;
  }

 private:
  recommender::Changes wanted_;
  Point before_;
};

}  // namespace

ServingVersion::ServingVersion(std::string version, const std::vector<std::string>& folds, std::string problem,
                               bool unusable)
    : version_(std::move(version)), problem_(std::move(problem)), unusable_(unusable) {
  if (!problem_.empty()) return;
  if (folds.empty()) problem_ = fmt::format("{} has no networks to compare with", version_);
  try {
    for (const std::string& fold : folds) {
      for (const std::uint64_t job : model::TrainedWeights::parse(fold).held_out) unseen_by_[job] = networks_.size();
      networks_.push_back(Model::parse(fold));
    }
  } catch (const Error& error) {
    problem_ = error.what();
    networks_.clear();
  }
}

std::vector<Prediction> ServingVersion::predict(const Sample& sample, const Space& space,
                                                const std::vector<Point>& points) const {
  if (networks_.empty()) return {};
  const auto place = unseen_by_.find(hash64(sample.failed.job));
  const Model& network = *networks_[place == unseen_by_.end() ? 0 : place->second];  // a new job: none has seen it
  try {
    return network.predict(sample.failed, sample.verdict, space, points, sample.past);
  } catch (const Error&) {  // it knows nothing of this space
    return {};
  }
}

void Rivals::see(const model::ExampleSet& part, std::size_t failed) {
  for (std::size_t i = 0; i < part.examples.size();) {
    const std::uint32_t current = part.examples[i].failed;
    std::size_t end = i;
    while (end < part.examples.size() && part.examples[end].failed == current) ++end;
    said_.resize(said_.size() + end - i, std::numeric_limits<float>::quiet_NaN());
    fallback_.resize(said_.size(), FallbackView::not_asked);
    const std::span examples(part.examples.data() + i, end - i);
    const double place = place_of(part.failed[current].attempt(), failed);
    if (place < most_failed) ask(part.failed[current], examples);
    if (place < most_samples) samples_.push_back(sample_of(part.failed[current]));
    i = end;
  }
}

void Rivals::ask(const model::FailedAttempt& failed, std::span<const model::Example> examples) {
  const std::size_t row = said_.size() - examples.size();
  const Sample sample = sample_of(failed);
  const Fallback fallback(failed, space_);
  std::vector<Point> points;
  for (std::size_t k = 0; k < examples.size(); ++k) {
    points.push_back(examples[k].point);
    fallback_[row + k] = fallback.view(examples[k].point);
  }
  const std::vector<Prediction> said = serving_.predict(sample, space_, points);
  for (std::size_t k = 0; k < said.size(); ++k) said_[row + k] = static_cast<float>(said[k].failure_probability);
}

}  // namespace jobmedic::audits
