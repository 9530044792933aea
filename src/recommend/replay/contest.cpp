// Who heals how much: the baselines over all cases, then fold by fold a model that was trained on the other jobs.
#include "recommend/replay/contest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "recommend/model/examples.hpp"
#include "recommend/model/past.hpp"

namespace jobmedic::replayed {
namespace {

std::vector<Attempt> copied(const std::vector<const Attempt*>& attempts) {
  std::vector<Attempt> copies;
  copies.reserve(attempts.size());
  for (const Attempt* attempt : attempts) copies.push_back(*attempt);
  return copies;
}

// Jobs by number, and the fold of each: the job with most failures first, each to the emptiest fold.
class Jobs {
 public:
  Jobs(const Cases& cases, std::size_t folds, std::uint64_t seed) {
    for (const Case& failure : cases.list) ++size_[number_of(failure.failed.job)];
    std::vector<std::uint32_t> order(size_.size());
    std::iota(order.begin(), order.end(), 0U);
    Random(seed).shuffle(order);
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return size_[a] > size_[b]; });
    fold_.resize(size_.size());
    std::vector<std::size_t> load(folds, 0);
    for (const std::uint32_t job : order) {
      const auto fold = static_cast<std::size_t>(std::min_element(load.begin(), load.end()) - load.begin());
      fold_[job] = fold;
      load[fold] += size_[job];
    }
  }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> names(numbers_.size());
    for (const auto& [name, number] : numbers_) names[number] = name;
    return names;
  }
  [[nodiscard]] std::uint32_t at(const std::string& job) const { return numbers_.at(job); }
  /// Jobs that never failed teach in every fold.
  [[nodiscard]] bool in_fold(const std::string& job, std::size_t fold) const {
    const auto found = numbers_.find(job);
    return found != numbers_.end() && fold_[found->second] == fold;
  }

 private:
  std::uint32_t number_of(const std::string& job) {
    const auto [place, fresh] = numbers_.emplace(job, static_cast<std::uint32_t>(numbers_.size()));
    if (fresh) size_.push_back(0);
    return place->second;
  }
  std::map<std::string, std::uint32_t> numbers_;
  std::vector<std::size_t> size_;
  std::vector<std::size_t> fold_;
};

class Running {
 public:
  Running(std::span<const Attempt> history, const Space& space, const Cases& cases, const ReplayOptions& options)
      : history_(history),
        space_(space),
        permitted_(permitted(space, cases)),
        cases_(cases),
        options_(options),
        jobs_(cases, static_cast<std::size_t>(options.folds), options.seed),
        pasts_(history) {
    contest_.jobs = jobs_.names();
    const Named unchanged = baseline("unchanged", permitted_, cases_, options_.policy);
    for (const Case& failure : cases_.list) {
      contest_.references.push_back({jobs_.at(failure.failed.job), failure.answers->healable(),
                                     failure.answers->oracle_usd(),
                                     play(failure, unchanged.strategy, {}, options_.tries).cost_usd});
      if (!pasts_.before(failure.failed).empty()) ++contest_.with_past;
    }
  }

  Contest run(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      if (name == "model") continue;
      Named named = baseline(name, permitted_, cases_, options_.policy);
      Contestant contestant{named.name, named.words, "", {}};
      for (const Case& failure : cases_.list) {
        contestant.played.push_back(play(failure, named.strategy, {}, options_.tries));
      }
      contest_.baselines.push_back(std::move(contestant));
    }
    if (std::find(names.begin(), names.end(), "model") != names.end()) run_model();
    return std::move(contest_);
  }

 private:
  void run_model() {
    const std::vector<Played> nothing(cases_.list.size());
    contest_.model = {{"model", "model, cold", "cold", nothing}, {"model", "model, warm", "warm", nothing}};
    for (std::size_t fold = 0; fold < static_cast<std::size_t>(options_.folds); ++fold) run_fold(fold);
    contest_.cold = reliability(cold_, options_.bootstrap, options_.seed);
    contest_.warm = reliability(warm_, options_.bootstrap, options_.seed);
  }

  void tell(std::size_t fold, double share, std::string_view what) const {
    if (!options_.progress) return;
    const double done = (static_cast<double>(fold) + share) / options_.folds;
    options_.progress(done, fmt::format("fold {} of {}: {}", fold + 1, options_.folds, what));
  }

  [[nodiscard]] std::shared_ptr<const Model> train_without(std::size_t fold) const {
    std::vector<Attempt> known;
    for (const Attempt& attempt : history_) {
      if (!jobs_.in_fold(attempt.job, fold)) known.push_back(attempt);
    }
    TrainingOptions training;
    training.version = fmt::format("replay.{}", fold + 1);
    training.seed = options_.seed;
    constexpr double most_of_it = 0.8;
    training.progress = [&](double done, std::string_view what) { tell(fold, most_of_it * done, what); };
    return Model::parse(train(known, space_, training).safetensors);
  }

  void run_fold(std::size_t fold) {
    std::vector<std::size_t> mine;
    for (std::size_t i = 0; i < cases_.list.size(); ++i) {
      if (jobs_.in_fold(cases_.list[i].failed.job, fold)) mine.push_back(i);
    }
    if (mine.empty()) return;
    const auto model = train_without(fold);
    const Strategy strategy = recommending(model.get(), permitted_, options_.policy);
    constexpr double trained = 0.8;
    for (std::size_t n = 0; n < mine.size(); ++n) {
      const Case& failure = cases_.list[mine[n]];
      const std::vector<Attempt> past = copied(pasts_.before(failure.failed));
      contest_.model[0].played[mine[n]] = play(failure, strategy, {}, options_.tries);
      contest_.model[1].played[mine[n]] =
          past.empty() ? contest_.model[0].played[mine[n]] : play(failure, strategy, past, options_.tries);
      tell(fold, trained + (1 - trained) * static_cast<double>(n) / static_cast<double>(mine.size()), "healing");
    }
    foretell(*model, fold);
  }

  // The examples a training on the fold's own jobs would have: what the model says of them, and what happened.
  void foretell(const Model& model, std::size_t fold) {
    std::vector<Attempt> unseen;
    for (const Attempt& attempt : history_) {
      if (jobs_.in_fold(attempt.job, fold)) unseen.push_back(attempt);
    }
    const model::ExampleSet set = model::make_examples(unseen, space_);
    for (std::size_t i = 0; i < set.examples.size();) {
      const std::size_t begin = i;
      std::vector<Point> points;
      for (; i < set.examples.size() && set.examples[i].failed == set.examples[begin].failed; ++i) {
        points.push_back(set.examples[i].point);
      }
      judge(model, set, begin, points);
    }
  }

  void judge(const Model& model, const model::ExampleSet& set, std::size_t begin, std::span<const Point> points) {
    const model::FailedAttempt& failed = set.failed[set.examples[begin].failed];
    std::vector<Attempt> past;
    bool warm = false;
    for (const model::PastRun& run : failed.past()) {
      past.push_back(*run.attempt);
      warm = warm || run.attempt->run != failed.attempt().run;
    }
    const auto said = model.predict(failed.attempt(), failed.verdict(), space_, points, past);
    const std::uint32_t job = jobs_.at(failed.attempt().job);
    for (std::size_t k = 0; k < said.size(); ++k) {
      const double weight = 1 / static_cast<double>(said.size());
      (warm ? warm_ : cold_).push_back({job, said[k].failure_probability, set.examples[begin + k].fails, weight});
    }
  }

  std::span<const Attempt> history_;
  const Space& space_;
  const Space permitted_;
  const Cases& cases_;
  const ReplayOptions& options_;
  Jobs jobs_;
  model::Pasts pasts_;
  Contest contest_;
  std::vector<Foretold> cold_, warm_;
};

}  // namespace

Contest contest(std::span<const Attempt> history, const Space& space, const Cases& cases,
                const ReplayOptions& options) {
  std::vector<std::string> names = options.policies;
  if (names.empty()) {
    names = usual_baselines();
    names.emplace_back("model");
  }
  return Running(history, space, cases, options).run(names);
}

}  // namespace jobmedic::replayed
