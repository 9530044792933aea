// Input: a letter, then text. l: the loop policy; e: the engine's document, which holds it; o: options of an outcome, a
// zero byte, the attempt, as the C ABI takes them. What is read must keep the ranges that the header promises; what is
// refused must be refused in one line.
#include <jobmedic.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>

#include "jobmedic/engine.hpp"
#include "jobmedic/error.hpp"
#include "json/value.hpp"
#include "remediate/engine_config.hpp"

using namespace jobmedic;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const LoopPolicy& loop) {
  require(std::set<std::string>{"act", "shadow", "dry_run"}.contains(loop.mode));
  require(loop.rollout_percent >= 0 && loop.rollout_percent <= 100);
  require(loop.quarantine_after >= 0 && loop.retry_budget >= 0 && loop.keep_successful_days >= 0);
  require(std::isfinite(loop.retry_budget_hours) && loop.retry_budget_hours >= 0);
  Attempt attempt;
  attempt.labels[loop.rollout_label] = "x";
  require(loop.mode_for(attempt) == loop.mode || loop.mode_for(attempt) == "shadow");
}

template <typename Read>
void read_or_refuse(const Read& read) {
  try {
    read();
  } catch (const Error& error) {
    require(error.status() == Status::parse || error.status() == Status::schema ||
            error.status() == Status::invalid_argument);
    require(std::string(error.what()).find('\n') == std::string::npos);
  }
}

jobmedic_engine* engine() {
  static jobmedic_engine* const made = [] {
    static std::string folder = (std::filesystem::temp_directory_path() / "jobmedic-fuzz-XXXXXX").string();
    require(mkdtemp(folder.data()) != nullptr);
    const std::string config = R"({"shipped_rules": false, "store": "sqlite:)" + folder + R"(/loop.db"})";
    jobmedic_engine* engine = nullptr;
    require(jobmedic_engine_create(config.data(), config.size(), &engine, nullptr) == JOBMEDIC_OK);
    return engine;
  }();
  return made;
}

void record_outcome(std::string_view input) {
  const std::size_t split = std::min(input.find('\0'), input.size());
  const std::string_view options = input.substr(0, split);
  const std::string_view attempt = input.substr(std::min(split + 1, input.size()));
  jobmedic_buffer* out = nullptr;
  jobmedic_error* error = nullptr;
  const jobmedic_status status =
      jobmedic_record_outcome(engine(), attempt.data(), attempt.size(), options.data(), options.size(), &out, &error);
  if (status == JOBMEDIC_OK) {
    require(json::parse({jobmedic_buffer_data(out), jobmedic_buffer_size(out)}).find("what") != nullptr);
  } else {
    require(out == nullptr && status != JOBMEDIC_E_INTERNAL && status != JOBMEDIC_E_STORE);
    require(std::string_view(jobmedic_error_message(error)).find('\n') == std::string_view::npos);
    static_cast<void>(json::parse(jobmedic_error_detail(error)));
  }
  jobmedic_buffer_free(out);
  jobmedic_error_free(error);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'l':
      read_or_refuse([&] { check(LoopPolicy::parse(rest)); });
      break;
    case 'e':
      read_or_refuse([&] { check(EngineConfig::parse(rest).loop); });
      break;
    default:
      record_outcome(rest);
  }
  return 0;
}
