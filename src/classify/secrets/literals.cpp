#include "classify/secrets/literals.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <queue>

namespace jobmedic::secrets {
namespace {

struct Node {
  std::map<std::uint8_t, std::size_t> children;
  std::size_t fail = 0;
  std::vector<std::uint16_t> found;
};

using Trie = std::vector<Node>;

std::size_t child(Trie& trie, std::size_t node, std::uint8_t by) {
  const auto known = trie[node].children.find(by);
  if (known != trie[node].children.end()) return known->second;
  trie.emplace_back();
  trie[node].children.emplace(by, trie.size() - 1);
  return trie.size() - 1;
}

// In the order of their depth, so that a node's fail link is complete before the node is met.
std::vector<std::size_t> breadth_first(const Trie& trie) {
  std::vector<std::size_t> order{0};
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (const auto& [by, next] : trie[order[i]].children) order.push_back(next);
  }
  return order;
}

}  // namespace

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) c = lower(c);
  return lowered;
}

Literals::Literals(const std::vector<std::string>& literals) {
  Trie trie(1);
  for (std::size_t i = 0; i < literals.size(); ++i) {
    std::size_t node = 0;
    for (const char c : lower(literals[i])) {
      std::uint8_t& of = class_of_[static_cast<unsigned char>(c)];
      if (of == 0) of = static_cast<std::uint8_t>(classes_++);
      if (c >= 'a' && c <= 'z') class_of_[static_cast<unsigned char>(c - 'a' + 'A')] = of;
      node = child(trie, node, of);
    }
    trie[node].found.push_back(static_cast<std::uint16_t>(i));
  }

  const std::vector<std::size_t> order = breadth_first(trie);
  std::vector<std::size_t> full(trie.size() * classes_);  // node times class, in the trie's own numbers
  for (const std::size_t node : order) {
    const std::size_t fail = trie[node].fail;
    if (node != 0) {
      trie[node].found.insert(trie[node].found.end(), trie[fail].found.begin(), trie[fail].found.end());
    }
    for (std::size_t by = 0; by < classes_; ++by) {
      const auto found = trie[node].children.find(static_cast<std::uint8_t>(by));
      const std::size_t otherwise = node == 0 ? 0 : full[fail * classes_ + by];
      full[node * classes_ + by] = found == trie[node].children.end() ? otherwise : found->second;
      if (found != trie[node].children.end()) trie[found->second].fail = otherwise;
    }
  }

  std::vector<std::size_t> by_finality(trie.size());
  std::iota(by_finality.begin(), by_finality.end(), 0);
  std::stable_partition(by_finality.begin(), by_finality.end(),
                        [&](std::size_t node) { return trie[node].found.empty(); });
  std::vector<std::uint16_t> state_of(trie.size());
  for (std::size_t state = 0; state < by_finality.size(); ++state) {
    state_of[by_finality[state]] = static_cast<std::uint16_t>(state);
  }
  next_.reserve(full.size());
  for (const std::size_t node : by_finality) {
    for (std::size_t by = 0; by < classes_; ++by) next_.push_back(state_of[full[node * classes_ + by]]);
    if (trie[node].found.empty()) {
      ++first_final_;
    } else {
      found_.push_back(std::move(trie[node].found));
    }
  }
}

}  // namespace jobmedic::secrets
