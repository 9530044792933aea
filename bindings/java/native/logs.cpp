#include "logs.hpp"

#include <utility>

namespace jobmedic::jni {
namespace {

using Span = std::pair<const char*, std::size_t>;

/// An element of an array, given back at once: a job may have more logs than a native method has local references.
class Element {
 public:
  Element(JNIEnv* env, jobjectArray array, jsize index)
      : env_(env), object_(env->GetObjectArrayElement(array, index)) {}
  Element(const Element&) = delete;
  Element& operator=(const Element&) = delete;
  ~Element() { env_->DeleteLocalRef(object_); }
  [[nodiscard]] jobject get() const { return object_; }

 private:
  JNIEnv* env_;
  jobject object_;
};

Span buffer(JNIEnv* env, jobject object) {
  const auto* address = static_cast<const char*>(env->GetDirectBufferAddress(object));
  return {address != nullptr ? address : "", static_cast<std::size_t>(env->GetDirectBufferCapacity(object))};
}

}  // namespace

Logs::Logs(JNIEnv* env, jobjectArray names, jobjectArray data, jobjectArray paths) {
  const jsize count = env->GetArrayLength(names);
  logs_.reserve(static_cast<std::size_t>(count));
  const auto bytes = [&](jobjectArray array, jsize index) -> Span {
    const Element element(env, array, index);
    if (element.get() == nullptr) return {nullptr, 0};
    if (env->IsInstanceOf(element.get(), java.byte_array) == JNI_FALSE) return buffer(env, element.get());
    const auto copied = static_cast<jbyteArray>(element.get());
    const jsize size = env->GetArrayLength(copied);
    auto& copy = copies_.emplace_back(new char[static_cast<std::size_t>(size) + 1]);
    env->GetByteArrayRegion(copied, 0, size, reinterpret_cast<jbyte*>(copy.get()));
    return {copy.get(), static_cast<std::size_t>(size)};
  };
  for (jsize i = 0; i < count; ++i) {
    const auto [name, name_size] = bytes(names, i);
    const auto [content, size] = bytes(data, i);
    const auto [path, path_size] = bytes(paths, i);
    logs_.push_back({name, name_size, content, size, path, path_size});
  }
}

}  // namespace jobmedic::jni
