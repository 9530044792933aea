// What the optimizer finds, not how fast: simple regret after 30 and 50 trials beside the peers' recorded runs, then
// the best so far among recorded settings of real jobs (optimizer_recorded.cpp). The data is that of
// $JOBMEDIC_TEST_DATA.
//   optimizer_regret [SEEDS]
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <map>

#include "jobmedic/optimizer.hpp"
#include "optimizer_problems.hpp"
#include "optimizer_recorded.hpp"
#include "statistics.hpp"

namespace {

using namespace jobmedic;
using bench::median;
using Key = std::pair<std::string, int>;               // problem, trials
using Regrets = std::map<Key, std::map<int, double>>;  // by seed
using Everyone = std::map<std::string, Regrets>;
constexpr int checkpoints[] = {30, 50};
constexpr std::size_t enough_seeds = 9;  // for a rank; fewer are only shown
const char* const ours = "jobmedic";

bool is_checkpoint(int trial) {
  return std::find(std::begin(checkpoints), std::end(checkpoints), trial) != std::end(checkpoints);
}

std::vector<double> of(const Regrets& regrets, const std::string& problem, int trials) {
  std::vector<double> values;
  if (const auto found = regrets.find({problem, trials}); found != regrets.end()) {
    for (const auto& [seed, regret] : found->second) values.push_back(regret);
  }
  return values;
}

Regrets run_ours(int seeds, double& milliseconds) {
  Regrets regrets;
  int asked = 0;
  const auto begin = std::chrono::steady_clock::now();
  for (const auto& problem : bench::problems()) {
    for (int seed = 0; seed < seeds; ++seed) {
      Optimizer optimizer(problem.space, {static_cast<std::uint64_t>(seed), 0});
      for (int trial = 1; trial <= checkpoints[1]; ++trial, ++asked) {
        const Point point = optimizer.ask().front();
        optimizer.tell(point, problem.value(point));
        if (is_checkpoint(trial)) regrets[{problem.name, trial}][seed] = optimizer.best()->value - problem.least;
      }
    }
  }
  milliseconds = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count() / asked;
  return regrets;
}

// opt,problem,seed,trial,...,regret (11th column), with the best so far in it. A seed may have been run twice: once.
Regrets read_peer(const std::filesystem::path& file) {
  Regrets regrets;
  for (const auto& cells : bench::read_cells(file, ',')) {
    if (cells.size() < 11) continue;
    const int trial = std::atoi(cells[3].c_str());
    if (is_checkpoint(trial)) {
      regrets[{cells[1], trial}][std::atoi(cells[2].c_str())] = std::strtod(cells[10].c_str(), nullptr);
    }
  }
  return regrets;
}

// By median, among those with enough seeds; 1 is best.
double rank_of(const std::string& who, const Everyone& all, const std::string& problem, int trials) {
  const double mine = median(of(all.at(who), problem, trials));
  double rank = 1;
  for (const auto& [other, regrets] : all) {
    const auto values = of(regrets, problem, trials);
    if (other != who && values.size() >= enough_seeds && median(values) < mine) ++rank;
  }
  return rank;
}

void print_row(const std::string& who, const Everyone& all, int trials) {
  std::string line = fmt::format("  {:18}", who);
  double ranks = 0;
  bool ranked = true;
  for (const auto& problem : bench::problems()) {
    const auto values = of(all.at(who), problem.name, trials);
    const bool enough = values.size() >= enough_seeds;
    ranked = ranked && enough;
    if (enough) ranks += rank_of(who, all, problem.name, trials);
    line += values.empty()
                ? fmt::format("{:>15}", "-")
                : fmt::format("{:>10.3g}{:5}", median(values), enough ? "" : fmt::format(" ({})", values.size()));
  }
  const auto count = static_cast<double>(bench::problems().size());
  fmt::print("{}{:>8}\n", line, ranked ? fmt::format("{:.1f}", ranks / count) : "");
}

// Ours against the peer with the least median, and how likely that difference is chance.
void print_comparison(const Everyone& all, int trials) {
  std::string line = fmt::format("  {:18}", "p, best peer");
  for (const auto& problem : bench::problems()) {
    const auto mine = of(all.at(ours), problem.name, trials);
    std::vector<double> best;
    for (const auto& [who, regrets] : all) {
      const auto values = of(regrets, problem.name, trials);
      const bool better = values.size() >= enough_seeds && (best.empty() || median(values) < median(best));
      if (who != ours && better) best = values;
    }
    if (best.empty()) continue;
    const char* sign = median(mine) <= median(best) ? "better" : "worse";
    line += fmt::format("{:>8} {:.4f}", sign, bench::rank_sum_p(mine, best));
  }
  fmt::print("{}\n", line);
}

// As many values of each parameter as make at most a million points: what an exhaustive search of a grid would reach.
double grid_regret(const bench::Problem& problem, std::size_t& points) {
  constexpr double most = 1e6;
  const std::size_t dimensions = problem.space.parameters.size();
  const auto each = static_cast<std::size_t>(std::floor(std::pow(most, 1.0 / static_cast<double>(dimensions)) + 1e-9));
  points = 1;
  for (std::size_t i = 0; i < dimensions; ++i) points *= each;
  double least = HUGE_VAL;
  Point point(dimensions);
  for (std::size_t number = 0; number < points; ++number) {
    std::size_t rest = number;
    for (std::size_t i = 0; i < dimensions; ++i, rest /= each) {
      const Parameter& p = problem.space.parameters[i];
      const double share = static_cast<double>(rest % each) / static_cast<double>(each - 1);
      const double value = p.log_scale ? p.min * std::pow(p.max / p.min, share) : p.min + share * (p.max - p.min);
      point[i] = problem.space.snap(i, value);
    }
    least = std::min(least, problem.value(point));
  }
  return least - problem.least;
}

void print_grid() {
  std::string line = fmt::format("{:20}", "exhaustive grid");
  std::string sizes = fmt::format("{:20}", "  of so many points");
  for (const auto& problem : bench::problems()) {
    std::size_t points = 0;
    line += fmt::format("{:>10.3g}     ", grid_regret(problem, points));
    sizes += fmt::format("{:>10}     ", points);
  }
  fmt::print("{}\n{}\n", line, sizes);
}

void print_regrets(const std::filesystem::path& peers, int seeds) {
  double milliseconds = 0;
  Everyone all{{ours, run_ours(seeds, milliseconds)}};
  std::error_code missing;
  for (const auto& entry : std::filesystem::directory_iterator(peers / "results", missing)) {
    if (entry.path().extension() == ".csv") all[entry.path().stem().string()] = read_peer(entry.path());
  }
  fmt::print("Simple regret, median of {} seeds (where fewer: of how many); mean rank by median\n{:20}", seeds, "");
  for (const auto& problem : bench::problems()) fmt::print("{:>10}     ", problem.name);
  fmt::print("{:>8}\n", "rank");
  for (const int trials : checkpoints) {
    fmt::print("after {} trials\n", trials);
    print_row(ours, all, trials);
    for (const auto& [who, regrets] : all) {
      if (who != ours) print_row(who, all, trials);
    }
    print_comparison(all, trials);
  }
  print_grid();
  fmt::print("jobmedic: {:.2f} ms per trial, mean over all of them\n", milliseconds);
}

}  // namespace

int main(int argc, char** argv) {
  const char* folder = std::getenv("JOBMEDIC_TEST_DATA");
  const std::filesystem::path data = folder != nullptr ? folder : "../shared/data";
  const int seeds = argc > 1 ? std::atoi(argv[1]) : 10;
  print_regrets(data / "optimizer-peers", seeds);
  bench::print_recorded(data, seeds);
}
