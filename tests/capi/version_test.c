#include "check.h"

TEST(version, "the library says which version and which ABI it is") {
  CHECK(jobmedic_abi_version() == JOBMEDIC_ABI_VERSION);
  int major = -1;
  int minor = -1;
  int patch = -1;
  CHECK(sscanf(jobmedic_version(), "%d.%d.%d", &major, &minor, &patch) == 3);
}

TEST(status_names, "every status has a name, and other numbers are unknown") {
  static const char* names[] = {
      "ok", "invalid_argument", "parse",         "schema",   "rules",    "model", "store", "patch",
      "io", "forked",           "out_of_memory", "internal", "cancelled"};
  for (int32_t status = JOBMEDIC_OK; status <= JOBMEDIC_E_CANCELLED; ++status) {
    CHECK(strcmp(jobmedic_status_name(status), names[status]) == 0);
  }
  CHECK(strcmp(jobmedic_status_name(13), "unknown") == 0);
  CHECK(strcmp(jobmedic_status_name(-1), "unknown") == 0);
}

TEST(null_accessors, "accessors take NULL for nothing, and freeing NULL does nothing") {
  CHECK(jobmedic_error_status(NULL) == JOBMEDIC_OK);
  CHECK(strcmp(jobmedic_error_message(NULL), "") == 0);
  CHECK(strcmp(jobmedic_error_detail(NULL), "{}") == 0);
  CHECK(strcmp(jobmedic_buffer_data(NULL), "") == 0);
  CHECK(jobmedic_buffer_size(NULL) == 0);
  jobmedic_error_free(NULL);
  jobmedic_buffer_free(NULL);
  jobmedic_engine_free(NULL);
  jobmedic_scan_free(NULL);
  jobmedic_optimizer_free(NULL);
}
