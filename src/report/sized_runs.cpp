#include "report/sized_runs.hpp"

#include <algorithm>

#include "jobmedic/error.hpp"
#include "jobmedic/patch.hpp"
#include "jobmedic/policy.hpp"
#include "jobmedic/rightsize.hpp"
#include "json/value.hpp"

namespace jobmedic::reported {
namespace {

constexpr double GiB = 0x1p30;

// What the configuration gives of a parameter of memory, the engine's default where it is absent.
std::optional<double> gib_of(const json::Value& config, const std::string& name, const Space& space) {
  for (std::size_t i = 0; i < space.parameters.size(); ++i) {
    const Parameter& known = space.parameters[i];
    if (known.name != name || !is_memory(known)) continue;
    const json::Value* value = config.find(name);
    if (value == nullptr && known.absent.empty()) return std::nullopt;
    try {
      const auto* text = value == nullptr ? &known.absent : value->as<std::string>();
      const double amount = space.parse_value(i, text != nullptr ? *text : json::write(*value));
      return amount * bytes_per_unit(known) / GiB;
    } catch (const Error&) {  // written by anyone
      return std::nullopt;
    }
  }
  return std::nullopt;
}

// Spark holds the memory of an executor so many times.
double copies(const json::Value& config) {
  const json::Value* instances = config.find("spark.executor.instances");
  if (instances == nullptr) return 1;
  const auto* text = instances->as<std::string>();
  const std::string words = text != nullptr ? *text : json::write(*instances);
  const double count = std::strtod(words.c_str(), nullptr);
  return count >= 1 && count < 1e6 ? count : 1;
}

std::string parameter_of(const json::Value& operation) {
  const json::Value* path = operation.find("path");
  const auto* text = path == nullptr ? nullptr : path->as<std::string>();
  return text == nullptr || text->empty() ? "" : text->substr(1);  // no "/" or "~" in the name of any setting
}

}  // namespace

SizedRunsCount::SizedRunsCount(const Store& store, std::size_t top) : store_(store), top_(top) {
  store.each_patch([&](const StoredPatch& patch) {
    if (patch.damage.empty() && patch.source == "rightsize" && patch.scope.job) jobs_.insert(*patch.scope.job);
  });
}

void SizedRunsCount::add(const Run& run) {
  const std::string& name = run.tries.front().attempt->job;
  if (!jobs_.contains(name)) return;
  if (run.job != number_) end_job();
  number_ = run.job;
  job_.job = name;
  for (const Try& it : run.tries) add(it);
}

void SizedRunsCount::add(const Try& it) {
  if (!it.ended()) return;
  const std::vector<StoredPatch> patches = store_.patches_used(*it.attempt);
  const auto own =
      std::find_if(patches.begin(), patches.end(), [](const auto& patch) { return patch.source == "rightsize"; });
  if (own == patches.end()) {
    if (patches.empty() && (asked_.empty() || (it.started && (!asked_started_ || *it.started > *asked_started_)))) {
      asked_ = it.attempt->config;
      asked_started_ = it.started;
    }
    return;
  }
  if (!it.counts) return;
  ++job_.runs;
  const bool short_of_memory = it.failed() && it.attempt->outcome->category == "memory_config";
  if (short_of_memory) ++job_.failed;
  if (!it.attempt->duration_s || *it.attempt->duration_s <= 0) {
    ++sum_.without_duration;
    return;
  }
  if (!space_ || engine_ != it.attempt->engine) {
    engine_ = it.attempt->engine;
    space_ = Space::parse(shipped_space(engine_));
  }
  const json::Value config = json::parse(it.attempt->config);
  const double hours = *it.attempt->duration_s / 3600 * copies(config);
  const json::Value patch = json::parse(own->patch);
  for (const json::Value& operation : *patch.as<json::Array>()) {
    const std::string parameter = parameter_of(operation);
    const auto gib = gib_of(config, parameter, *space_);
    if (!gib) continue;
    Held& held = held_[parameter];
    if (!short_of_memory) held.hours += hours;  // such a try would not have been needed
    held.gib_hours += *gib * hours;
  }
}

void SizedRunsCount::end_job() {
  if (job_.runs > 0) {
    bool compared = false;
    if (!asked_.empty() && space_) {
      const json::Value config = json::parse(asked_);
      for (const auto& each : held_) {
        const auto before = gib_of(config, each.first, *space_);
        if (!before) continue;
        job_.asked_gib_h += *before * each.second.hours;
        job_.held_gib_h += each.second.gib_hours;
        compared = true;
      }
    }
    ++sum_.jobs;
    sum_.runs += job_.runs;
    sum_.failed += job_.failed;
    sum_.asked_gib_h += job_.asked_gib_h;
    sum_.held_gib_h += job_.held_gib_h;
    if (!compared) ++sum_.jobs_not_compared;
    sum_.most.push_back(std::move(job_));
    const auto more = [](const SizedJob& a, const SizedJob& b) {
      return a.saved_gib_h() != b.saved_gib_h() ? a.saved_gib_h() > b.saved_gib_h() : a.job < b.job;
    };
    std::sort(sum_.most.begin(), sum_.most.end(), more);
    if (sum_.most.size() > top_) sum_.most.pop_back();
  }
  job_ = {};
  held_.clear();
  asked_.clear();
  asked_started_.reset();
}

void SizedRunsCount::tell(Report& report) {
  end_job();
  sum_.gib_hour_usd = Policy{}.gib_hour_usd;
  report.sized = std::move(sum_);
}

}  // namespace jobmedic::reported
