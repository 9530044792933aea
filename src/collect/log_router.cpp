#include "collect/log_router.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace jobmedic::collect {

std::string Names::take(const std::string& wanted) {
  if (taken_.insert(wanted).second) return wanted;
  const std::size_t dot = std::min(wanted.rfind('.'), wanted.size());
  for (int number = 2;; ++number) {
    std::string name = fmt::format("{}.{}{}", wanted.substr(0, dot), number, wanted.substr(dot));
    if (taken_.insert(name).second) return name;
  }
}

LogRouter::LogRouter(Target target, Names& names, const Collector::Sink& sink)
    : target_(std::move(target)), names_(names), sink_(sink) {}

void LogRouter::feed(std::string_view piece) {
  bytes_ += piece.size();
  if (decided_) return pass(piece);
  constexpr std::size_t enough = 64;
  head_ += piece;
  if (head_.size() >= enough) decide(false);
}

void LogRouter::decide(bool complete) {
  decided_ = true;
  if (begins_event_log(head_)) {
    events_.emplace();
  } else if (target_.only_events && !(complete && head_.empty())) {
    refused_ = true;
  } else {
    name_ = names_.take(target_.log);
  }
  const std::string head = std::move(head_);
  pass(head);
}

void LogRouter::pass(std::string_view piece) {
  if (refused_) return;
  if (!piece.empty()) line_open_ = piece.back() != '\n';
  if (events_) {
    events_->feed(piece);
  } else {
    sink_(name_, piece);
  }
}

void LogRouter::gap() {
  if (decided_ ? line_open_ : !head_.empty() && head_.back() != '\n') {
    if (decided_) {
      pass("\n");
    } else {
      head_ += '\n';
    }
  }
}

void LogRouter::end() {
  if (!decided_) decide(true);
  if (refused_ || !events_) return;
  events_->end();
  name_ = names_.take(target_.event_log);
  sink_(name_, events_->failure_log());
}

}  // namespace jobmedic::collect
