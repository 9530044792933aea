// A forecast for each reading of a session: three arrays cross, and nothing is allocated.
#include <array>
#include <bit>

#include "calls.hpp"
#include "methods.hpp"

namespace jobmedic::jni {
namespace {

using Members = std::array<jdouble, sizeof(jobmedic_reading) / sizeof(jdouble)>;

void check(JNIEnv* env) {
  if (env->ExceptionCheck() == JNI_TRUE) throw Pending();
}

jobmedic_session session_of(JNIEnv* env, jbyteArray bytes) {
  jobmedic_session session;
  env->GetByteArrayRegion(bytes, 0, sizeof session, reinterpret_cast<jbyte*>(&session));
  check(env);  // fewer bytes
  return session;
}

jobmedic_reading reading_of(JNIEnv* env, jdoubleArray given) {
  Members members;
  env->GetDoubleArrayRegion(given, 0, static_cast<jsize>(members.size()), members.data());
  check(env);
  return std::bit_cast<jobmedic_reading>(members);
}

}  // namespace

jlong forecaster_create(JNIEnv* env, jclass, jbyteArray model) {
  return guard(env, [&] {
    const Bytes path(env, model);
    return make<jobmedic_forecaster>(env, jobmedic_forecaster_create, path.data(), path.size());
  });
}

jlong forecaster_open(JNIEnv* env, jclass, jbyteArray store) {
  return guard(env, [&] {
    const Bytes url(env, store);
    return make<jobmedic_forecaster>(env, jobmedic_forecaster_open, url.data(), url.size());
  });
}

void forecaster_free(JNIEnv*, jclass, jlong forecaster) {
  jobmedic_forecaster_free(pointer<jobmedic_forecaster>(forecaster));
}

jbyteArray forecast_begin(JNIEnv* env, jclass, jlong forecaster, jbyteArray place) {
  return guard(env, [&] {
    const Bytes where(env, place);
    jobmedic_session session;
    call(env, jobmedic_forecast_begin, pointer<jobmedic_forecaster>(forecaster), where.data(), where.size(), &session);
    return to_java(env, reinterpret_cast<const char*>(&session), sizeof session);
  });
}

void forecast_update(JNIEnv* env, jclass, jlong forecaster, jbyteArray session, jdoubleArray reading,
                     jdoubleArray forecast) {
  guard(env, [&] {
    jobmedic_session state = session_of(env, session);
    const jobmedic_reading given = reading_of(env, reading);
    jobmedic_forecast said;
    // No callback: class Session tells its listener, whose exceptions then need not cross C.
    call(env, jobmedic_forecast_update, pointer<jobmedic_forecaster>(forecaster), &state, &given, sizeof given, &said,
         nullptr, nullptr);
    const std::array<jdouble, 5> answer = {static_cast<jdouble>(said.level), static_cast<jdouble>(said.alert),
                                           static_cast<jdouble>(said.accepted), said.probability, said.seconds};
    env->SetDoubleArrayRegion(forecast, 0, static_cast<jsize>(answer.size()), answer.data());
    check(env);
    env->SetByteArrayRegion(session, 0, sizeof state, reinterpret_cast<const jbyte*>(&state));
  });
}

jbyteArray forecast_reasons(JNIEnv* env, jclass, jlong forecaster, jbyteArray session) {
  return guard(env, [&] {
    const jobmedic_session state = session_of(env, session);
    return answer(env, jobmedic_forecast_reasons, pointer<jobmedic_forecaster>(forecaster), &state);
  });
}

}  // namespace jobmedic::jni
