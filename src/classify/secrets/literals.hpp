#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace jobmedic::secrets {

/// Finds many literals in one pass, without regard to ASCII case: a dense automaton (Aho and Corasick 1975).
/// Own code since a Hyperscan database takes longer to compile than everything else here.
class Literals {
 public:
  /// Each at least one byte; 65,535 bytes together at most.
  explicit Literals(const std::vector<std::string>& literals);

  /// Calls visit(index of the literal, its end) for every occurrence, in the order of ends.
  template <typename Visit>
  void each(std::string_view text, Visit visit) const {
    std::size_t state = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      state = next_[state * classes_ + class_of_[static_cast<unsigned char>(text[i])]];
      if (state < first_final_) continue;
      for (const std::uint16_t literal : found_[state - first_final_]) visit(literal, i + 1);
    }
  }

 private:
  std::array<std::uint8_t, 256> class_of_{};
  std::size_t classes_ = 1;          // class 0: bytes in no literal
  std::vector<std::uint16_t> next_;  // state times class; states that found something come last
  std::size_t first_final_ = 0;
  std::vector<std::vector<std::uint16_t>> found_;
};

char lower(char c) noexcept;
std::string lower(std::string_view text);

}  // namespace jobmedic::secrets
