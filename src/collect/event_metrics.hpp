#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "collect/concurrency.hpp"
#include "jobmedic/collect.hpp"
#include "json/value.hpp"

namespace jobmedic::collect {

/// What a run used, out of its events: sums over tasks, peaks over executors, the configuration it was submitted with.
class EventMetrics {
 public:
  void event(std::string_view kind, const json::Value& event);
  [[nodiscard]] RunFacts facts() const;

 private:
  void task_ran(const json::Value& event);
  void task_ended(const json::Value& event);
  void add_peaks(const json::Value& peaks, bool driver);
  void environment(const json::Value& event);

  Concurrency concurrency_;
  std::map<std::string, double> metrics_;
  std::map<std::string, std::string> config_;
  double began_ms_ = 0;
  double ended_ms_ = 0;
};

}  // namespace jobmedic::collect
