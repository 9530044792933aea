// What needs no engine: the version, JSON Patch, the optimizer.
#include "calls.hpp"
#include "methods.hpp"

namespace jobmedic::jni {

jint abi_version(JNIEnv*, jclass) {
  return static_cast<jint>(jobmedic_abi_version());
}

jstring version(JNIEnv* env, jclass) {
  return env->NewStringUTF(jobmedic_version());
}  // ASCII, as the next

jstring status_name(JNIEnv* env, jclass, jint status) {
  return env->NewStringUTF(jobmedic_status_name(status));
}

jbyteArray apply_patch(JNIEnv* env, jclass, jbyteArray document, jbyteArray patch) {
  return guard(env, [&] {
    const Bytes to(env, document);
    const Bytes operations(env, patch);
    return answer(env, jobmedic_apply_patch, to.data(), to.size(), operations.data(), operations.size());
  });
}

jbyteArray diff(JNIEnv* env, jclass, jbyteArray from, jbyteArray to) {
  return guard(env, [&] {
    const Bytes before(env, from);
    const Bytes after(env, to);
    return answer(env, jobmedic_diff, before.data(), before.size(), after.data(), after.size());
  });
}

jlong optimizer_create(JNIEnv* env, jclass, jbyteArray space, jbyteArray options) {
  return guard(env, [&] {
    const Bytes over(env, space);
    const Bytes how(env, options);
    return make<jobmedic_optimizer>(env, jobmedic_optimizer_create, over.data(), over.size(), how.data(), how.size());
  });
}

jbyteArray optimizer_ask(JNIEnv* env, jclass, jlong optimizer) {
  return guard(env, [&] { return answer(env, jobmedic_optimizer_ask, pointer<jobmedic_optimizer>(optimizer)); });
}

void optimizer_tell(JNIEnv* env, jclass, jlong optimizer, jlong trial, jdouble value) {
  guard(env, [&] { call(env, jobmedic_optimizer_tell, pointer<jobmedic_optimizer>(optimizer), trial, value); });
}

jbyteArray optimizer_best(JNIEnv* env, jclass, jlong optimizer) {
  return guard(env, [&] { return answer(env, jobmedic_optimizer_best, pointer<jobmedic_optimizer>(optimizer)); });
}

void optimizer_free(JNIEnv*, jclass, jlong optimizer) {
  jobmedic_optimizer_free(pointer<jobmedic_optimizer>(optimizer));
}

}  // namespace jobmedic::jni
