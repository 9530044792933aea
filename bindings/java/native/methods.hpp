#pragma once
#include <jni.h>

/// The native methods of io.jobmedic.Native, a function of jobmedic.h each; byte[] is UTF-8 or a log, long is a handle.
namespace jobmedic::jni {

jint abi_version(JNIEnv* env, jclass);
jstring version(JNIEnv* env, jclass);
jstring status_name(JNIEnv* env, jclass, jint status);

jbyteArray apply_patch(JNIEnv* env, jclass, jbyteArray document, jbyteArray patch);
jbyteArray diff(JNIEnv* env, jclass, jbyteArray from, jbyteArray to);

jlong engine_create(JNIEnv* env, jclass, jbyteArray config);
void engine_free(JNIEnv* env, jclass, jlong engine);
jbyteArray engine_warm_up(JNIEnv* env, jclass, jlong engine);
void engine_reload(JNIEnv* env, jclass, jlong engine);
jbyteArray engine_info(JNIEnv* env, jclass, jlong engine);
jbyteArray metrics(JNIEnv* env, jclass, jlong engine);

/// A weak reference to an io.jobmedic.Listeners, the user_data of its engine's callbacks: it must not keep alive what
/// in turn keeps the engine alive.
jlong listeners_create(JNIEnv* env, jclass, jobject listeners);
void listeners_free(JNIEnv* env, jclass, jlong listeners);
void engine_set_log(JNIEnv* env, jclass, jlong engine, jlong listeners);  // 0: nobody is told
void engine_set_events(JNIEnv* env, jclass, jlong engine, jint level, jlong listeners);

/// Logs: see logs.hpp.
jbyteArray classify(JNIEnv* env, jclass, jlong engine, jbyteArray attempt, jobjectArray names, jobjectArray data,
                    jobjectArray paths);
jbyteArray collect(JNIEnv* env, jclass, jlong engine, jbyteArray attempt, jbyteArray collector);
jbyteArray recommend(JNIEnv* env, jclass, jlong engine, jbyteArray attempt, jbyteArray classification);
jbyteArray remediate(JNIEnv* env, jclass, jlong engine, jbyteArray attempt, jobjectArray names, jobjectArray data,
                     jobjectArray paths);
jbyteArray remediate_classified(JNIEnv* env, jclass, jlong engine, jbyteArray attempt, jbyteArray classification);
jbyteArray get_config(JNIEnv* env, jclass, jlong engine, jbyteArray attempt);
jbyteArray explain_config(JNIEnv* env, jclass, jlong engine, jbyteArray attempt);

jbyteArray rightsize(JNIEnv* env, jclass, jlong engine, jbyteArray attempt, jboolean apply);

jbyteArray put_patch(JNIEnv* env, jclass, jlong engine, jbyteArray patch, jbyteArray author);
jbyteArray changes(JNIEnv* env, jclass, jlong engine, jbyteArray options);
jbyteArray stop_automation(JNIEnv* env, jclass, jlong engine, jboolean stop, jbyteArray author);

jlong scan_create(JNIEnv* env, jclass, jlong engine, jbyteArray attempt);
/// `data`: byte[], of which `size` bytes at `offset` count, or a direct ByteBuffer, likewise.
void scan_feed(JNIEnv* env, jclass, jlong scan, jbyteArray name, jobject data, jint offset, jint size);
jbyteArray scan_result(JNIEnv* env, jclass, jlong scan);
void scan_free(JNIEnv* env, jclass, jlong scan);

void record(JNIEnv* env, jclass, jlong engine, jbyteArray attempt);
jbyteArray record_outcome(JNIEnv* env, jclass, jlong engine, jbyteArray attempt, jbyteArray options);
jbyteArray import_history(JNIEnv* env, jclass, jlong engine, jbyteArray json_lines);
/// `progress`: an io.jobmedic.Progress or null. Its exception cancels the training and is thrown from here.
jbyteArray train(JNIEnv* env, jclass, jlong engine, jbyteArray options, jobject progress);

jlong optimizer_create(JNIEnv* env, jclass, jbyteArray space, jbyteArray options);
jbyteArray optimizer_ask(JNIEnv* env, jclass, jlong optimizer);
void optimizer_tell(JNIEnv* env, jclass, jlong optimizer, jlong trial, jdouble value);
jbyteArray optimizer_best(JNIEnv* env, jclass, jlong optimizer);
void optimizer_free(JNIEnv* env, jclass, jlong optimizer);

jlong forecaster_create(JNIEnv* env, jclass, jbyteArray model);
jlong forecaster_open(JNIEnv* env, jclass, jbyteArray store);
void forecaster_free(JNIEnv* env, jclass, jlong forecaster);
/// A session is a byte[] of jobmedic_session, which Java owns: a new one here, changed in place by each update.
jbyteArray forecast_begin(JNIEnv* env, jclass, jlong forecaster, jbyteArray place);
/// `reading`: the members of jobmedic_reading. `forecast` is filled: level, alert, accepted, probability, seconds.
void forecast_update(JNIEnv* env, jclass, jlong forecaster, jbyteArray session, jdoubleArray reading,
                     jdoubleArray forecast);
jbyteArray forecast_reasons(JNIEnv* env, jclass, jlong forecaster, jbyteArray session);
jbyteArray forecast_columns(JNIEnv* env, jclass);
/// `readings`: rows of members. `rows`: as many of features. `accepted`: a byte each.
void forecast_features(JNIEnv* env, jclass, jlong forecaster, jbyteArray place, jdoubleArray readings, jfloatArray rows,
                       jbyteArray accepted);
jbyteArray forecast_device(JNIEnv* env, jclass, jbyteArray device);
jbyteArray forecast_curate(JNIEnv* env, jclass, jbyteArray raw, jbyteArray options);
jbyteArray forecast_merge(JNIEnv* env, jclass, jbyteArray parts, jbyteArray options);

}  // namespace jobmedic::jni
