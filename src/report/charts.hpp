#pragma once
#include "jobmedic/report.hpp"
#include "json/value.hpp"

/// Where the marks of each chart stand, in the units of its viewBox; page/report.html draws them. Bars begin at zero.
namespace jobmedic::reported {

/// Failures by bucket: memory, unclassified, others, on top of each other.
json::Value trend_chart(const Report& report, double width);
/// One cause over the same buckets, without axes.
json::Value small_trend(const std::vector<std::uint64_t>& counts);
/// A share from 0 to 1 as a bar.
json::Value share_bar(double share);
/// Healed at the first retry and within three, with jobmedic's patch and otherwise, beside Netflix's share.
json::Value healing_chart(const Healing& healing);
/// Predicted beside observed: reliability diagram (Bröcker and Smith 2007).
json::Value reliability_chart(const Calibration& calibration);
/// Which model was in service when.
json::Value service_chart(const std::vector<ModelInService>& models, const std::string& now, double width);

constexpr double netflix_healed = 0.56;  ///< of all memory-configuration failures, without a human (Netflix 2025)

}  // namespace jobmedic::reported
