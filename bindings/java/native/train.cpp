// Training, which a listener may follow and cancel.
#include "calls.hpp"
#include "methods.hpp"

namespace jobmedic::jni {
namespace {

struct Follower {
  JNIEnv* env;  // of the training's own thread, on which it is told
  jobject progress;
  jthrowable thrown = nullptr;
};

int32_t told(double done, const char* what, size_t size, void* user_data) {
  auto& follower = *static_cast<Follower*>(user_data);
  JNIEnv* env = follower.env;
  const bool go_on = guard(env, [&] {
    const jbyteArray text = to_java(env, what, size);
    const jboolean wanted = env->CallBooleanMethod(follower.progress, java.progress_told, done, text);
    if (env->ExceptionCheck() == JNI_TRUE) throw Pending();
    env->DeleteLocalRef(text);
    return wanted == JNI_TRUE;
  });
  follower.thrown = env->ExceptionOccurred();
  if (follower.thrown == nullptr) return go_on ? 0 : 1;
  env->ExceptionClear();
  return 1;
}

}  // namespace

jbyteArray train(JNIEnv* env, jclass, jlong engine, jbyteArray options, jobject progress) {
  return guard(env, [&] {
    const Bytes how(env, options);
    Follower follower{env, progress};
    const jbyteArray report = guard(env, [&] {
      return answer(env, jobmedic_train, pointer<jobmedic_engine>(engine), how.data(), how.size(),
                    progress != nullptr ? &told : nullptr, static_cast<void*>(&follower));
    });
    if (follower.thrown == nullptr) return report;
    env->ExceptionClear();  // "cancelled" says less than what cancelled it
    env->Throw(follower.thrown);
    throw Pending();
  });
}

}  // namespace jobmedic::jni
