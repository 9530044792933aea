#include "report/charts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/time.hpp"
#include "report/words.hpp"

namespace jobmedic::reported {
namespace {

// A tenth of a pixel is enough for any screen.
json::Value at(double coordinate) {
  return std::round(coordinate * 10) / 10;
}

double real(std::uint64_t count) {
  return static_cast<double>(count);
}

// 1, 2 or 5 times a power of ten, so that about four of them reach `most`.
double tick_step(double most) {
  const double rough = std::max(most, 1.0) / 4;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
    if (factor * power >= rough) return std::max(1.0, factor * power);
  }
  return rough;
}

std::string short_date(const std::string& time, const std::string& unit) {
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::string month = months[std::clamp(std::stoi(time.substr(5, 2)), 1, 12) - 1];
  if (unit == "year") return time.substr(0, 4);
  if (unit == "month") return month + " " + time.substr(0, 4);
  return fmt::format("{} {}", std::stoi(time.substr(8, 2)), month);
}

std::string bucket_words(const Bucket& bucket, const std::string& unit) {
  return fmt::format("{}{}: {} of {} tries failed; {} of memory, {} unclassified, {} others",
                     unit == "day" ? "" : unit + " from ", day(bucket.from), number(bucket.failures),
                     number(bucket.attempts), number(bucket.memory), number(bucket.unclassified),
                     number(bucket.failures - bucket.memory - bucket.unclassified));
}

constexpr double left = 44, right = 8, top = 10, bottom = 24;

struct Frame {
  double width, height, most;
  [[nodiscard]] double y(double value) const { return height - bottom - value / most * (height - top - bottom); }
};

json::Array y_ticks(const Frame& frame, double step) {
  json::Array ticks;
  for (int i = 0; i * step <= frame.most + step / 2; ++i) {
    const double value = i * step;
    ticks.push_back(json::object({{"y", at(frame.y(value))},
                                  {"text_y", at(frame.y(value) + 4)},
                                  {"from", at(left)},
                                  {"to", at(frame.width - right)},
                                  {"text_x", at(left - 8)},
                                  {"text", number(static_cast<std::uint64_t>(value))}}));
  }
  return ticks;
}

// As many dates as fit, the first and evenly spaced ones after it.
json::Array dates(const Report& report, const Frame& frame, double step) {
  const auto room = static_cast<std::size_t>((frame.width - left - right) / 78);
  const std::size_t every =
      std::max<std::size_t>(1, (report.buckets.size() + room - 1) / std::max<std::size_t>(1, room));
  json::Array labels;
  for (std::size_t i = 0; i < report.buckets.size(); i += every) {
    labels.push_back(json::object({{"x", at(left + step * (static_cast<double>(i) + 0.5))},
                                   {"y", at(frame.height - 6)},
                                   {"text", short_date(report.buckets[i].from, report.bucket)}}));
  }
  return labels;
}

json::Value bar(double x, double width, double y0, double y1, const char* kind) {
  return json::object(
      {{"x", at(x)}, {"y", at(y1)}, {"w", at(width)}, {"h", at(std::max(0.0, y0 - y1))}, {"kind", kind}});
}

}  // namespace

json::Value trend_chart(const Report& report, double width) {
  double most = 1;
  for (const Bucket& bucket : report.buckets) most = std::max(most, real(bucket.failures));
  const double tick = tick_step(most);
  const Frame frame{width, 220, std::ceil(most / tick) * tick};
  const double step = (width - left - right) / std::max(1.0, real(report.buckets.size()));
  const double thick = std::min(48.0, step * 0.78);
  json::Array columns;
  for (std::size_t i = 0; i < report.buckets.size(); ++i) {
    const Bucket& bucket = report.buckets[i];
    const double x = left + step * (static_cast<double>(i) + 0.5) - thick / 2;
    const double memory = real(bucket.memory), known = real(bucket.failures - bucket.unclassified);
    json::Array bars;
    if (memory > 0) bars.push_back(bar(x, thick, frame.y(0), frame.y(memory), "memory"));
    if (known > memory) bars.push_back(bar(x, thick, frame.y(memory), frame.y(known), "other"));
    if (bucket.unclassified > 0)
      bars.push_back(bar(x, thick, frame.y(known), frame.y(real(bucket.failures)), "unknown"));
    columns.push_back(json::object({{"words", bucket_words(bucket, report.bucket)}, {"bars", std::move(bars)}}));
  }
  return json::object({{"width", at(width)},
                       {"height", at(frame.height)},
                       {"ticks", y_ticks(frame, tick)},
                       {"dates", dates(report, frame, step)},
                       {"columns", std::move(columns)}});
}

json::Value small_trend(const std::vector<std::uint64_t>& counts) {
  constexpr double width = 120, height = 24;
  const std::uint64_t most = counts.empty() ? 0 : *std::max_element(counts.begin(), counts.end());
  const double step = width / std::max(1.0, real(counts.size()));
  json::Array bars;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    const double high = std::max(1.0, real(counts[i]) / real(most) * (height - 2));
    bars.push_back(json::object({{"x", at(step * static_cast<double>(i))},
                                 {"y", at(height - 1 - high)},
                                 {"w", at(std::max(1.0, std::min(14.0, step * 0.8)))},
                                 {"h", at(high)}}));
  }
  return json::object({{"bars", std::move(bars)}, {"most", number(most)}});
}

json::Value share_bar(double share) {
  return json::object({{"w", at(100 * std::clamp(share, 0.0, 1.0))}});
}

json::Value healing_chart(const Healing& healing) {
  constexpr double from = 4, to = 316, high = 18;
  const auto x = [&](double share) { return from + (to - from) * share; };
  json::Array rows;
  double y = 26;
  for (const auto& [name, all, patched] :
       {std::tuple("at the first retry", &healing.at_first, &healing.at_first_patched),
        std::tuple("within three retries", &healing.within_three, &healing.within_three_patched)}) {
    rows.push_back(json::object({{"name", name},
                                 {"words", share_words(*all)},
                                 {"text_y", at(y - 7)},
                                 {"y", at(y)},
                                 {"middle", at(y + high / 2)},
                                 {"mark_from", at(y - 3)},
                                 {"mark_to", at(y + high + 4)},
                                 {"patched_w", at(x(patched->value()) - from)},
                                 {"other_x", at(x(patched->value()))},
                                 {"other_w", at(x(all->value()) - x(patched->value()))},
                                 {"low", at(x(all->low))},
                                 {"high", at(x(all->high))}}));
    y += 52;
  }
  return json::object({{"rows", std::move(rows)}, {"netflix", at(x(netflix_healed))}});
}

json::Value reliability_chart(const Calibration& calibration) {
  constexpr double from = 58, to = 322, low = 284, high = 10;
  const auto x = [&](double p) { return from + (to - from) * p; };
  const auto y = [&](double p) { return low - (low - high) * p; };
  json::Array ticks, points;
  for (const int tick : {0, 25, 50, 75, 100}) {
    ticks.push_back(json::object({{"x", at(x(tick / 100.0))},
                                  {"y", at(y(tick / 100.0))},
                                  {"text_y", at(y(tick / 100.0) + 4)},
                                  {"text", fmt::format("{} %", tick)}}));
  }
  for (const ReliabilityBin& bin : calibration.bins) {
    if (bin.failed.of == 0) continue;
    points.push_back(json::object(
        {{"x", at(x(bin.predicted))},
         {"y", at(y(bin.failed.value()))},
         {"low", at(y(bin.failed.low))},
         {"high", at(y(bin.failed.high))},
         {"tells", bin.failed.tells()},
         {"words", fmt::format("predicted {}, failed {}", percent(bin.predicted), share_ground(bin.failed))}}));
  }
  return json::object({{"ticks", std::move(ticks)}, {"points", std::move(points)}});
}

json::Value service_chart(const std::vector<ModelInService>& models, const std::string& now, double width) {
  const auto seconds = [](const std::string& time) {
    const auto parsed = parse_time(time);
    return parsed ? std::chrono::duration<double>(parsed->time_since_epoch()).count() : 0.0;
  };
  const double begin = models.empty() ? 0 : seconds(models.front().from);
  const double length = std::max(1.0, seconds(now) - begin);
  const auto x = [&](double time) { return width * std::clamp((time - begin) / length, 0.0, 1.0); };
  json::Array spans;
  for (std::size_t i = 0; i < models.size(); ++i) {
    const ModelInService& model = models[i];
    const double from = x(seconds(model.from));
    const double wide = std::max(1.0, x(seconds(model.to.empty() ? now : model.to)) - from);
    const bool fits = wide > 9.0 * static_cast<double>(std::min<std::size_t>(model.version.size(), 40));
    spans.push_back(
        json::object({{"x", at(from)},
                      {"w", at(std::max(1.0, wide - 2))},
                      {"text_x", at(from + 8)},
                      {"kind", i % 2 == 0 ? "even" : "odd"},
                      {"name", fits ? cut(model.version, 40) : std::string()},
                      {"words", fmt::format("{} in service from {} to {}", cut(model.version, 40), minute(model.from),
                                            model.to.empty() ? "today" : minute(model.to))}}));
  }
  return json::object({{"width", at(width)}, {"spans", std::move(spans)}});
}

}  // namespace jobmedic::reported
