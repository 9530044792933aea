// Search among recorded settings: finite spaces, and each trial's outcome is what that run really took.
//   c3o     3 machine types times 6 cluster sizes, all of them run; told is run time times cores
//   tuneful 30 Spark parameters, 100 to 200 settings run; Gunther (a genetic search) and OpenTuner searched the same
//   jobs
#include "optimizer_recorded.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "core/random.hpp"
#include "jobmedic/optimizer.hpp"
#include "recommend/optimizer/surrogate.hpp"
#include "statistics.hpp"

namespace jobmedic::bench {
namespace {

using Costs = std::vector<double>;  // in the order in which they were found out
constexpr std::size_t checkpoints[] = {10, 20, 30, 50};

struct Pool {
  Space space;
  std::vector<Point> points;
  Costs costs;
};

double best_of(const Costs& costs, std::size_t trials) {
  return *std::min_element(costs.begin(), costs.begin() + static_cast<std::ptrdiff_t>(std::min(trials, costs.size())));
}

std::vector<std::size_t> shuffled(std::size_t count, Random& random) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = count; i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  return order;
}

Costs random_search(const Pool& pool, std::uint64_t seed) {
  Random random(seed);
  Costs costs;
  for (const std::size_t i : shuffled(pool.points.size(), random)) costs.push_back(pool.costs[i]);
  return costs;
}

// A list of settings is no box that ask() could search: the optimizer's own surrogate and acquisition choose from it.
Costs our_search(const Pool& pool, std::uint64_t seed, std::size_t trials) {
  constexpr std::size_t random_trials = 6;
  const optimizer::Encoding encoding(pool.space);
  optimizer::Surrogate surrogate(encoding);
  Random random(seed);
  std::vector<std::size_t> left = shuffled(pool.points.size(), random);
  std::vector<Observation> known;
  Costs costs;
  while (costs.size() < trials && !left.empty()) {
    std::size_t chosen = 0;
    if (known.size() >= random_trials) {
      Eigen::MatrixXd codes(static_cast<Eigen::Index>(encoding.dimensions()), static_cast<Eigen::Index>(left.size()));
      for (std::size_t i = 0; i < left.size(); ++i) {
        codes.col(static_cast<Eigen::Index>(i)) = encoding.encode(pool.points[left[i]]);
      }
      surrogate.condition(known);
      Eigen::Index best = 0;
      surrogate.acquisition().of_all(codes).maxCoeff(&best);
      chosen = static_cast<std::size_t>(best);
    }
    const std::size_t i = left[chosen];
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(chosen));
    known.push_back({pool.points[i], pool.costs[i]});
    costs.push_back(pool.costs[i]);
  }
  return costs;
}

// The cell before the job's name and its "application_..." is the run time.
double run_time(const std::vector<std::string>& row) {
  for (std::size_t i = 2; i < row.size(); ++i) {
    if (row[i].starts_with("application_")) return std::strtod(row[i - 2].c_str(), nullptr);
  }
  return 0;
}

Costs run_times(const std::filesystem::path& file) {
  Costs costs;
  for (const auto& row : read_cells(file, ',')) {
    if (const double cost = run_time(row); cost > 0) costs.push_back(cost / 1000);
  }
  return costs;
}

// The settings of runs on as much data, in the box that they span; each once.
Pool tuneful_pool(const std::vector<std::filesystem::path>& files, const std::string& input) {
  constexpr std::size_t parameters = 30;
  Pool pool;
  std::map<Point, double> known;
  for (const auto& file : files) {
    for (const auto& row : read_cells(file, ',')) {
      if (row.size() <= parameters + 3 || row[parameters + 3] != input || run_time(row) <= 0) continue;
      Point point;
      for (std::size_t i = 0; i < parameters; ++i) point.push_back(std::strtod(row[i].c_str(), nullptr));
      known.emplace(std::move(point), run_time(row) / 1000);
    }
  }
  for (const auto& [point, cost] : known) {
    pool.points.push_back(point);
    pool.costs.push_back(cost);
  }
  for (std::size_t i = 0; i < parameters && !pool.points.empty(); ++i) {
    const auto less = [i](const Point& a, const Point& b) { return a[i] < b[i]; };
    const auto [low, high] = std::minmax_element(pool.points.begin(), pool.points.end(), less);
    Parameter parameter;
    parameter.name = "p" + std::to_string(i);
    parameter.min = (*low)[i];
    parameter.max = (*high)[i];
    pool.space.parameters.push_back(parameter);
  }
  return pool;
}

void print_line(const std::string& job, const std::string& who, const std::vector<Costs>& runs) {
  fmt::print("  {:12}{:26}", job, who);
  for (const std::size_t trials : checkpoints) {
    Costs reached;
    for (const Costs& run : runs) reached.push_back(best_of(run, trials));
    fmt::print("{:>9.1f}", median(reached));
  }
  fmt::print("\n");
}

void print_tuneful(const std::filesystem::path& folder, int seeds) {
  struct Job {
    const char* name;
    const char* input;
    const char* sampled;
    const char* gunther;
    const char* opentuner;  // null: its times are not in the file
  };
  constexpr Job jobs[] = {
      {"bayes", "bigdata", "bayes_samples_30params.csv", "bayes_gunther_30params_bigdata.csv",
       "bayes_opentuner_30params_20nodes_bigdata.csv"},
      {"pagerank", "huge", "pagerank_samples_30params.csv", "pagerank_gunther_30params_huge.csv", nullptr},
      {"tpch", "20", "tpch_samples_30params_20.csv", "tpch_gunther_30params_20.csv",
       "tpch_opentuner_30params_20nodes_20.csv"},
      {"wordcount", "gigantic", "wordcount_samples_30params.csv", "wc_gunther_30params_gigantic.csv",
       "wc_opentuner_30params_20nodes_gigantic.csv"}};
  fmt::print("\ntuneful, 20 nodes: best run time so far in seconds, median of {} seeds\n  {:38}", seeds,
             "after trials");
  for (const std::size_t trials : checkpoints) fmt::print("{:>9}", trials);
  fmt::print("\n");
  for (const Job& job : jobs) {
    const auto at = folder / job.name;
    const Pool pool = tuneful_pool({at / job.sampled, at / job.gunther}, job.input);
    if (pool.points.empty()) continue;
    std::vector<Costs> ours;
    std::vector<Costs> chance;
    for (int seed = 0; seed < seeds; ++seed) {
      ours.push_back(our_search(pool, static_cast<std::uint64_t>(seed), 50));
      chance.push_back(random_search(pool, static_cast<std::uint64_t>(seed)));
    }
    print_line(job.name, "jobmedic", ours);
    print_line("", "random", chance);
    print_line("", "Gunther (recorded)", {run_times(at / job.gunther)});
    if (job.opentuner != nullptr) print_line("", "OpenTuner (recorded)", {run_times(at / job.opentuner)});
    print_line("", fmt::format("all {} settings", pool.points.size()), {{best_of(pool.costs, pool.costs.size())}});
  }
}

// One pool for each combination of data and job parameters that was run on all machines and cluster sizes.
std::vector<Pool> c3o_pools(const std::filesystem::path& file) {
  const auto rows = read_cells(file, '\t');
  std::map<std::vector<std::string>, std::map<Point, Costs>> contexts;
  const std::set<std::string> machines = [&] {
    std::set<std::string> names;
    for (std::size_t i = 1; i < rows.size(); ++i) names.insert(rows[i].at(1));
    return names;
  }();
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const auto& row = rows[i];  // instances, machine, cores, memory, context ..., run time
    const auto machine = std::distance(machines.begin(), machines.find(row[1]));
    const Point point{std::strtod(row[0].c_str(), nullptr), static_cast<double>(machine)};
    const double cost = std::strtod(row.back().c_str(), nullptr) * std::strtod(row[2].c_str(), nullptr);
    contexts[{row.begin() + 4, row.end() - 1}][point].push_back(cost);
  }
  Parameter count;
  count.name = "instances";
  count.type = ParameterType::integer;
  count.min = 2;
  count.max = 12;
  count.step = 2;
  Parameter machine;
  machine.name = "machine";
  machine.type = ParameterType::categorical;
  machine.values.assign(machines.begin(), machines.end());
  std::vector<Pool> pools;
  for (const auto& [context, settings] : contexts) {
    Pool pool;
    pool.space.parameters = {count, machine};
    for (const auto& [point, costs] : settings) {
      pool.points.push_back(point);
      pool.costs.push_back(median(costs));
    }
    if (static_cast<double>(pool.points.size()) == pool.space.cardinality()) pools.push_back(std::move(pool));
  }
  return pools;
}

Costs asked(const Pool& pool, std::uint64_t seed, std::size_t trials) {
  Optimizer optimizer(pool.space, {seed, 4});
  Costs costs;
  while (costs.size() < trials) {
    const Point point = optimizer.ask().front();
    const auto i = std::find(pool.points.begin(), pool.points.end(), point) - pool.points.begin();
    costs.push_back(pool.costs[static_cast<std::size_t>(i)]);
    optimizer.tell(point, costs.back());
  }
  return costs;
}

void print_c3o(const std::filesystem::path& folder, int seeds) {
  constexpr std::size_t trials[] = {3, 5, 8, 12};
  fmt::print("\nc3o, 18 clusters: cost so far above the least there is, mean over jobs' inputs and {} seeds\n  {:38}",
             seeds, "after trials");
  for (const std::size_t count : trials) fmt::print("{:>9}", count);
  fmt::print("\n");
  for (const char* job : {"grep", "kmeans", "pagerank", "sgd", "sort"}) {
    const std::vector<Pool> pools = c3o_pools(folder / (std::string(job) + ".tsv"));
    if (pools.empty()) continue;
    for (const bool ours : {true, false}) {
      fmt::print("  {:12}{:26}", ours ? job : "", ours ? fmt::format("jobmedic ({} inputs)", pools.size()) : "random");
      std::map<std::size_t, double> excess;
      for (const Pool& pool : pools) {
        const double least = best_of(pool.costs, pool.costs.size());
        for (int seed = 0; seed < seeds; ++seed) {
          const auto s = static_cast<std::uint64_t>(seed);
          const Costs costs = ours ? asked(pool, s, trials[3]) : random_search(pool, s);
          for (const std::size_t count : trials) excess[count] += best_of(costs, count) / least - 1;
        }
      }
      for (const std::size_t count : trials) {
        const double mean = excess[count] / static_cast<double>(pools.size()) / seeds;
        fmt::print("{:>8.1f}%", 100 * mean);
      }
      fmt::print("\n");
    }
  }
}

}  // namespace

void print_recorded(const std::filesystem::path& data, int seeds) {
  print_tuneful(data / "tuneful/experiment/gcp-20nodes", seeds);
  print_c3o(data / "c3o/data", seeds);
}

}  // namespace jobmedic::bench
