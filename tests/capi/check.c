#include "check.h"

#include <ftw.h>
#include <unistd.h>

enum { max_tests = 200 };
static struct {
  const char* sentence;
  test_function function;
} tests[max_tests];
static int test_count = 0;
static int failed_checks = 0;
static char folder[] = "/tmp/jobmedic-capi-XXXXXX";

void add_test(const char* sentence, test_function function) {
  if (test_count == max_tests) abort();
  tests[test_count].sentence = sentence;
  tests[test_count++].function = function;
}

void check(bool condition, const char* what, const char* file, int line) {
  if (condition) return;
  ++failed_checks;
  fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
}

void check_failure(jobmedic_status got, jobmedic_error** error, jobmedic_status wanted, const char* message,
                   const char* detail, const char* file, int line) {
  const bool right = got == wanted && *error != NULL && jobmedic_error_status(*error) == wanted &&
                     strstr(jobmedic_error_message(*error), message) != NULL &&
                     (detail == NULL || strstr(jobmedic_error_detail(*error), detail) != NULL);
  if (!right) {
    ++failed_checks;
    fprintf(stderr, "%s:%d: expected %s, \"%s\", %s\n  got %s, \"%s\", %s\n", file, line, jobmedic_status_name(wanted),
            message, detail == NULL ? "any detail" : detail, jobmedic_status_name(got), jobmedic_error_message(*error),
            jobmedic_error_detail(*error));
  }
  jobmedic_error_free(*error);
  *error = NULL;
}

void check_ok(jobmedic_status got, jobmedic_error** error, const char* file, int line) {
  if (got == JOBMEDIC_OK && *error == NULL) return;
  ++failed_checks;
  fprintf(stderr, "%s:%d: failed: %s, \"%s\"\n", file, line, jobmedic_status_name(got), jobmedic_error_message(*error));
  jobmedic_error_free(*error);
  *error = NULL;
}

int failures(void) {
  return failed_checks;
}

bool holds(const jobmedic_buffer* buffer, const char* part) {
  return buffer != NULL && strstr(jobmedic_buffer_data(buffer), part) != NULL;
}

bool equal(const jobmedic_buffer* a, const jobmedic_buffer* b) {
  return a != NULL && b != NULL && jobmedic_buffer_size(a) == jobmedic_buffer_size(b) &&
         memcmp(jobmedic_buffer_data(a), jobmedic_buffer_data(b), jobmedic_buffer_size(a)) == 0;
}

const char* member(const jobmedic_buffer* buffer, const char* name) {
  static char value[256];
  char key[64];
  snprintf(key, sizeof key, "\"%s\":", name);
  value[0] = '\0';
  const char* found = buffer == NULL ? NULL : strstr(jobmedic_buffer_data(buffer), key);
  if (found != NULL) {
    found += strlen(key);
    snprintf(value, sizeof value, "%.*s", (int)strcspn(found, ",}"), found);
  }
  return value;
}

jobmedic_log log_of(const char* name, const char* data) {
  const jobmedic_log log = {.name = name, .name_size = strlen(name), .data = data, .data_size = strlen(data)};
  return log;
}

jobmedic_engine* small_engine(const char* store) {
  static const char rules[] =
      "[{\"schema\":\"jobmedic.rules/1\",\"rules\":["
      "{\"name\":\"Heap\",\"source\":\"spark\",\"log\":\"*\",\"regex\":\"Java heap space\",\"summary\":\"s\","
      "\"category\":\"memory_config\",\"fault\":\"user\",\"restartable\":false,\"advice\":\"a\","
      "\"matches\":[\"Java heap space\"]},"
      "{\"name\":\"Lost\",\"source\":\"spark\",\"log\":\"*\",\"regex\":\"ExecutorLostFailure\",\"summary\":\"s\","
      "\"category\":\"transient_infra\",\"fault\":\"platform\",\"restartable\":true,\"advice\":\"a\","
      "\"matches\":[\"ExecutorLostFailure\"]}]}]";
  char config[2048];
  char cache[256];
  snprintf(cache, sizeof cache, "%s", temporary("cache"));
  if (store == NULL) {
    snprintf(config, sizeof config, "{\"rules\":%s,\"shipped_rules\":false,\"cache\":\"%s\"}", rules, cache);
  } else {
    snprintf(config, sizeof config, "{\"rules\":%s,\"shipped_rules\":false,\"cache\":\"%s\",\"store\":\"sqlite:%s\"}",
             rules, cache, temporary(store));
  }
  jobmedic_engine* engine = NULL;
  jobmedic_error* error = NULL;
  CHECK_OK(jobmedic_engine_create(TEXT(config), &engine, &error));
  return engine;
}

const char* temporary(const char* name) {
  static char path[256];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return path;
}

void write_file(const char* path, const char* text, size_t size) {
  FILE* file = fopen(path, "wb");
  CHECK(file != NULL);
  if (file == NULL) return;
  CHECK(fwrite(text, 1, size, file) == size);
  CHECK(fclose(file) == 0);
}

static int remove_entry(const char* path, const struct stat* status, int kind, struct FTW* where) {
  (void)status;
  (void)kind;
  (void)where;
  return remove(path);
}

/* test_capi [PART]: all tests, or those whose sentence holds PART. */
int main(int count, char** arguments) {
  if (mkdtemp(folder) == NULL) return 2;
  int run = 0;
  int failed = 0;
  for (int i = 0; i < test_count; ++i) {
    if (count > 1 && strstr(tests[i].sentence, arguments[1]) == NULL) continue;
    const int before = failed_checks;
    tests[i].function();
    ++run;
    if (failed_checks == before) continue;
    ++failed;
    fprintf(stderr, "FAILED: %s\n", tests[i].sentence);
  }
  nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
  printf("%d tests, %d failed\n", run, failed);
  return run == 0 || failed != 0;
}
