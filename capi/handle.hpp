#pragma once
#include <unistd.h>

#include <memory>

/// What the objects behind the C handles have in common.
namespace jobmedic::capi {

/// Remembers the process a handle was made in. After fork(), locks and connections inside are in an unknown state.
class Handle {
 public:
  [[nodiscard]] bool forked() const noexcept { return ::getpid() != owner_; }

 private:
  pid_t owner_ = ::getpid();
};

/// The end of a handle. In a child it is left as it is: closing its database would disturb the parent's.
template <typename T>
void destroy(T* handle) noexcept {
  std::unique_ptr<T> owned(handle);
  if (owned && owned->forked()) static_cast<void>(owned.release());
}

}  // namespace jobmedic::capi
