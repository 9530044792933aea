#pragma once
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

/// What the tables of optimizer_regret are made with.
namespace jobmedic::bench {

inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  return n == 0 ? std::nan("") : (values[(n - 1) / 2] + values[n / 2]) / 2;
}

/// The two-sided p of Wilcoxon's rank-sum test (1945), by the normal approximation with its continuity correction: how
/// likely chance alone makes two samples differ so. The seeds of two optimizers have nothing in common to be paired by.
inline double rank_sum_p(const std::vector<double>& a, const std::vector<double>& b) {
  double wins = 0;
  for (const double x : a) {
    for (const double y : b) wins += x < y ? 1 : x == y ? 0.5 : 0;
  }
  const auto n = static_cast<double>(a.size());
  const auto m = static_cast<double>(b.size());
  const double z = (std::abs(wins - n * m / 2) - 0.5) / std::sqrt(n * m * (n + m + 1) / 12);
  return std::min(1.0, std::erfc(z / std::sqrt(2.0)));
}

/// The lines of a table of text, cut at the separator; no quotes. Empty where there is no such file.
inline std::vector<std::vector<std::string>> read_cells(const std::filesystem::path& file, char separator) {
  std::vector<std::vector<std::string>> rows;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.pop_back();
    rows.emplace_back();
    std::stringstream cut(line);
    for (std::string cell; std::getline(cut, cell, separator);) rows.back().push_back(cell);
  }
  return rows;
}

}  // namespace jobmedic::bench
