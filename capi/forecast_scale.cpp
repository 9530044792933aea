#include <algorithm>
#include <cstring>

#include "forecast.hpp"
#include "guard.hpp"
#include "json/reader.hpp"

using namespace jobmedic;
using namespace jobmedic::capi;

namespace {

std::string columns_document() {
  json::Array features, columns;
  for (const std::string_view name : forecast::feature_names()) features.emplace_back(name);
  for (const forecast::ReadingColumn& one : forecast::reading_columns()) {
    columns.emplace_back(json::object({{"column", one.column}, {"member", one.member}, {"unit", one.unit}}));
  }
  return json::write(json::object(
      {{"schema", "jobmedic.forecast_columns/1"}, {"features", std::move(features)}, {"columns", std::move(columns)}}));
}

std::string device_document(std::string_view text) {
  const forecast::DeviceKey key = forecast::normalised(place_of(text).device);
  return json::write(json::object({{"device_type", key.type}, {"sdk_version", key.sdk}}));
}

forecast::CurationTexts texts_of(std::string_view raw, std::string_view options) {
  const json::Value document = json::parse(options);
  const json::Reader reader(document);
  forecast::CurationTexts texts;
  texts.raw = raw;
  texts.secondary = reader.string_or("secondary", "");
  texts.keys = reader.string_or("keys", "");
  texts.truth = reader.string_or("truth", "");
  if (const auto policy = reader.find("policy")) texts.policy = json::write(policy->value());
  return texts;
}

std::string document_of(const forecast::Curation& curation) {
  return json::write(json::object(
      {{"schema", "jobmedic.curation_answer/1"}, {"table", curation.table}, {"report", json::parse(curation.report)}}));
}

std::vector<forecast::Curation> parts_of(std::string_view text) {
  const json::Value document = json::parse(text);
  std::vector<forecast::Curation> parts;
  for (const json::Reader& part : json::Reader(document).items()) {
    part.check_schema("jobmedic.curation_answer/1");
    parts.push_back({part.at("table").string(), json::write(part.at("report").value())});
  }
  return parts;
}

}  // namespace

jobmedic_status jobmedic_forecast_columns(jobmedic_buffer** out, jobmedic_error** error) {
  return answer(out, error, [] { return columns_document(); });
}

jobmedic_status jobmedic_forecast_features(const jobmedic_forecaster* forecaster, const char* place, size_t place_size,
                                           const jobmedic_reading* readings, size_t reading_size, size_t count,
                                           float* rows, size_t row_size, uint8_t* accepted, jobmedic_error** error) {
  return guard(error, [&] {
    const forecast::Forecaster& model = *use("forecaster", forecaster).forecaster;
    const std::string_view document = capi::options("place", place, place_size);
    forecast::Session session = model.begin(parse_as("place", [&] { return place_of(document); }));
    check_reading_size(reading_size);
    const std::size_t features = forecast::feature_names().size();
    if (row_size < features) refuse("row_size", "is smaller than the number of features");
    if (count == 0) return;
    require("readings", readings);
    require("rows", rows);
    const auto* bytes = reinterpret_cast<const unsigned char*>(readings);
    for (std::size_t i = 0; i < count; ++i) {
      const bool taken = model.update(session, reading_of(bytes + i * reading_size, reading_size)).accepted;
      model.features(session, {rows + i * row_size, features});
      if (accepted != nullptr) accepted[i] = taken ? 1 : 0;
    }
  });
}

jobmedic_status jobmedic_forecast_device(const char* device, size_t device_size, jobmedic_buffer** out,
                                         jobmedic_error** error) {
  return answer(out, error, [&] {
    const std::string_view given = text("device", device, device_size);
    return parse_as("device", [&] { return device_document(given); });
  });
}

jobmedic_status jobmedic_forecast_curate(const char* raw, size_t raw_size, const char* options, size_t options_size,
                                         jobmedic_buffer** out, jobmedic_error** error) {
  return answer(out, error, [&] {
    const std::string_view lake = text("raw", raw, raw_size);
    const std::string_view how = capi::options("options", options, options_size);
    return document_of(forecast::curate(parse_as("options", [&] { return texts_of(lake, how); })));
  });
}

jobmedic_status jobmedic_forecast_merge(const char* parts, size_t parts_size, const char* options, size_t options_size,
                                        jobmedic_buffer** out, jobmedic_error** error) {
  return answer(out, error, [&] {
    const std::string_view given = text("parts", parts, parts_size);
    const std::string_view how = capi::options("options", options, options_size);
    const std::string truth = parse_as("options", [&] { return texts_of("", how); }).truth;
    return document_of(forecast::merge(parse_as("parts", [&] { return parts_of(given); }), truth));
  });
}
