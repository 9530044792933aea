#pragma once
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "jobmedic/attempt.hpp"
#include "jobmedic/space.hpp"

/// A recorded grid: the runs of one job on one input.
namespace jobmedic::replayed {

/// Runs that differ in nothing but their memory, by memory.
class Row {
 public:
  void add(double memory, const Attempt& attempt);

  /// The least memory above `failed` that worked; none: none did.
  [[nodiscard]] std::optional<double> least_above(double failed) const;
  /// Mean seconds of the runs with exactly that memory that ended so.
  [[nodiscard]] double seconds(double memory, bool succeeded) const;
  /// On straight lines between the recorded memories.
  [[nodiscard]] double hourly_usd(double memory) const;
  /// Would it have worked? It does from the least memory that worked on, and not up to the most that failed below;
  /// none: it lies between, and the row does not tell.
  [[nodiscard]] std::optional<bool> works_with(double memory) const;
  [[nodiscard]] bool failed_at(double memory) const;
  [[nodiscard]] double first() const { return runs_.front().memory; }
  /// The failed run with the most memory up to `memory`, else with the least; null: none failed.
  [[nodiscard]] const Attempt* failure_near(double memory) const;

  [[nodiscard]] const std::string& config() const { return config_; }

 private:
  friend class Grid;
  struct Run {
    double memory;
    const Attempt* attempt;
  };
  std::string config_;  // of its first run
  std::vector<Run> runs_;
};

/// All rows of one job and input. Borrows the attempts and the space.
class Grid {
 public:
  Grid(const Space& space, std::size_t memory) : space_(&space), memory_(memory) {}
  void add(const Attempt& attempt);
  /// The row of exactly that configuration; null: not recorded.
  [[nodiscard]] const Row* row(const std::string& config) const;
  /// All rows, those with the nearest settings first.
  [[nodiscard]] std::vector<const Row*> by_distance(const std::string& config) const;
  [[nodiscard]] double memory_of(const std::string& config) const;
  [[nodiscard]] const Space& space() const { return *space_; }
  [[nodiscard]] std::size_t memory() const { return memory_; }

 private:
  [[nodiscard]] std::string key_of(const std::string& config) const;
  [[nodiscard]] double distance(const std::string& a, const std::string& b) const;

  const Space* space_;
  std::size_t memory_;
  std::map<std::string, Row> rows_;
};

}  // namespace jobmedic::replayed
