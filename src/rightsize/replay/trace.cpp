#include "rightsize/replay/trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <utility>

#include "jobmedic/error.hpp"

namespace jobmedic::sizing {
namespace {

constexpr std::size_t fewest_tasks = 34;

// The cells of the record that begins at `at`, which moves behind it.
std::vector<std::string> record(std::string_view csv, std::size_t& at) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (; at < csv.size(); ++at) {
    const char c = csv[at];
    if (c == '"') {
      if (quoted && at + 1 < csv.size() && csv[at + 1] == '"')
        cells.back() += csv[++at];
      else
        quoted = !quoted;
    } else if (c == ',' && !quoted) {
      cells.emplace_back();
    } else if (c == '\n' && !quoted) {
      ++at;
      break;
    } else if (c != '\r' || quoted) {
      cells.back() += c;
    }
  }
  return cells;
}

double number(const std::string& cell) {
  double value = 0;
  const char* end = cell.data() + cell.size();
  const auto [stop, problem] = std::from_chars(cell.data(), end, value);
  return problem == std::errc() && stop == end ? value : std::numeric_limits<double>::quiet_NaN();
}

std::size_t column(const std::vector<std::string>& header, std::string_view name) {
  const auto found = std::find(header.begin(), header.end(), name);
  if (found == header.end()) {
    throw Error(Status::schema, fmt::format("no column \"{}\" in the first line: not a Nextflow trace in CSV", name));
  }
  return static_cast<std::size_t>(found - header.begin());
}

bool measured(const Task& task) {
  return task.peak > 0 && std::isfinite(task.peak) && std::isfinite(task.input) && std::isfinite(task.duration) &&
         task.duration >= 0;
}

bool followed(const Process& process) {
  return process.tasks.size() >= fewest_tasks &&
         std::none_of(process.tasks.begin(), process.tasks.end(), [](const Task& task) { return task.duration == 0; });
}

}  // namespace

Workflow read_trace(std::string_view name, std::string_view csv) {
  std::size_t at = 0;
  const std::vector<std::string> header = record(csv, at);
  const std::size_t process = column(header, "process");
  const std::size_t columns[] = {column(header, "rchar"), column(header, "rss"), column(header, "peak_rss"),
                                 column(header, "memory"), column(header, "realtime")};
  Workflow workflow{std::string(name), {}, 0};
  while (at < csv.size()) {
    const std::vector<std::string> cells = record(csv, at);
    if (cells.size() != header.size()) continue;  // an empty line, or one cut off
    const Task task{number(cells[columns[0]]), number(cells[columns[1]]), number(cells[columns[2]]),
                    number(cells[columns[3]]), number(cells[columns[4]])};
    auto& all = workflow.processes;
    auto own = std::find_if(all.begin(), all.end(), [&](const Process& p) { return p.name == cells[process]; });
    if (own == all.end()) own = all.insert(all.end(), Process{cells[process], {}});
    if (measured(task)) own->tasks.push_back(task);
  }
  workflow.left_out = std::erase_if(workflow.processes, [](const Process& each) { return !followed(each); });
  return workflow;
}

std::vector<std::size_t> drawn(std::size_t population, std::size_t count, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<std::size_t> order(population);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = population; i-- > 1;) {
    const std::size_t mask = std::bit_ceil(i + 1) - 1;
    std::size_t other = random() & mask;
    while (other > i) other = random() & mask;
    std::swap(order[i], order[other]);
  }
  order.resize(std::min(count, population));
  return order;
}

Split split(std::size_t count, std::uint32_t seed) {
  const auto online = static_cast<std::size_t>(std::ceil(static_cast<double>(count) * 0.7));
  const std::vector<std::size_t> order = drawn(count, count, seed);
  const auto border = order.begin() + static_cast<std::ptrdiff_t>(online);
  return {{border, order.end()}, {order.begin(), border}};
}

}  // namespace jobmedic::sizing
