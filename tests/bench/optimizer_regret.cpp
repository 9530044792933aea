// Simple regret after 30 and 50 trials, median over seeds, beside the peers' recorded runs (results/*.csv of the folder
// given as the first argument, where it exists).
//   optimizer_regret [FOLDER] [SEEDS]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "jobmedic/optimizer.hpp"
#include "optimizer_problems.hpp"

namespace {

using namespace jobmedic;
using Key = std::pair<std::string, int>;             // problem, trials
using Regrets = std::map<Key, std::vector<double>>;  // one per seed
constexpr int checkpoints[] = {30, 50};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  return n == 0 ? 0 : (values[(n - 1) / 2] + values[n / 2]) / 2;
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
        if (std::find(std::begin(checkpoints), std::end(checkpoints), trial) == std::end(checkpoints)) continue;
        regrets[{problem.name, trial}].push_back(optimizer.best()->value - problem.least);
      }
    }
  }
  milliseconds = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count() / asked;
  return regrets;
}

// opt,problem,seed,trial,...,regret (12th column), with the best so far in it.
Regrets read_peer(const std::filesystem::path& file) {
  Regrets regrets;
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::vector<std::string> cells;
    std::stringstream cut(line);
    for (std::string cell; std::getline(cut, cell, ',');) cells.push_back(cell);
    if (cells.size() < 11) continue;
    const int trial = std::atoi(cells[3].c_str());
    if (std::find(std::begin(checkpoints), std::end(checkpoints), trial) == std::end(checkpoints)) continue;
    regrets[{cells[1], trial}].push_back(std::strtod(cells[10].c_str(), nullptr));
  }
  return regrets;
}

void print_row(int trials, const std::string& who, const Regrets& regrets) {
  std::printf("%6d  %-14s", trials, who.c_str());
  for (const auto& problem : bench::problems()) {
    const auto found = regrets.find({problem.name, trials});
    if (found == regrets.end() || found->second.empty()) {
      std::printf(" %14s", "-");
    } else {
      std::printf(" %9.3g (%2zu)", median(found->second), found->second.size());
    }
  }
  std::printf("\n");
}

}  // namespace

int main(int argc, char** argv) {
  const std::filesystem::path folder = argc > 1 ? argv[1] : "../shared/data/optimizer-peers";
  double milliseconds = 0;
  std::map<std::string, Regrets> all{{"jobmedic", run_ours(argc > 2 ? std::atoi(argv[2]) : 10, milliseconds)}};
  std::error_code missing;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "results", missing)) {
    if (entry.path().extension() == ".csv") all[entry.path().stem().string()] = read_peer(entry.path());
  }
  std::printf("Simple regret, median (number of seeds)\n%6s  %-14s", "trials", "");
  for (const auto& problem : bench::problems()) std::printf(" %14s", problem.name.c_str());
  std::printf("\n");
  for (const int trials : checkpoints) {
    for (const auto& [who, regrets] : all) print_row(trials, who, regrets);
  }
  std::printf("jobmedic: %.3f ms per trial, mean over all of them\n", milliseconds);
}
