// A log while it is being written.
#include <algorithm>
#include <memory>

#include "calls.hpp"
#include "methods.hpp"

namespace jobmedic::jni {
namespace {

/// Fed piece by piece through a buffer of this size: a scan does not mind where bytes are split.
constexpr jint kPiece = 64 * 1024;

void feed(JNIEnv* env, jobmedic_scan* scan, const Bytes& name, jbyteArray data, jint offset, jint size) {
  const std::unique_ptr<char[]> piece(new char[static_cast<std::size_t>(std::min(size, kPiece)) + 1]);
  do {
    const jint length = std::min(size, kPiece);
    env->GetByteArrayRegion(data, offset, length, reinterpret_cast<jbyte*>(piece.get()));
    if (env->ExceptionCheck() == JNI_TRUE) throw Pending();
    call(env, jobmedic_scan_feed, scan, name.data(), name.size(), static_cast<const char*>(piece.get()),
         static_cast<std::size_t>(length));
    offset += length;
    size -= length;
  } while (size > 0);
}

}  // namespace

jlong scan_create(JNIEnv* env, jclass, jlong engine, jbyteArray attempt) {
  return guard(env, [&] {
    const Bytes failed(env, attempt);
    return make<jobmedic_scan>(env, jobmedic_scan_create, pointer<jobmedic_engine>(engine), failed.data(),
                               failed.size());
  });
}

void scan_feed(JNIEnv* env, jclass, jlong scan, jbyteArray name, jobject data, jint offset, jint size) {
  guard(env, [&] {
    const Bytes log(env, name);
    const auto to = pointer<jobmedic_scan>(scan);
    if (env->IsInstanceOf(data, java.byte_array) == JNI_TRUE) {
      feed(env, to, log, static_cast<jbyteArray>(data), offset, size);
      return;
    }
    const auto* address = static_cast<const char*>(env->GetDirectBufferAddress(data));
    call(env, jobmedic_scan_feed, to, log.data(), log.size(), address != nullptr ? address + offset : nullptr,
         static_cast<std::size_t>(size));
  });
}

jbyteArray scan_result(JNIEnv* env, jclass, jlong scan) {
  return guard(env, [&] { return answer(env, jobmedic_scan_result, pointer<jobmedic_scan>(scan)); });
}

void scan_free(JNIEnv*, jclass, jlong scan) {
  jobmedic_scan_free(pointer<jobmedic_scan>(scan));
}

}  // namespace jobmedic::jni
