#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "jobmedic/attempt.hpp"
#include "jobmedic/classify.hpp"

/// Everything about a failed attempt that is no number, feature-hashed (Weinberger et al. 2009).
namespace jobmedic::model {

struct TokenBag {
  std::vector<std::uint32_t> buckets;
  std::vector<float> weights;  ///< same size
  void add(std::uint32_t bucket, float weight);
};

/// The bucket of `name`=`value`, below `count`.
std::uint32_t bucket_of(std::string_view name, std::string_view value, std::uint32_t count);

/// Job, engine, labels, rule and category with weight 1 each; the plan's words share a weight of 1.
TokenBag tokens_of(const Attempt& failed, const Classification& verdict, std::uint32_t bucket_count);

}  // namespace jobmedic::model
