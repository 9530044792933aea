#include "jobmedic/error.hpp"

#include <memory>
#include <new>
#include <stdexcept>
#include <string>

#include "guard.hpp"
#include "jobmedic/secrets.hpp"

struct jobmedic_error {
  jobmedic_status status = JOBMEDIC_OK;
  std::string message;
  std::string detail;
};

namespace jobmedic::capi {
namespace {

/// What is handed out where there is no memory for an error object. Its texts are short enough to need none.
jobmedic_error& out_of_memory() noexcept {
  static jobmedic_error error{JOBMEDIC_E_OUT_OF_MEMORY, "out of memory", "{}"};
  return error;
}

jobmedic_status tell(jobmedic_error** out, Status status, const char* message, const char* detail) noexcept {
  if (out == nullptr) return static_cast<jobmedic_status>(status);
  try {
    *out = std::make_unique<jobmedic_error>(jobmedic_error{static_cast<jobmedic_status>(status), message, detail})
               .release();
  } catch (const std::bad_alloc&) {
    *out = &out_of_memory();
  }
  return (*out)->status;
}

}  // namespace

jobmedic_status report(jobmedic_error** error) noexcept {
  try {
    throw;
  } catch (const Error& e) {
    return tell(error, e.status(), mask_secrets(e.what()).c_str(), e.detail().c_str());
  } catch (const std::bad_alloc&) {
    return tell(error, Status::out_of_memory, "out of memory", "{}");
  } catch (const std::length_error&) {  // a size no container can have
    return tell(error, Status::out_of_memory, "out of memory", "{}");
  } catch (const std::exception& e) {
    return tell(error, Status::internal, e.what(), "{}");
  } catch (...) {
    return tell(error, Status::internal, "an unknown exception", "{}");
  }
}

}  // namespace jobmedic::capi

const char* jobmedic_status_name(jobmedic_status status) {
  return jobmedic::status_name(static_cast<jobmedic::Status>(status)).data();  // a literal, so NUL-terminated
}

jobmedic_status jobmedic_error_status(const jobmedic_error* error) {
  return error == nullptr ? JOBMEDIC_OK : error->status;
}

const char* jobmedic_error_message(const jobmedic_error* error) {
  return error == nullptr ? "" : error->message.c_str();
}

const char* jobmedic_error_detail(const jobmedic_error* error) {
  return error == nullptr ? "{}" : error->detail.c_str();
}

void jobmedic_error_free(jobmedic_error* error) {
  if (error == &jobmedic::capi::out_of_memory()) return;
  const std::unique_ptr<jobmedic_error> owned(error);
}
