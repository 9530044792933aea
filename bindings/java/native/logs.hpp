#pragma once
#include <jni.h>

#include <memory>
#include <vector>

#include "calls.hpp"

namespace jobmedic::jni {

/// Logs of one call as the array that C takes. Three Java arrays of one length: names (byte[]), data (byte[], or a
/// direct ByteBuffer of exactly the log, which is not copied) and paths (byte[]); of the last two one is null.
class Logs {
 public:
  Logs(JNIEnv* env, jobjectArray names, jobjectArray data, jobjectArray paths);
  [[nodiscard]] const jobmedic_log* array() const { return logs_.data(); }
  [[nodiscard]] std::size_t count() const { return logs_.size(); }
  [[nodiscard]] static std::size_t stride() { return sizeof(jobmedic_log); }

 private:
  std::vector<jobmedic_log> logs_;
  std::vector<std::unique_ptr<char[]>> copies_;
};

}  // namespace jobmedic::jni
