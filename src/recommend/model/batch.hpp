#pragma once
#include <cstdint>
#include <vector>

#include "recommend/model/features.hpp"
#include "recommend/model/network.h"

/// Failed attempts and candidates packed into the plain arrays that cross into the torch module.
namespace jobmedic::model {

class Batch {
 public:
  void add_attempt(const Context& context);
  /// A candidate for the attempt added last.
  void add_row(const Candidate& candidate);
  [[nodiscard]] jobmedic_torch_batch view() const;
  /// What add_attempt() was given, and add_row().
  [[nodiscard]] Context context(std::size_t attempt) const;
  void candidate(std::size_t row, Candidate& into) const;
  [[nodiscard]] std::uint32_t attempt_of(std::size_t row) const { return attempt_[row]; }
  [[nodiscard]] std::size_t attempts() const { return token_begin_.size() - 1; }
  [[nodiscard]] std::size_t rows() const { return attempt_.size(); }

 private:
  std::vector<float> context_, token_weights_, candidate_, monotone_;
  std::vector<std::uint32_t> tokens_, attempt_, choices_;
  std::vector<std::uint64_t> token_begin_{0}, choice_begin_{0};
};

}  // namespace jobmedic::model
