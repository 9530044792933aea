// What Java is told about this library when it loads it. A method whose types differ between Native.java and
// methods.hpp is refused there and then: the descriptors are made of the functions' own types.
#include <array>
#include <string>
#include <vector>

#include "calls.hpp"
#include "methods.hpp"

namespace jobmedic::jni {

Java java{};

namespace {

template <typename T>
constexpr const char* descriptor = nullptr;
template <>
constexpr const char* descriptor<void> = "V";
template <>
constexpr const char* descriptor<jboolean> = "Z";
template <>
constexpr const char* descriptor<jint> = "I";
template <>
constexpr const char* descriptor<jlong> = "J";
template <>
constexpr const char* descriptor<jdouble> = "D";
template <>
constexpr const char* descriptor<jstring> = "Ljava/lang/String;";
template <>
constexpr const char* descriptor<jobject> = "Ljava/lang/Object;";
template <>
constexpr const char* descriptor<jbyteArray> = "[B";
template <>
constexpr const char* descriptor<jdoubleArray> = "[D";
template <>
constexpr const char* descriptor<jfloatArray> = "[F";
template <>
constexpr const char* descriptor<jobjectArray> = "[Ljava/lang/Object;";

struct Method {
  std::string name;
  std::string types;
  void* function;
};

template <typename Result, typename... Arguments>
Method method(const char* name, Result (*function)(JNIEnv*, jclass, Arguments...)) {
  return {name, "(" + (std::string() + ... + descriptor<Arguments>)+")" + descriptor<Result>,
          reinterpret_cast<void*>(function)};
}

std::vector<Method> methods() {
  return {
      method("abiVersion", abi_version),
      method("version", version),
      method("statusName", status_name),
      method("applyPatch", apply_patch),
      method("diff", diff),
      method("engineCreate", engine_create),
      method("engineFree", engine_free),
      method("engineWarmUp", engine_warm_up),
      method("engineReload", engine_reload),
      method("engineInfo", engine_info),
      method("metrics", metrics),
      method("listenersCreate", listeners_create),
      method("listenersFree", listeners_free),
      method("engineSetLog", engine_set_log),
      method("engineSetEvents", engine_set_events),
      method("classify", classify),
      method("collect", collect),
      method("recommend", recommend),
      method("remediate", remediate),
      method("remediateClassified", remediate_classified),
      method("getConfig", get_config),
      method("explainConfig", explain_config),
      method("rightsize", rightsize),
      method("putPatch", put_patch),
      method("changes", changes),
      method("stopAutomation", stop_automation),
      method("scanCreate", scan_create),
      method("scanFeed", scan_feed),
      method("scanResult", scan_result),
      method("scanFree", scan_free),
      method("record", record),
      method("recordOutcome", record_outcome),
      method("importHistory", import_history),
      method("train", train),
      method("optimizerCreate", optimizer_create),
      method("optimizerAsk", optimizer_ask),
      method("optimizerTell", optimizer_tell),
      method("optimizerBest", optimizer_best),
      method("optimizerFree", optimizer_free),
      method("forecasterCreate", forecaster_create),
      method("forecasterOpen", forecaster_open),
      method("forecasterFree", forecaster_free),
      method("forecastBegin", forecast_begin),
      method("forecastUpdate", forecast_update),
      method("forecastReasons", forecast_reasons),
      method("forecastColumns", forecast_columns),
      method("forecastFeatures", forecast_features),
      method("forecastDevice", forecast_device),
      method("forecastCurate", forecast_curate),
      method("forecastMerge", forecast_merge),
  };
}

jclass kept(JNIEnv* env, const char* name) {
  const jclass found = env->FindClass(name);
  if (found == nullptr) throw Pending();
  return static_cast<jclass>(env->NewGlobalRef(found));
}

jmethodID instance_method(JNIEnv* env, const char* of, const char* name, const char* types) {
  const jclass kind = env->FindClass(of);
  if (kind == nullptr) throw Pending();
  const jmethodID found = env->GetMethodID(kind, name, types);
  if (found == nullptr) throw Pending();
  return found;
}

void look_up(JavaVM* machine, JNIEnv* env) {
  java.machine = machine;
  java.byte_array = kept(env, "[B");
  java.exception = kept(env, "io/jobmedic/JobmedicException");
  java.exception_of = env->GetStaticMethodID(java.exception, "of", "(I[B[B)Lio/jobmedic/JobmedicException;");
  if (java.exception_of == nullptr) throw Pending();
  java.listeners_log = instance_method(env, "io/jobmedic/Listeners", "log", "(I[B)V");
  java.listeners_event = instance_method(env, "io/jobmedic/Listeners", "event", "(I[B)V");
  java.progress_told = instance_method(env, "io/jobmedic/Follower", "told", "(D[B)Z");
}

void register_methods(JNIEnv* env) {
  std::vector<Method> all = methods();
  std::vector<JNINativeMethod> table;
  for (Method& each : all) table.push_back({each.name.data(), each.types.data(), each.function});
  const jclass native = env->FindClass("io/jobmedic/Native");
  if (native == nullptr) throw Pending();
  if (env->RegisterNatives(native, table.data(), static_cast<jint>(table.size())) != JNI_OK) throw Pending();
}

}  // namespace
}  // namespace jobmedic::jni

extern "C" JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM* machine, void*) {
  using namespace jobmedic::jni;
  void* found = nullptr;
  if (machine->GetEnv(&found, JNI_VERSION_9) != JNI_OK) return JNI_ERR;
  auto* env = static_cast<JNIEnv*>(found);
  return guard(env, [&] {
    look_up(machine, env);
    register_methods(env);
    return jint{JNI_VERSION_9};
  });
}
