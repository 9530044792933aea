/* Heals one failed job, from C: what went wrong, is a retry worth it, and with which configuration?
 *
 *   heal STORE-URL ATTEMPT.json LOG...      e.g. heal sqlite:history.db attempt.json logs/driver.stderr
 *
 * Build:  cc -std=c11 heal.c -o heal $(pkg-config --cflags --libs jobmedic)
 * In a checkout:  cc -std=c11 -Icapi examples/c/heal.c -o heal -Lbuild/lib -ljobmedic -Wl,-rpath,$PWD/build/lib
 */
#include <jobmedic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every call that can fail returns a status and fills an error object; a scheduler would log it and go on. */
static void check(jobmedic_status status, jobmedic_error* error) {
  if (status == JOBMEDIC_OK) return;
  fprintf(stderr, "heal: %s\n", jobmedic_error_message(error));
  jobmedic_error_free(error);
  exit(1);
}

static char* read_text(const char* path, size_t* size) {
  FILE* file = fopen(path, "rb");
  if (file == NULL) {
    perror(path);
    exit(1);
  }
  char* text = NULL;
  size_t room = 0;
  *size = 0;
  do {
    if (*size == room) text = realloc(text, room = room * 2 + 65536);
    if (text == NULL) abort();
    *size += fread(text + *size, 1, room - *size, file);
  } while (!feof(file) && !ferror(file));
  fclose(file);
  return text;
}

int main(int count, char** arguments) {
  if (count < 4) {
    fprintf(stderr, "usage: heal STORE-URL ATTEMPT.json LOG...\n");
    return 2;
  }
  jobmedic_error* error = NULL;

  /* One engine per process is enough: it is safe from any number of threads. */
  char config[4096];
  const int config_size = snprintf(config, sizeof config, "{\"store\": \"%s\"}", arguments[1]);
  if (config_size < 0 || (size_t)config_size >= sizeof config) return 2;
  jobmedic_engine* engine = NULL;
  check(jobmedic_engine_create(config, (size_t)config_size, &engine, &error), error);

  /* The failed attempt, as the scheduler knows it, and its logs by path: the library reads them in pieces. */
  size_t attempt_size = 0;
  char* attempt = read_text(arguments[2], &attempt_size);
  const size_t log_count = (size_t)count - 3;
  jobmedic_log* logs = calloc(log_count, sizeof *logs);
  if (logs == NULL) abort();
  for (size_t i = 0; i < log_count; ++i) {
    logs[i].path = arguments[i + 3];
    logs[i].path_size = strlen(logs[i].path);
  }

  /* The verdict, the recommendation and the retry decision; the patch is saved in the store. */
  jobmedic_buffer* remediation = NULL;
  check(jobmedic_remediate(engine, attempt, attempt_size, logs, log_count, sizeof *logs, &remediation, &error), error);
  printf("remediation: %s\n", jobmedic_buffer_data(remediation));
  jobmedic_buffer_free(remediation);

  /* What the next attempt is to run with. Any process that opens the store gets the same. */
  jobmedic_buffer* next = NULL;
  check(jobmedic_get_config(engine, attempt, attempt_size, &next, &error), error);
  printf("configuration: %s\n", jobmedic_buffer_data(next));
  jobmedic_buffer_free(next);

  free(logs);
  free(attempt);
  jobmedic_engine_free(engine);
  return 0;
}
