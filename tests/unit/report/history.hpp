#pragma once
#include <memory>
#include <string>

#include "jobmedic/report.hpp"
#include "scratch.hpp"

/// A history written by hand: what it adds up to is in the tests.
class History {
 public:
  History() : store(jobmedic::Store::open(scratch_.url())) {}

  struct Tried {
    std::string job = "j";
    std::string run = "r";
    std::int64_t number = 1;
    std::string config = R"({"memory":"1g"})";
    std::string started_at = "2026-11-02T03:00:00Z";
    std::optional<double> cost_usd = 1;
    std::string rule = "Heap";
    std::string category = "memory_config";
    std::map<std::string, std::string> labels{};
  };
  void failed(const Tried& tried) const { record(tried, false); }
  void succeeded(const Tried& tried) const { record(tried, true); }

  struct Answered {
    std::string decision = "retry_with_patch";
    std::string memory = "2g";  ///< what its patch sets
    double predicted = 0.1;
    double unchanged = 0.9;
    std::string method = "model";  ///< "verdict": no recommendation
    std::string model = "m1";
    std::string more{};  ///< members of the document
  };
  /// What remediate() answered to that attempt.
  void answered(const std::string& job, const std::string& run, std::int64_t number, const Answered& answer) const;
  void answered(const std::string& job = "j") const { answered(job, "r", 1, Answered()); }
  [[nodiscard]] jobmedic::Report report(jobmedic::ReportOptions options = {}) const;

 private:
  void record(const Tried& tried, bool succeeded) const;
  Scratch scratch_;

 public:
  std::unique_ptr<jobmedic::Store> store;
};
