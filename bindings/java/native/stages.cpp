// From logs to a verdict, an advice and a configuration.
#include "calls.hpp"
#include "logs.hpp"
#include "methods.hpp"

namespace jobmedic::jni {
namespace {

template <typename Function>
jbyteArray of_logs(JNIEnv* env, Function function, jlong engine, jbyteArray attempt, jobjectArray names,
                   jobjectArray data, jobjectArray paths) {
  return guard(env, [&] {
    const Bytes failed(env, attempt);
    const Logs logs(env, names, data, paths);
    return answer(env, function, pointer<jobmedic_engine>(engine), failed.data(), failed.size(), logs.array(),
                  logs.count(), Logs::stride());
  });
}

template <typename Function>
jbyteArray of_two(JNIEnv* env, Function function, jlong engine, jbyteArray first, jbyteArray second) {
  return guard(env, [&] {
    const Bytes one(env, first);
    const Bytes other(env, second);
    return answer(env, function, pointer<jobmedic_engine>(engine), one.data(), one.size(), other.data(), other.size());
  });
}

template <typename Function>
jbyteArray of_one(JNIEnv* env, Function function, jlong engine, jbyteArray document) {
  return guard(env, [&] {
    const Bytes text(env, document);
    return answer(env, function, pointer<jobmedic_engine>(engine), text.data(), text.size());
  });
}

}  // namespace

jbyteArray classify(JNIEnv* env, jclass, jlong engine, jbyteArray attempt, jobjectArray names, jobjectArray data,
                    jobjectArray paths) {
  return of_logs(env, jobmedic_classify, engine, attempt, names, data, paths);
}

jbyteArray collect(JNIEnv* env, jclass, jlong engine, jbyteArray attempt, jbyteArray collector) {
  return of_two(env, jobmedic_collect, engine, attempt, collector);
}

jbyteArray recommend(JNIEnv* env, jclass, jlong engine, jbyteArray attempt, jbyteArray classification) {
  return of_two(env, jobmedic_recommend, engine, attempt, classification);
}

jbyteArray remediate(JNIEnv* env, jclass, jlong engine, jbyteArray attempt, jobjectArray names, jobjectArray data,
                     jobjectArray paths) {
  return of_logs(env, jobmedic_remediate, engine, attempt, names, data, paths);
}

jbyteArray remediate_classified(JNIEnv* env, jclass, jlong engine, jbyteArray attempt, jbyteArray classification) {
  return of_two(env, jobmedic_remediate_classified, engine, attempt, classification);
}

jbyteArray get_config(JNIEnv* env, jclass, jlong engine, jbyteArray attempt) {
  return of_one(env, jobmedic_get_config, engine, attempt);
}

jbyteArray explain_config(JNIEnv* env, jclass, jlong engine, jbyteArray attempt) {
  return of_one(env, jobmedic_explain_config, engine, attempt);
}

jbyteArray rightsize(JNIEnv* env, jclass, jlong engine, jbyteArray attempt, jboolean apply) {
  return guard(env, [&] {
    const Bytes next(env, attempt);
    return answer(env, jobmedic_rightsize, pointer<jobmedic_engine>(engine), next.data(), next.size(),
                  static_cast<int32_t>(apply));
  });
}

jbyteArray put_patch(JNIEnv* env, jclass, jlong engine, jbyteArray patch, jbyteArray author) {
  return of_two(env, jobmedic_put_patch, engine, patch, author);
}

jbyteArray changes(JNIEnv* env, jclass, jlong engine, jbyteArray options) {
  return of_one(env, jobmedic_changes, engine, options);
}

jbyteArray stop_automation(JNIEnv* env, jclass, jlong engine, jboolean stop, jbyteArray author) {
  return guard(env, [&] {
    const Bytes who(env, author);
    return answer(env, jobmedic_stop_automation, pointer<jobmedic_engine>(engine), static_cast<int32_t>(stop),
                  who.data(), who.size());
  });
}

jbyteArray record_outcome(JNIEnv* env, jclass, jlong engine, jbyteArray attempt, jbyteArray options) {
  return of_two(env, jobmedic_record_outcome, engine, attempt, options);
}

jbyteArray import_history(JNIEnv* env, jclass, jlong engine, jbyteArray json_lines) {
  return of_one(env, jobmedic_import_history, engine, json_lines);
}

void record(JNIEnv* env, jclass, jlong engine, jbyteArray attempt) {
  guard(env, [&] {
    const Bytes text(env, attempt);
    call(env, jobmedic_record, pointer<jobmedic_engine>(engine), text.data(), text.size());
  });
}

}  // namespace jobmedic::jni
