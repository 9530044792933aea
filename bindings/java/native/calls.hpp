#pragma once
#include <jni.h>

#include <cstddef>
#include <exception>
#include <memory>
#include <utility>

#include "jobmedic.h"
#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#endif

/// Java values into arguments of jobmedic.h; status, error object and buffer back into Java values and exceptions.
/// Text crosses as byte[] of UTF-8: JNI's own strings are in a "modified UTF-8" that breaks emoji and NUL.
namespace jobmedic::jni {

/// What the callbacks and errors need of Java, looked up once when the library is loaded.
struct Java {
  JavaVM* machine;
  jclass byte_array;
  jclass exception;  // io.jobmedic.JobmedicException
  jmethodID exception_of;
  jmethodID listeners_log;
  jmethodID listeners_event;
  jmethodID progress_told;
};
extern Java java;

/// A Java exception is pending: leads to the end of the native method, where Java sees it.
struct Pending {};

/// A byte[] copied, so that no garbage collection waits for a call. `null` is a null pointer of size 0.
class Bytes {
 public:
  Bytes(JNIEnv* env, jbyteArray array);
  [[nodiscard]] const char* data() const { return data_; }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  static constexpr std::size_t kSmall = 2048;
  char* data_ = nullptr;
  std::size_t size_ = 0;
  std::unique_ptr<char[]> large_;
  char small_[kSmall];  // the usual document costs no allocation
};

jbyteArray to_java(JNIEnv* env, const char* data, std::size_t size);

/// Throws the JobmedicException for `error`, and frees it.
[[noreturn]] void raise(JNIEnv* env, jobmedic_error* error);

/// Makes a Java exception of the C++ exception being handled.
void report(JNIEnv* env) noexcept;

/// The body of a native method.
template <typename Body>
auto guard(JNIEnv* env, Body&& body) noexcept -> decltype(body()) {
  try {
    return std::forward<Body>(body)();
  } catch (...) {
    report(env);
    return decltype(body())();
  }
}

/// Calls a function of jobmedic.h that takes `error` last.
template <typename Function, typename... Arguments>
void call(JNIEnv* env, Function function, Arguments... arguments) {
  jobmedic_error* error = nullptr;
  if (function(arguments..., &error) != JOBMEDIC_OK) raise(env, error);
}

/// Calls a function of jobmedic.h that answers with a document.
template <typename Function, typename... Arguments>
jbyteArray answer(JNIEnv* env, Function function, Arguments... arguments) {
  jobmedic_buffer* buffer = nullptr;
  call(env, function, arguments..., &buffer);
  const std::unique_ptr<jobmedic_buffer, decltype(&jobmedic_buffer_free)> owned(buffer, &jobmedic_buffer_free);
  return to_java(env, jobmedic_buffer_data(buffer), jobmedic_buffer_size(buffer));
}

/// Handles cross as numbers; class Handle of Java sees to it that a dead one is never used.
#if defined(__SANITIZE_THREAD__)
/// It does so by Java's atomics, which ThreadSanitizer does not see and so is told of: what a thread does with a handle
/// comes after all that threads which have left it did.
template <typename T>
class Entered {
 public:
  explicit Entered(jlong handle) : handle_(reinterpret_cast<T*>(handle)) { __tsan_acquire(handle_); }
  Entered(const Entered& other) = default;
  Entered& operator=(const Entered&) = delete;
  ~Entered() { __tsan_release(handle_); }
  operator T*() const { return handle_; }  // NOLINT(google-explicit-constructor): it passes for one

 private:
  T* handle_;
};

template <typename T>
Entered<T> pointer(jlong handle) {
  return Entered<T>(handle);
}
#else
template <typename T>
T* pointer(jlong handle) {
  return reinterpret_cast<T*>(handle);
}
#endif

template <typename T>
jlong number(T* handle) {
#if defined(__SANITIZE_THREAD__)
  __tsan_release(handle);
#endif
  return reinterpret_cast<jlong>(handle);
}

/// Calls a function of jobmedic.h that makes a handle.
template <typename T, typename Function, typename... Arguments>
jlong make(JNIEnv* env, Function function, Arguments... arguments) {
  T* made = nullptr;
  call(env, function, arguments..., &made);
  return number(made);
}

}  // namespace jobmedic::jni
