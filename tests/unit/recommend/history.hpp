#pragma once
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "core/file.hpp"
#include "jobmedic/attempt.hpp"
#include "jobmedic/patch.hpp"
#include "json/value.hpp"
#include "test_data.hpp"

/// The recorded grid of spark-retries: what each executor memory did, all else equal.
namespace history {

inline std::vector<jobmedic::Attempt> load() {
  std::vector<jobmedic::Attempt> attempts;
  const std::string text = jobmedic::read_file(test_data("spark-retries/attempts.jsonl"));
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (end > begin) attempts.push_back(jobmedic::Attempt::parse(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return attempts;
}

inline double executor_mib(const std::string& config) {
  const jobmedic::json::Value document = jobmedic::json::parse(config);
  const auto* value = document.find("spark.executor.memory");
  return std::stod(*value->as<std::string>());  // written in MiB throughout: "512m"
}

/// Everything but the executor memory.
inline std::string rest_of(const jobmedic::Attempt& attempt) {
  return attempt.job + "|" + attempt.labels.at("input") + "|" +
         jobmedic::apply_patch(attempt.config, R"([{"op":"remove","path":"/spark.executor.memory"}])");
}

/// The least executor memory that was seen to work, by rest_of().
inline std::map<std::string, double> healing_memory(const std::vector<jobmedic::Attempt>& attempts) {
  std::map<std::string, double> least;
  for (const auto& attempt : attempts) {
    if (!attempt.outcome->succeeded) continue;
    const double mib = executor_mib(attempt.config);
    const auto [found, fresh] = least.emplace(rest_of(attempt), mib);
    if (!fresh) found->second = std::min(found->second, mib);
  }
  return least;
}

}  // namespace history
