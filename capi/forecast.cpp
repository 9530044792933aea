#include "forecast.hpp"

#include <algorithm>
#include <cstring>

#include "core/file.hpp"
#include "guard.hpp"
#include "jobmedic/forecast_versions.hpp"
#include "json/reader.hpp"

using namespace jobmedic;
using namespace jobmedic::capi;

namespace {

static_assert(sizeof(jobmedic_session) == sizeof(forecast::Session));
static_assert(sizeof(jobmedic_reading) == sizeof(forecast::Reading), "the members are the same, in the same order");

std::shared_ptr<const forecast::Forecaster> load(const char* model, std::size_t size) {
  if (model == nullptr) return forecast::Forecaster::shipped();
  const std::string path(text("model", model, size));
  return parse_as(path, [&] { return forecast::Forecaster::parse(read_file(path)); });
}

std::shared_ptr<const forecast::Forecaster> in_service(std::string_view url) {
  StoreOptions options;
  options.create = false;
  options.read_only = true;
  return forecast::forecaster_in_service(*Store::open(url, options));
}

jobmedic_forecast answer_of(const forecast::Forecast& said) {
  return {said.level, said.alert ? 1 : 0, said.accepted ? 1 : 0, 0, said.probability, said.seconds};
}

forecast::Session session_of(const jobmedic_session& session) {
  forecast::Session inside;
  std::memcpy(&inside, &session, sizeof inside);
  return inside;
}

}  // namespace

forecast::SessionPlace capi::place_of(std::string_view document) {
  const json::Value value = json::parse(document);
  const json::Reader reader(value);
  forecast::SessionPlace place;
  place.device = {reader.string_or("device_type", ""), reader.string_or("sdk_version", "")};
  constexpr double most = 1e18;
  if (const auto bytes = reader.find("budget_bytes")) place.budget_bytes = bytes->number_in(1, most);
  if (const auto bytes = reader.find("limit_bytes")) place.limit_bytes = bytes->number_in(1, most);
  return place;
}

void capi::check_reading_size(std::size_t size) {
  if (size < sizeof(double) || size % sizeof(double) != 0) refuse("reading_size", "is no size of a reading");
}

// A caller of another version has fewer members, which the others then lack, or more, which nobody here knows.
forecast::Reading capi::reading_of(const void* given, std::size_t size) {
  forecast::Reading reading;
  std::memcpy(static_cast<void*>(&reading), given, std::min(size, sizeof reading));
  return reading;
}

jobmedic_status jobmedic_forecaster_create(const char* model, size_t model_size, jobmedic_forecaster** out,
                                           jobmedic_error** error) {
  return make(out, error, [&] { return std::make_unique<jobmedic_forecaster>(load(model, model_size)); });
}

jobmedic_status jobmedic_forecaster_open(const char* store, size_t store_size, jobmedic_forecaster** out,
                                         jobmedic_error** error) {
  return make(out, error,
              [&] { return std::make_unique<jobmedic_forecaster>(in_service(text("store", store, store_size))); });
}

void jobmedic_forecaster_free(jobmedic_forecaster* forecaster) {
  destroy(forecaster);
}

jobmedic_status jobmedic_forecast_begin(const jobmedic_forecaster* forecaster, const char* place, size_t place_size,
                                        jobmedic_session* out, jobmedic_error** error) {
  return guard(error, [&] {
    require("out", out);
    const std::string_view document = capi::options("place", place, place_size);
    const forecast::Session session =
        use("forecaster", forecaster).forecaster->begin(parse_as("place", [&] { return place_of(document); }));
    std::memcpy(out, &session, sizeof session);
  });
}

jobmedic_status jobmedic_forecast_update(const jobmedic_forecaster* forecaster, jobmedic_session* session,
                                         const jobmedic_reading* reading, size_t reading_size, jobmedic_forecast* out,
                                         jobmedic_alert_fn alert, void* user_data, jobmedic_error** error) {
  return guard(error, [&] {
    require("session", session);
    require("reading", reading);
    require("out", out);
    check_reading_size(reading_size);
    forecast::Session inside = session_of(*session);
    *out = answer_of(use("forecaster", forecaster).forecaster->update(inside, reading_of(reading, reading_size)));
    std::memcpy(session, &inside, sizeof inside);
    if (alert != nullptr && out->alert != 0 && out->accepted != 0) alert(out, user_data);
  });
}

jobmedic_status jobmedic_forecast_reasons(const jobmedic_forecaster* forecaster, const jobmedic_session* session,
                                          jobmedic_buffer** out, jobmedic_error** error) {
  return answer(out, error, [&] {
    require("session", session);
    const forecast::Forecaster& model = *use("forecaster", forecaster).forecaster;
    json::Array reasons;
    for (const forecast::Reason& reason : model.reasons(session_of(*session))) {
      reasons.emplace_back(
          json::object({{"feature", reason.feature}, {"value", reason.value}, {"logit", reason.logit}}));
    }
    return json::write(json::object(
        {{"schema", "jobmedic.forecast_reasons/1"}, {"model", model.version()}, {"reasons", std::move(reasons)}}));
  });
}
