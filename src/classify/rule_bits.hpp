#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

namespace jobmedic::classify {

/// A set of rules, by index. Sets that meet were made for the same number of rules.
class RuleBits {
 public:
  RuleBits() = default;
  explicit RuleBits(std::size_t rules) : words_((rules + 63) / 64) {}

  [[nodiscard]] bool test(std::size_t rule) const { return (words_[rule / 64] >> (rule % 64) & 1U) != 0; }
  void set(std::size_t rule) { words_[rule / 64] |= std::uint64_t{1} << (rule % 64); }
  void reset(std::size_t rule) { words_[rule / 64] &= ~(std::uint64_t{1} << (rule % 64)); }
  [[nodiscard]] bool any() const {
    return std::any_of(words_.begin(), words_.end(), [](std::uint64_t word) { return word != 0; });
  }
  [[nodiscard]] bool meets(const RuleBits& other) const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if ((words_[i] & other.words_[i]) != 0) return true;
    }
    return false;
  }
  RuleBits& operator|=(const RuleBits& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
    return *this;
  }
  RuleBits& operator&=(const RuleBits& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
    return *this;
  }

 private:
  std::vector<std::uint64_t> words_;
};

}  // namespace jobmedic::classify
