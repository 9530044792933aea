#pragma once
#include "jobmedic/report.hpp"
#include "json/value.hpp"

/// What page/report.html shows of a report: every figure as words, every chart as coordinates.
namespace jobmedic::reported {

json::Object headline_view(const Report& report);  ///< the four figures on top, and what the page is about
json::Object causes_view(const Report& report);
json::Object outcome_view(const Report& report);  ///< healed, saved, avoided, calibrated
json::Object sizing_view(const Report& report);   ///< memory given back, and proposed
json::Object lists_view(const Report& report);    ///< templates, jobs, models, automation

}  // namespace jobmedic::reported
