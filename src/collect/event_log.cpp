#include "collect/event_log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "jobmedic/error.hpp"
#include "json/value.hpp"

namespace jobmedic::collect {
namespace {

constexpr std::string_view opening = R"({"Event":")";

// Events that say something here; the others, most of the bytes, are not parsed. Spark writes "Event" first.
constexpr std::array telling{"SparkListenerEnvironmentUpdate",
                             "SparkListenerApplicationStart",
                             "SparkListenerApplicationEnd",
                             "SparkListenerJobStart",
                             "SparkListenerJobEnd",
                             "SparkListenerStageCompleted",
                             "SparkListenerStageExecutorMetrics",
                             "SparkListenerTaskEnd",
                             "SparkListenerSQLExecutionStart",
                             "SparkListenerSQLExecutionEnd"};

bool tells(std::string_view line) {
  if (!line.starts_with(opening)) return true;  // another writer's order of members: look
  line.remove_prefix(opening.size());
  std::string_view event = line.substr(0, line.find('"'));
  event.remove_prefix(std::min(event.rfind('.') + 1, event.size()));  // "org.apache.spark.sql.execution.ui."
  return std::find(telling.begin(), telling.end(), event) != telling.end();
}

}  // namespace

bool begins_event_log(std::string_view head) {
  std::string packed;  // another writer may put spaces after the colons
  std::copy_if(head.begin(), head.begin() + std::min<std::ptrdiff_t>(64, std::ssize(head)), std::back_inserter(packed),
               [](char c) { return c != ' '; });
  const std::string_view event = std::string_view(packed).substr(std::min(opening.size(), packed.size()));
  return packed.starts_with(opening) && (event.starts_with("SparkListener") || event.starts_with("org.apache.spark."));
}

void EventLog::feed(std::string_view piece) {
  lines_.feed(piece, [this](std::string_view text, std::uint64_t number) { line(text, number); });
}

void EventLog::end() {
  lines_.end([this](std::string_view text, std::uint64_t number) { line(text, number); });
}

void EventLog::line(std::string_view text, std::uint64_t number) {
  if (text.find_first_not_of(" \t") == std::string_view::npos || !tells(text)) return;
  try {
    const json::Value event = json::parse(text);
    const json::Value* name = event.find("Event");
    if (name == nullptr || name->as<std::string>() == nullptr) throw Error(Status::schema, "no \"Event\"");
    std::string_view kind = *name->as<std::string>();
    kind.remove_prefix(kind.rfind('.') + 1);
    failures_.event(kind, event);
    metrics_.event(kind, event);
  } catch (const Error& error) {
    if (bad_++ == 0) first_bad_ = fmt::format("line {}: {}", number, error.what());
  }
}

std::string EventLog::problem() const {
  std::string text;
  if (bad_ > 0) text = fmt::format("{} of {} lines are no events (first: {})", bad_, lines_.count(), first_bad_);
  if (lines_.too_long() > 0) {
    text += fmt::format("{}{} lines are longer than {} MiB", text.empty() ? "" : "; ", lines_.too_long(),
                        longest_line >> 20U);
  }
  return text;
}

}  // namespace jobmedic::collect
