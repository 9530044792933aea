#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "metrics/histogram.hpp"

namespace jobmedic::metrics {

using Labels = std::vector<std::pair<std::string_view, std::string_view>>;

/// Prometheus' text exposition format 0.0.4, family by family. Label values are escaped, made valid UTF-8 and capped.
class Exposition {
 public:
  /// The samples that follow are its. `type`: "counter", "gauge" or "histogram"; a counter's name ends in _total.
  void family(std::string_view name, std::string_view type, std::string_view help);
  void sample(const Labels& labels, std::uint64_t value);
  void sample(const Labels& labels, double value);
  void histogram(const Labels& labels, const Histogram::Reading& reading);

  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  void line(std::string_view suffix, const Labels& labels, const std::string& value);

  std::string text_;
  std::string family_;
};

}  // namespace jobmedic::metrics
