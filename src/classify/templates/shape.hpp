#pragma once
#include <string>
#include <string_view>
#include <vector>

// The shape of a log line: what stays when its parameters are masked.
namespace jobmedic::classify {

constexpr char parameter = '\x01';  // stands for a masked part; control bytes of the line itself become spaces
constexpr std::size_t longest_line = 4096;
constexpr std::size_t most_tokens = 64;

/// Buffers that live from line to line.
class ShapeReader {
 public:
  /// Tokens with one space between; borrowed until the next call.
  std::string_view read(std::string_view line);

 private:
  void mask_words(std::string_view line);
  void mask_dates_and_units();
  void join_parameters();
  [[nodiscard]] bool closes_brackets_after_parameter() const;
  void cut_tokens();

  std::string masked_;
  std::string marked_;
  std::string joined_;
};

std::vector<std::string_view> tokens_of(std::string_view shape);
/// With "<*>" for each parameter.
std::string shown(std::string_view shape);

}  // namespace jobmedic::classify
