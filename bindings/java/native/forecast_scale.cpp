// Features and curation of many sessions and devices: arrays cross whole.
#include <algorithm>
#include <vector>

#include "calls.hpp"
#include "methods.hpp"

namespace jobmedic::jni {

jbyteArray forecast_columns(JNIEnv* env, jclass) {
  return guard(env, [&] { return answer(env, jobmedic_forecast_columns); });
}

void forecast_features(JNIEnv* env, jclass, jlong forecaster, jbyteArray place, jdoubleArray readings, jfloatArray rows,
                       jbyteArray accepted) {
  guard(env, [&] {
    const Bytes where(env, place);
    const jsize count = env->GetArrayLength(accepted);
    const jsize width = env->GetArrayLength(rows) / std::max(count, 1);
    std::vector<jdouble> given(static_cast<std::size_t>(env->GetArrayLength(readings)));
    env->GetDoubleArrayRegion(readings, 0, static_cast<jsize>(given.size()), given.data());
    std::vector<jfloat> features(static_cast<std::size_t>(count) * static_cast<std::size_t>(width));
    std::vector<jbyte> taken(static_cast<std::size_t>(count));
    if (count == 0) return;
    call(env, jobmedic_forecast_features, pointer<jobmedic_forecaster>(forecaster), where.data(), where.size(),
         reinterpret_cast<const jobmedic_reading*>(given.data()), given.size() * sizeof(jdouble) / taken.size(),
         taken.size(), features.data(), static_cast<std::size_t>(width), reinterpret_cast<std::uint8_t*>(taken.data()));
    env->SetFloatArrayRegion(rows, 0, static_cast<jsize>(features.size()), features.data());
    env->SetByteArrayRegion(accepted, 0, count, taken.data());
  });
}

jbyteArray forecast_device(JNIEnv* env, jclass, jbyteArray device) {
  return guard(env, [&] {
    const Bytes given(env, device);
    return answer(env, jobmedic_forecast_device, given.data(), given.size());
  });
}

jbyteArray forecast_curate(JNIEnv* env, jclass, jbyteArray raw, jbyteArray options) {
  return guard(env, [&] {
    const Bytes lake(env, raw), how(env, options);
    return answer(env, jobmedic_forecast_curate, lake.data(), lake.size(), how.data(), how.size());
  });
}

jbyteArray forecast_merge(JNIEnv* env, jclass, jbyteArray parts, jbyteArray options) {
  return guard(env, [&] {
    const Bytes given(env, parts), how(env, options);
    return answer(env, jobmedic_forecast_merge, given.data(), given.size(), how.data(), how.size());
  });
}

}  // namespace jobmedic::jni
