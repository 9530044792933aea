// An engine, and who is told what it does.
#include "calls.hpp"
#include "methods.hpp"

namespace jobmedic::jni {
namespace {

// The thread is one that called the engine, so Java knows it.
JNIEnv* environment() {
  void* env = nullptr;
  return java.machine->GetEnv(&env, JNI_VERSION_9) == JNI_OK ? static_cast<JNIEnv*>(env) : nullptr;
}

void tell(jmethodID method, int32_t level, const char* text, size_t size, void* weak) noexcept {
  JNIEnv* env = environment();
  if (env == nullptr || env->ExceptionCheck() == JNI_TRUE) return;
  const jobject listeners = env->NewLocalRef(static_cast<jobject>(weak));
  if (listeners == nullptr) return;  // the engine is garbage already
  guard(env, [&] {
    const jbyteArray message = to_java(env, text, size);
    env->CallVoidMethod(listeners, method, static_cast<jint>(level), message);
    env->DeleteLocalRef(message);
  });
  if (env->ExceptionCheck() == JNI_TRUE) env->ExceptionClear();  // Listeners catches all but the lack of memory
  env->DeleteLocalRef(listeners);
}

void tell_log(int32_t level, const char* message, size_t size, void* weak) {
  tell(java.listeners_log, level, message, size, weak);
}

void tell_event(int32_t level, const char* event, size_t size, void* weak) {
  tell(java.listeners_event, level, event, size, weak);
}

}  // namespace

jlong engine_create(JNIEnv* env, jclass, jbyteArray config) {
  return guard(env, [&] {
    const Bytes text(env, config);
    return make<jobmedic_engine>(env, jobmedic_engine_create, text.data(), text.size());
  });
}

void engine_free(JNIEnv*, jclass, jlong engine) {
  jobmedic_engine_free(pointer<jobmedic_engine>(engine));
}

jbyteArray engine_warm_up(JNIEnv* env, jclass, jlong engine) {
  return guard(env, [&] { return answer(env, jobmedic_engine_warm_up, pointer<jobmedic_engine>(engine)); });
}

void engine_reload(JNIEnv* env, jclass, jlong engine) {
  guard(env, [&] { call(env, jobmedic_engine_reload, pointer<jobmedic_engine>(engine)); });
}

jbyteArray engine_info(JNIEnv* env, jclass, jlong engine) {
  return guard(env, [&] { return answer(env, jobmedic_engine_info, pointer<jobmedic_engine>(engine)); });
}

jbyteArray metrics(JNIEnv* env, jclass, jlong engine) {
  return guard(env, [&] { return answer(env, jobmedic_metrics, pointer<jobmedic_engine>(engine)); });
}

jlong listeners_create(JNIEnv* env, jclass, jobject listeners) {
  return number(env->NewWeakGlobalRef(listeners));
}

void listeners_free(JNIEnv* env, jclass, jlong listeners) {
  env->DeleteWeakGlobalRef(reinterpret_cast<jweak>(listeners));
}

void engine_set_log(JNIEnv* env, jclass, jlong engine, jlong listeners) {
  guard(env, [&] {
    call(env, jobmedic_engine_set_log, pointer<jobmedic_engine>(engine), listeners != 0 ? &tell_log : nullptr,
         reinterpret_cast<void*>(listeners));
  });
}

void engine_set_events(JNIEnv* env, jclass, jlong engine, jint level, jlong listeners) {
  guard(env, [&] {
    call(env, jobmedic_engine_set_events, pointer<jobmedic_engine>(engine), level,
         listeners != 0 ? &tell_event : nullptr, reinterpret_cast<void*>(listeners));
  });
}

}  // namespace jobmedic::jni
