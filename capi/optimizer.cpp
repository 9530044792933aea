#include "jobmedic/optimizer.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <map>

#include "guard.hpp"
#include "json/reader.hpp"

using namespace jobmedic;
using namespace jobmedic::capi;

struct jobmedic_optimizer : Handle {
  jobmedic_optimizer(const Space& given, const OptimizerOptions& options) : space(given), optimizer(given, options) {}

  struct Trial {
    std::int64_t number;
    Point point;
    double value;
  };

  Space space;
  Optimizer optimizer;
  std::int64_t asked = 0;
  std::map<std::int64_t, Point> open;  // trials whose value is not known yet
  std::optional<Trial> best;
};

namespace {

OptimizerOptions parse_options(std::string_view text) {
  const json::Value document = json::parse(text);
  const json::Reader reader(document);
  if (reader.find("schema")) reader.check_schema("jobmedic.optimizer/1");
  OptimizerOptions options;
  if (const auto seed = reader.find("seed")) {
    options.seed = static_cast<std::uint64_t>(seed->integer_in(0, std::numeric_limits<std::int64_t>::max()));
  }
  if (const auto points = reader.find("initial_points")) {
    options.initial_points = static_cast<int>(points->integer_in(0, 10'000));
  }
  if (const auto effort = reader.find("effort")) options.effort = effort->number_in(0.001, 1);
  return options;
}

json::Value parameters(const jobmedic_optimizer& optimizer, const Point& point) {
  return json::parse(optimizer.space.to_json(point));
}

}  // namespace

jobmedic_status jobmedic_optimizer_create(const char* space, size_t space_size, const char* options,
                                          size_t options_size, jobmedic_optimizer** out, jobmedic_error** error) {
  return make(out, error, [&] {
    const std::string_view space_text = text("space", space, space_size);
    const std::string_view options_text = capi::options("options", options, options_size);
    return std::make_unique<jobmedic_optimizer>(parse_as("space", [&] { return Space::parse(space_text); }),
                                                parse_as("options", [&] { return parse_options(options_text); }));
  });
}

jobmedic_status jobmedic_optimizer_ask(jobmedic_optimizer* optimizer, jobmedic_buffer** out, jobmedic_error** error) {
  return answer(out, error, [&] {
    jobmedic_optimizer& here = use("optimizer", optimizer);
    Point point = here.optimizer.ask().front();
    std::string document = json::write(json::object(
        {{"schema", "jobmedic.trial/1"}, {"trial", here.asked + 1}, {"parameters", parameters(here, point)}}));
    here.open.emplace(++here.asked, std::move(point));
    return document;
  });
}

jobmedic_status jobmedic_optimizer_tell(jobmedic_optimizer* optimizer, int64_t trial, double value,
                                        jobmedic_error** error) {
  return guard(error, [&] {
    jobmedic_optimizer& here = use("optimizer", optimizer);
    const auto found = here.open.find(trial);
    if (found == here.open.end()) {
      const bool told = trial >= 1 && trial <= here.asked;
      refuse("trial", fmt::format("{} {}", trial, told ? "was told already" : "was never asked for"));
    }
    here.optimizer.tell(found->second, value);
    if (std::isfinite(value) && (!here.best || value < here.best->value)) here.best = {trial, found->second, value};
    here.open.erase(found);
  });
}

jobmedic_status jobmedic_optimizer_best(const jobmedic_optimizer* optimizer, jobmedic_buffer** out,
                                        jobmedic_error** error) {
  return answer(out, error, [&] {
    const jobmedic_optimizer& here = use("optimizer", optimizer);
    json::Value best;
    if (here.best) {
      best = json::object({{"trial", here.best->number},
                           {"parameters", parameters(here, here.best->point)},
                           {"value", here.best->value}});
    }
    return json::write(json::object({{"schema", "jobmedic.best/1"}, {"best", best}}));
  });
}

void jobmedic_optimizer_free(jobmedic_optimizer* optimizer) {
  destroy(optimizer);
}
