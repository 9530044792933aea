// Reads lines from standard input until its end; prints a group per line, then on standard error the nanoseconds per
// line. tests/bench/template_grouping.py runs it beside drain3.
#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>
#include <unordered_map>
#include <vector>

#include "jobmedic/templates.hpp"

int main() {
  std::vector<std::string> lines;
  for (std::string line; std::getline(std::cin, line);) lines.push_back(line);
  constexpr int rounds = 20;  // of which the fastest counts
  std::vector<std::uint64_t> shapes;
  std::unordered_map<std::uint64_t, std::size_t> groups;
  double best = 0;
  for (int round = 0; round < rounds; ++round) {
    shapes.clear();
    groups.clear();
    const auto begin = std::chrono::steady_clock::now();
    jobmedic::TemplateMiner miner;
    for (const std::string& line : lines) shapes.push_back(miner.add(line));
    const std::vector<jobmedic::LogTemplate> templates = miner.templates();
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begin;
    if (round == 0 || spent.count() < best) best = spent.count();
    for (std::size_t i = 0; i < templates.size(); ++i) {
      for (const std::uint64_t shape : templates[i].shapes) groups.emplace(shape, i);
    }
  }
  for (const std::uint64_t shape : shapes) std::printf("%zu\n", groups.at(shape));
  std::fprintf(stderr, "%.0f\n", best / static_cast<double>(lines.size()) * 1e9);
}
