#pragma once
#include <string>

#include "jobmedic/attempt.hpp"
#include "jobmedic/classify.hpp"
#include "recommend/configuration.hpp"
#include "recommend/search.hpp"

/// A recommendation's reason in words. Each function gives one clause, without a full stop.
namespace jobmedic::recommender {

/// "the executor heap was too small at 512m (SparkExecutorHeapOOM; it peaked at 498 MiB)"
std::string cause(const Remedy& remedy, const Attempt& failed, const Classification& verdict,
                  const Configuration& configuration);
/// "spark.executor.memory 512m -> 1536m, spark.executor.cores 2 -> 1"
std::string shown_changes(const Changes& changes, const Configuration& configuration);
/// "lowers the predicted failure from 97 % to 4 %"
std::string effect(const Prediction& from, const Prediction& to);
/// "an unchanged retry would cost $0.0002 and most likely fail"
std::string unchanged_retry(const Prediction& unchanged);
/// "30 candidates over spark.executor.memory and spark.executor.cores were judged"
std::string considered(const SearchResult& result, const NarrowSpace& narrow);
/// "3.2 times the price per hour, about $0.0006 if it runs as long again"; empty where nothing is known.
std::string price(const Changes& changes, const Attempt& failed, const Configuration& configuration,
                  const Policy& policy);

std::string percent(double share);
std::string usd(double amount);

}  // namespace jobmedic::recommender
