/* What the C tests share: tests that register themselves, checks that go on, and short ways to read an answer. */
#ifndef CHECK_H_
#define CHECK_H_

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jobmedic.h"

typedef void (*test_function)(void);
void add_test(const char* sentence, test_function function);

/* TEST(name, "a sentence of the contract") { ... } */
#define TEST(name, sentence)                                  \
  static void name(void);                                     \
  __attribute__((constructor)) static void add_##name(void) { \
    add_test(sentence, name);                                 \
  }                                                           \
  static void name(void)

void check(bool holds, const char* what, const char* file, int line);
#define CHECK(condition) check((condition), #condition, __FILE__, __LINE__)

/* The call failed so: status, a part of its message, a part of its detail (NULL: any). Frees and clears *error. */
void check_failure(jobmedic_status got, jobmedic_error** error, jobmedic_status wanted, const char* message,
                   const char* detail, const char* file, int line);
#define CHECK_FAILURE(call, wanted, message, detail) \
  check_failure((call), &error, (wanted), (message), (detail), __FILE__, __LINE__)

/* The call worked; prints the error otherwise. */
void check_ok(jobmedic_status got, jobmedic_error** error, const char* file, int line);
#define CHECK_OK(call) check_ok((call), &error, __FILE__, __LINE__)

/* How many checks failed so far, in this process. */
int failures(void);

#define TEXT(text) (text), strlen(text)

bool holds(const jobmedic_buffer* buffer, const char* part);
bool equal(const jobmedic_buffer* a, const jobmedic_buffer* b);
/* The text after `"name":` up to the next comma or brace, in a static array. */
const char* member(const jobmedic_buffer* buffer, const char* name);

/* A log of bytes. */
jobmedic_log log_of(const char* name, const char* data);
#define LOGS(array) (array), sizeof(array) / sizeof((array)[0]), sizeof((array)[0])

/* An engine with one rule pack of two rules and no shipped ones; `store`: NULL or a name in the test's folder. */
jobmedic_engine* small_engine(const char* store);
/* "/tmp/.../name", in a static array: a folder of this run, removed at its end. */
const char* temporary(const char* name);
void write_file(const char* path, const char* text, size_t size);

#define ATTEMPT                                                                                        \
  "{\"schema\":\"jobmedic.attempt/1\",\"job\":\"nightly\",\"run\":\"r1\",\"attempt\":1,"               \
  "\"engine\":\"spark\",\"config\":{\"spark.executor.memory\":\"2g\",\"spark.executor.cores\":\"2\"}," \
  "\"metrics\":{},\"outcome\":{\"succeeded\":false,\"cost_usd\":1.5,\"exit_code\":1}}"
#define HEAP_LINE "26/11/21 03:12:00 ERROR java.lang.OutOfMemoryError: Java heap space\n"

#endif
