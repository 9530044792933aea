// The features of a recording, reading by reading.
#include <fmt/format.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>

#include "forecast/csv.hpp"
#include "forecast/features.hpp"
#include "forecast/telemetry.hpp"
#include "jobmedic/error.hpp"

namespace jobmedic::forecast {
namespace {

constexpr std::size_t piece = std::size_t{1} << 20U;

// Empty where it is not known.
void add_number(std::string& row, double value) {
  row += ',';
  if (!std::isnan(value)) fmt::format_to(std::back_inserter(row), "{}", value);
}

void add_number(std::string& row, float value) {
  row += ',';
  if (!std::isnan(value)) fmt::format_to(std::back_inserter(row), "{}", value);
}

}  // namespace

std::uint64_t write_features(const std::filesystem::path& traces, const Forecaster& forecaster,
                             const std::filesystem::path& output) {
  std::ofstream file(output, std::ios::binary);
  std::string text = "session_id,reading,t_s,accepted";
  for (const std::string_view name : feature_names()) (text += ',') += name;
  text += '\n';
  std::uint64_t readings = 0;
  const auto write = [&] {
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    text.clear();
  };
  each_trace(
      traces, [](const DeviceKey&) { return true; },
      [&](Trace&& trace) {
        const std::string id = csv_field(trace.session);
        Session session = forecaster.begin({trace.key});
        FeatureVector features;
        std::uint64_t place = 0;
        for (const Reading& reading : trace.readings) {
          const bool accepted = forecaster.update(session, reading).accepted;
          forecaster.features(session, features);
          fmt::format_to(std::back_inserter(text), "{},{}", id, place++);
          add_number(text, reading.time_s);
          text += accepted ? ",1" : ",0";
          for (const float feature : features) add_number(text, feature);
          text += '\n';
          ++readings;
        }
        if (text.size() > piece) write();
      });
  write();
  file.close();
  if (!file) {
    throw Error(Status::io, fmt::format("{}: {}", output.string(), std::strerror(errno)),
                fmt::format(R"({{"errno": {}}})", errno));
  }
  return readings;
}

}  // namespace jobmedic::forecast
