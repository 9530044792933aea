#include "calls.hpp"

#include <limits>
#include <new>

namespace jobmedic::jni {
namespace {

void throw_new(JNIEnv* env, const char* name, const char* message) noexcept {
  const jclass kind = env->FindClass(name);
  if (kind != nullptr) env->ThrowNew(kind, message);
}

}  // namespace

Bytes::Bytes(JNIEnv* env, jbyteArray array) {
  if (array == nullptr) return;
  const jsize size = env->GetArrayLength(array);
  size_ = static_cast<std::size_t>(size);
  data_ = small_;
  if (size_ > kSmall) {
    large_.reset(new char[size_]);
    data_ = large_.get();
  }
  env->GetByteArrayRegion(array, 0, size, reinterpret_cast<jbyte*>(data_));
}

jbyteArray to_java(JNIEnv* env, const char* data, std::size_t size) {
  if (size > static_cast<std::size_t>(std::numeric_limits<jsize>::max())) throw std::bad_alloc();
  const auto length = static_cast<jsize>(size);
  const jbyteArray array = env->NewByteArray(length);
  if (array == nullptr) throw Pending();
  env->SetByteArrayRegion(array, 0, length, reinterpret_cast<const jbyte*>(data));
  return array;
}

void raise(JNIEnv* env, jobmedic_error* error) {
  const std::unique_ptr<jobmedic_error, decltype(&jobmedic_error_free)> owned(error, &jobmedic_error_free);
  const auto text = [&](const char* value) { return to_java(env, value, std::char_traits<char>::length(value)); };
  const jbyteArray message = text(jobmedic_error_message(error));
  const jbyteArray detail = text(jobmedic_error_detail(error));
  const auto exception = static_cast<jthrowable>(env->CallStaticObjectMethod(
      java.exception, java.exception_of, static_cast<jint>(jobmedic_error_status(error)), message, detail));
  if (env->ExceptionCheck() == JNI_FALSE) env->Throw(exception);
  throw Pending();
}

void report(JNIEnv* env) noexcept {
  try {
    throw;
  } catch (const Pending&) {
  } catch (const std::bad_alloc&) {
    throw_new(env, "java/lang/OutOfMemoryError", "jobmedic: no memory for the arguments or the answer of a call");
  } catch (const std::exception& exception) {
    throw_new(env, "java/lang/InternalError", exception.what());
  } catch (...) {
    throw_new(env, "java/lang/InternalError", "jobmedic: an unknown C++ exception");
  }
}

}  // namespace jobmedic::jni
