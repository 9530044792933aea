#include "jobmedic/train.hpp"

#include <limits>

#include "core/file.hpp"
#include "core/text.hpp"
#include "guard.hpp"
#include "history.hpp"
#include "json/reader.hpp"

using namespace jobmedic;
using namespace jobmedic::capi;

namespace {

struct Request {
  TrainingOptions options;
  std::string engine;
};

Request parse_request(std::string_view text) {
  const json::Value document = json::parse(text);
  const json::Reader reader(document);
  if (reader.find("schema")) reader.check_schema("jobmedic.training/1");
  Request request;
  request.engine = reader.string_or("engine", "spark");
  request.options.version = reader.string_or("version", "");
  if (const auto seed = reader.find("seed")) {
    request.options.seed = static_cast<std::uint64_t>(seed->integer_in(0, std::numeric_limits<std::int64_t>::max()));
  }
  if (const auto epochs = reader.find("max_epochs")) {
    request.options.max_epochs = static_cast<int>(epochs->integer_in(1, 1'000'000));
  }
  return request;
}

// "space" of jobmedic.engine/1, which the engine has accepted already.
Space space_for(const jobmedic_engine& engine, const std::string& name) {
  const json::Value config = json::parse(engine.config);
  const json::Value* space = config.find("space");
  if (space == nullptr || space->is_null()) return Space::shipped(name);
  if (const auto* path = space->as<std::string>()) return Space::parse(read_file(*path));
  return Space::parse(json::write(*space));
}

std::function<void(double, std::string_view)> told_to(jobmedic_progress_fn progress, void* user_data) {
  if (progress == nullptr) return {};
  return [=](double done, std::string_view what) {
    if (progress(done, what.data(), what.size(), user_data) != 0) {
      throw Error(Status::cancelled, "training was cancelled; nothing was saved");
    }
  };
}

Event serving_event(const TrainedVersion& made) {
  const std::string& version = made.version.version;
  if (made.promoted) return {2, "model_promoted", "model " + version + " is in service", {{"model", version}}};
  const std::string reason = made.blocked_by.empty() ? "another was promoted meanwhile" : join(made.blocked_by, ", ");
  return {1,
          "model_refused",
          "model " + version + " stays out of service: " + reason,
          {{"model", version}, {"reason", reason}}};
}

}  // namespace

jobmedic_status jobmedic_train(jobmedic_engine* engine, const char* options, size_t options_size,
                               jobmedic_progress_fn progress, void* user_data, jobmedic_buffer** out,
                               jobmedic_error** error) {
  return answer(out, error, [&] {
    const jobmedic_engine& here = use("engine", engine);
    const std::string_view text = capi::options("options", options, options_size);
    Request request = parse_as("options", [&] { return parse_request(text); });
    const std::unique_ptr<Store> store = open_store(here);
    request.options.progress = told_to(progress, user_data);
    const TrainedVersion made = train_version(*store, space_for(here, request.engine), std::move(request.options));
    here.engine.tell(serving_event(made));
    return made.version.report;
  });
}
