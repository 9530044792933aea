// jobmedic optimize: Bayesian optimization of whatever the caller measures, by ask and tell over standard streams.
#include <fmt/format.h>

#include <cmath>
#include <iostream>
#include <limits>

#include "cli/arguments.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"
#include "jobmedic/optimizer.hpp"
#include "json/reader.hpp"

namespace jobmedic::cli {
namespace {

constexpr const char* protocol = R"(
For each trial it writes one line to standard output and waits for one on standard input; null stands for a trial that
failed. It ends with the best:
  {"trial":1,"parameters":{"spark.executor.memory":2048}}
                                                             {"trial":1,"value":0.73}
  ...
  {"best":{"parameters":{"spark.executor.memory":3648},"value":0.41}}

Example:
  jobmedic optimize --space space.json --trials 30 --seed 7)";

struct Options {
  std::string space;
  std::int64_t trials = 0;
  std::uint64_t seed = 0;
};

[[noreturn]] void fail(std::int64_t trial, const std::string& problem) {
  throw Error(
      Status::invalid_argument,
      fmt::format(R"(trial {}: {}; expected a line such as {{"trial":{},"value":0.73}})", trial, problem, trial));
}

std::string read_line(std::int64_t trial, std::int64_t trials) {
  constexpr std::size_t longest = std::size_t{1} << 16U;
  std::string line(longest, '\0');
  do {
    std::cin.getline(line.data(), static_cast<std::streamsize>(longest));
    if (std::cin.gcount() == 0 && std::cin.eof())
      fail(trial, fmt::format("the input ended before trial {} of {}", trial, trials));
    if (std::cin.fail()) fail(trial, "the line is longer than 64 KiB");
  } while (line.find_first_not_of(" \t\r\0", 0, 4) == std::string::npos);
  line.resize(line.find('\0'));
  return line;
}

// JSON has no NaN, but what Python and others print for one is clear enough: the trial failed.
std::string without_nan(std::string line) {
  for (const std::string_view word : {"-Infinity", "Infinity", "NaN"}) {
    for (auto at = line.find(word); at != std::string::npos; at = line.find(word)) {
      line.replace(at, word.size(), "null");
    }
  }
  return line;
}

double parse_value(const std::string& line, std::int64_t trial) {
  try {
    const json::Value document = json::parse(without_nan(line));
    const json::Reader in(document);
    const json::Reader number = in.at("trial");
    if (number.integer() != trial) number.fail(fmt::format("expected {}, found {}", trial, number.integer()));
    if (document.find("value") == nullptr) static_cast<void>(in.at("value"));
    const auto value = in.find("value");
    return value ? value->number() : std::numeric_limits<double>::quiet_NaN();
  } catch (const Error& error) {
    fail(trial, error.what());
  }
}

void optimize(const Options& options) {
  const Space space = read_space(options.space, "");
  Optimizer optimizer(space, OptimizerOptions{options.seed, 0});
  for (std::int64_t trial = 1; trial <= options.trials; ++trial) {
    const Point point = optimizer.ask().front();
    print(fmt::format("{{\"trial\":{},\"parameters\":{}}}\n", trial, space.to_json(point)));
    optimizer.tell(point, parse_value(read_line(trial, options.trials), trial));
  }
  const auto best = optimizer.best();
  if (!best)
    throw Error(Status::invalid_argument, fmt::format("all {} trials failed: there is no best one", options.trials));
  print(fmt::format("{{\"best\":{{\"parameters\":{},\"value\":{}}}}}\n", space.to_json(best->point),
                    json::write(best->value)));
}

}  // namespace

void add_optimize_command(CLI::App& app, Session& session) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("optimize", "Find the parameters with the smallest value, by ask and tell.");
  command->add_option("--space", options->space, "what may be varied (jobmedic.space/1)")
      ->required()
      ->type_name("FILE");
  command->add_option("--trials", options->trials, "how many")
      ->required()
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{10'000}))
      ->type_name("N");
  command->add_option("--seed", options->seed, "the same seed and values give the same trials")
      ->capture_default_str()
      ->type_name("S");
  command->footer(protocol);
  session.on(command, [options] { optimize(*options); });
}

}  // namespace jobmedic::cli
