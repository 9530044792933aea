#pragma once
#include <pthread.h>

#include <memory>
#include <string>
#include <utility>

#include "arguments.hpp"
#include "buffer.hpp"
#include "jobmedic.h"

/// Nothing but a status and an error object leaves a function of jobmedic.h.
namespace jobmedic::capi {

/// The exception being handled as a status and, where `error` is not null, an object.
jobmedic_status report(jobmedic_error** error) noexcept;

/// A cancelled thread unwinds by an exception that may not be caught, so no call of ours is a cancellation point.
class Uncancellable {
 public:
  Uncancellable() noexcept { pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before_); }
  Uncancellable(const Uncancellable&) = delete;
  Uncancellable& operator=(const Uncancellable&) = delete;
  ~Uncancellable() { pthread_setcancelstate(before_, nullptr); }

 private:
  int before_ = 0;
};

/// Runs `body`, which returns nothing.
template <typename Body>
jobmedic_status guard(jobmedic_error** error, Body&& body) noexcept {
  const Uncancellable here;
  try {
    std::forward<Body>(body)();
    return JOBMEDIC_OK;
  } catch (...) {
    return report(error);
  }
}

/// Runs `body`, which returns a unique_ptr for *out; null on failure, whatever the failure.
template <typename T, typename Body>
jobmedic_status make(T** out, jobmedic_error** error, Body&& body) noexcept {
  if (out == nullptr) return guard(error, [&] { require("out", out); });
  *out = nullptr;
  return guard(error, [&] { *out = std::forward<Body>(body)().release(); });
}

/// Runs `body`, which returns the text of a document.
template <typename Body>
jobmedic_status answer(jobmedic_buffer** out, jobmedic_error** error, Body&& body) noexcept {
  return make(out, error,
              [&] { return std::make_unique<jobmedic_buffer>(jobmedic_buffer{std::forward<Body>(body)()}); });
}

}  // namespace jobmedic::capi
