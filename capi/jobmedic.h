/* jobmedic.h - all of jobmedic for C, and for every language that can call C.
 *
 * A failed data job goes in, a configuration that makes its retry succeed comes out:
 *
 *     classify (what went wrong?) -> recommend (is a retry worth it, and how?) -> apply_patch (the new configuration)
 *
 * jobmedic_remediate chains them. Documents are JSON; their shapes are named below as "jobmedic.attempt/1" and so on,
 * and a small one is spelled out where it is used. C11; also valid C++.
 *
 * Conventions, which hold for every function and are therefore not repeated below:
 *
 *  1. Handles are opaque. What X_create gives, X_free takes back; X_free(NULL) does nothing, and X_free never fails.
 *     An out parameter that returns an object gives it to the caller. Accessors return pointers into their object,
 *     valid until it is freed.
 *  2. Text is UTF-8 as (pointer, size in bytes). It need not end in NUL and is borrowed for the call only. A pointer
 *     may be NULL only where this header says so. No size may exceed PTRDIFF_MAX.
 *  3. A function that can fail returns a jobmedic_status. On failure *out is NULL and, unless `error` itself is NULL,
 *     *error receives an object to free with jobmedic_error_free. On success *error is left alone. There is no
 *     "last error" to ask for. A failed call has changed nothing.
 *  4. Engines, forecasters, buffers, errors and free functions may be used from any number of threads at once. A scan
 *     or an optimizer belongs to one thread at a time. Nothing may be used while or after it is freed.
 *  5. Handles may be freed in any order: each keeps alive what it needs. In a child of fork(), handles of the parent
 *     answer JOBMEDIC_E_FORKED, freeing them is safe (their memory stays until the child ends), and new ones work.
 *  6. The library never prints, aborts or throws; it starts no thread; it leaves signal handlers, locale and
 *     environment alone. Calls are not points of thread cancellation.
 *  7. A callback runs on the thread of the call that caused it. It must return (no longjmp, no exception), and its
 *     text is valid until it does.
 *  8. Durations are in seconds, sizes in bytes, money in US dollars, times in RFC 3339 UTC.
 *  9. Within one JOBMEDIC_ABI_VERSION functions, status codes and document members are only added. Readers ignore
 *     members they do not know. Every answer carries "schema"; in what is passed in, "schema" must be right if it is
 *     there, and must be there in attempts, classifications, rules and spaces.
 */
#ifndef JOBMEDIC_H_
#define JOBMEDIC_H_

/* NOLINTBEGIN(modernize-*): this is C, for C++ as well */
#include <stddef.h>
#include <stdint.h>

#define JOBMEDIC_API __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Version ------------------------------------------------------------------------------------------------- */

#define JOBMEDIC_ABI_VERSION 1 /* equals the SONAME's number */

/* The JOBMEDIC_ABI_VERSION the library was built with: compare it where the library is loaded at run time. */
JOBMEDIC_API uint32_t jobmedic_abi_version(void);
/* "0.1.0". Static. */
JOBMEDIC_API const char* jobmedic_version(void);

/* ---- Status and errors --------------------------------------------------------------------------------------- */

typedef int32_t jobmedic_status; /* of a fixed width, which an enum is not */
enum {
  JOBMEDIC_OK = 0,
  JOBMEDIC_E_INVALID_ARGUMENT = 1, /* the caller's bug: a NULL, a bad size. {"argument"} names it           */
  JOBMEDIC_E_PARSE = 2,            /* malformed JSON. {"offset"}: the byte                                  */
  JOBMEDIC_E_SCHEMA = 3,           /* JSON of the wrong shape. {"pointer"}: the place, a JSON Pointer       */
  JOBMEDIC_E_RULES = 4,            /* a bad rule. {"file", "rule", "column"}                                */
  JOBMEDIC_E_MODEL = 5,            /* a damaged, foreign or unsuitable model, or nothing to train one from  */
  JOBMEDIC_E_STORE = 6,            /* the database. {"code"}: its own number                                */
  JOBMEDIC_E_PATCH = 7,            /* the patch does not apply. {"operation", "pointer"}                    */
  JOBMEDIC_E_IO = 8,               /* a file, or the system. {"path", "errno"}                              */
  JOBMEDIC_E_FORKED = 9,           /* a handle used in a child of the process that made it. {"argument"}    */
  JOBMEDIC_E_OUT_OF_MEMORY = 10,   /* the call gave back what it had taken                                  */
  JOBMEDIC_E_INTERNAL = 11,        /* a bug in jobmedic: please report the message                          */
  JOBMEDIC_E_CANCELLED = 12        /* a callback asked to stop                                              */
};

/* "ok", "invalid_argument", "parse", ...; "unknown" for any other number. Static. */
JOBMEDIC_API const char* jobmedic_status_name(jobmedic_status status);

typedef struct jobmedic_error jobmedic_error;
/* The accessors take NULL for "no error": JOBMEDIC_OK, "" and "{}". */
JOBMEDIC_API jobmedic_status jobmedic_error_status(const jobmedic_error* error);
/* One line in the user's words, with the place and the way out. NUL-terminated. */
JOBMEDIC_API const char* jobmedic_error_message(const jobmedic_error* error);
/* A JSON object with the members named at the status codes above, and more. NUL-terminated. */
JOBMEDIC_API const char* jobmedic_error_detail(const jobmedic_error* error);
JOBMEDIC_API void jobmedic_error_free(jobmedic_error* error);

/* ---- Results ------------------------------------------------------------------------------------------------- */

typedef struct jobmedic_buffer jobmedic_buffer;
/* A JSON document, or text where a function says so. A NUL follows its last byte. NULL is taken for an empty buffer. */
JOBMEDIC_API const char* jobmedic_buffer_data(const jobmedic_buffer* buffer);
/* Without that NUL. */
JOBMEDIC_API size_t jobmedic_buffer_size(const jobmedic_buffer* buffer);
JOBMEDIC_API void jobmedic_buffer_free(jobmedic_buffer* buffer);

/* ---- Configurations: no engine needed ------------------------------------------------------------------------ */

/* `document` after all operations of `patch` (RFC 6902), or a failure. Members keep their order.
 * PARSE: either text; SCHEMA: `patch` is no JSON Patch; PATCH: an operation does not apply. */
JOBMEDIC_API jobmedic_status jobmedic_apply_patch(const char* document, size_t document_size, const char* patch,
                                                  size_t patch_size, jobmedic_buffer** out, jobmedic_error** error);
/* A short RFC 6902 patch that turns `from` into `to`; the same pair gives the same patch. PARSE. */
JOBMEDIC_API jobmedic_status jobmedic_diff(const char* from, size_t from_size, const char* to, size_t to_size,
                                           jobmedic_buffer** out, jobmedic_error** error);

/* ---- Engine: compiled rules, model, store and policy behind one handle --------------------------------------- */

typedef struct jobmedic_engine jobmedic_engine;

/* `config`: jobmedic.engine/1, or NULL for all defaults. Every member is optional:
 *   {"rules": [PATH or jobmedic.rules/1, ...],   the user's, before the shipped ones
 *    "shipped_rules": true, "store": "sqlite:PATH",
 *    "model": PATH,                              else the version in service in the store, followed when it changes
 *    "space": PATH or jobmedic.space/1,          else the shipped one of the attempt's "engine", or the generic one
 *    "collector": PATH or jobmedic.collector/1,  where logs are: for jobmedic_collect, and for calls without logs
 *    "policy": {"alpha": 1, "beta": 0.055, "deadline_ms": 200, "gib_hour_usd": 0.01, "seed": 0, ...},
 *    "loop": {"mode": "act", "rollout_percent": 100, "quarantine_after": 6, "keep_successful_days": 30, ...},
 *    "rightsize": {"max_failure_probability": 0.02, "max_slowdown": 1.1, "least_runs": 3, ...},
 *    "warm_up": false, "torch_module": PATH,
 *    "cache": PATH,                              compiled rules; else $XDG_CACHE_HOME/jobmedic or ~/.cache/jobmedic
 *    "secrets": {"mask": true, "files": [PATH or jobmedic.secrets/1, ...]}}   the user's patterns, beside the shipped
 * Passwords, keys and tokens are masked ("****") in every answer, message and error, and in what is stored; not in
 * get_config, apply_patch and diff, whose results have to work.
 * PARSE, SCHEMA, RULES, MODEL, STORE, IO. */
JOBMEDIC_API jobmedic_status jobmedic_engine_create(const char* config, size_t config_size, jobmedic_engine** out,
                                                    jobmedic_error** error);
JOBMEDIC_API void jobmedic_engine_free(jobmedic_engine* engine);
/* Loads libtorch and the model now, so that the first answer is as quick as the rest (about a second, once in a
 * process). -> jobmedic.warm_up/1 {"libtorch": true or false, "reason": why not, or ""}: where libtorch cannot be
 * loaded, or another one is already in the process, the built-in forward pass serves the same model. MODEL, STORE. */
JOBMEDIC_API jobmedic_status jobmedic_engine_warm_up(jobmedic_engine* engine, jobmedic_buffer** out,
                                                     jobmedic_error** error);
/* Reads rules and model again. Calls in flight finish with what they began with. Errors: as for create. */
JOBMEDIC_API jobmedic_status jobmedic_engine_reload(jobmedic_engine* engine, jobmedic_error** error);
/* -> version, rules, scanner, model, served_by and store in use, for people and bug reports. */
JOBMEDIC_API jobmedic_status jobmedic_engine_info(const jobmedic_engine* engine, jobmedic_buffer** out,
                                                  jobmedic_error** error);

/* `level`: 0 error, 1 warning, 2 info, 3 debug. `message` is one line, not NUL-terminated. */
typedef void (*jobmedic_log_fn)(int32_t level, const char* message, size_t message_size, void* user_data);
/* From now on `log` is told what the engine does, from every thread that calls the engine; NULL: nobody is.
 * `user_data` must live as long as the engine or until `log` is replaced and the calls in flight are over. */
JOBMEDIC_API jobmedic_status jobmedic_engine_set_log(jobmedic_engine* engine, jobmedic_log_fn log, void* user_data,
                                                     jobmedic_error** error);
/* `event`: jobmedic.event/1 {"at", "level": "warning", "event": "patch_skipped", "message", "patch", "job", "reason"}:
 * the same lines with a name and fields. Other events: deadline_missed, model_refused, model_picked_up, model_promoted,
 * rules_reloaded, automation_stopped, store_failed, store_lost, store_retried, store_reopened, patch_kept,
 * patch_retired, patch_restored, generic_space; debug: classify, recommend, save, decide. */
typedef void (*jobmedic_event_fn)(int32_t level, const char* event, size_t event_size, void* user_data);
/* As set_log, beside it; `event` is told what has at most this `level`: 2 leaves out the steps of each answer. Both may
 * be called by several threads at once, and may call the engine. */
JOBMEDIC_API jobmedic_status jobmedic_engine_set_events(jobmedic_engine* engine, int32_t level, jobmedic_event_fn event,
                                                        void* user_data, jobmedic_error** error);
/* What this engine did since it was created, for Prometheus. -> text, not JSON: its text exposition format 0.0.4.
 * Classifications and remediations by rule and decision, latencies, cache, model version, errors of the store. */
JOBMEDIC_API jobmedic_status jobmedic_metrics(const jobmedic_engine* engine, jobmedic_buffer** out,
                                              jobmedic_error** error);

/* ---- The stages ---------------------------------------------------------------------------------------------- */

/* One log of a failed attempt: bytes, which need not be text, or a file, which is read in pieces of constant size.
 * gzip and zstd files are decompressed; one that ends too soon is read as far as it goes, and "sources" says so.
 * Logs are passed as an array with the distance between two elements, sizeof(jobmedic_log), as its stride. */
typedef struct jobmedic_log {
  const char* name; /* ROLE[-N].STREAM: "driver.stdout", "executor-0.stderr". NULL or empty: the file's base name;  */
  size_t name_size; /* bytes without a name are tried by every rule                                                 */
  const char* data; /* the bytes; for a log without any, a pointer that is not NULL                                 */
  size_t data_size;
  const char* path; /* `data` is NULL: the file to read. Both are NULL: `name` is the path, its base name the name  */
  size_t path_size;
} jobmedic_log;

/* Which rule explains the failure? `attempt`: jobmedic.attempt/1, or NULL: rules with a condition then never fire.
 * `logs` may be NULL where `log_count` is 0: an engine with a collector then reads what that finds. ->
 * jobmedic.classification/1; "classified": false is an answer. PARSE, SCHEMA: the attempt; IO: a log's file. */
JOBMEDIC_API jobmedic_status jobmedic_classify(jobmedic_engine* engine, const char* attempt, size_t attempt_size,
                                               const jobmedic_log* logs, size_t log_count, size_t log_stride,
                                               jobmedic_buffer** out, jobmedic_error** error);
/* The same with the logs that a collector finds: files, archives, folders, Spark event logs, what commands print.
 * `collector`: jobmedic.collector/1, or NULL for the engine's own:
 *   {"schema": "jobmedic.collector/1", "sources": [
 *     {"name": "driver", "kind": "file", "path": "/var/log/jobs/{run}/driver.stderr", "required": true},
 *     {"name": "events", "kind": "event_log", "path": "/spark-events/{application_id}"},
 *     {"name": "yarn", "kind": "command", "command": ["yarn", "logs", "-applicationId", "{application_id}"],
 *      "log": "container.log", "timeout_s": 60, "limit_bytes": 67108864}]}
 * Kinds: file (a log with its rotated parts, or a folder), glob, event_log, work_directory (Spark's standalone worker,
 * YARN's containers), command (run without a shell). {job}, {run}, {attempt}, {engine} and {LABEL} come from the
 * attempt; a value never becomes an option or a second argument. A command runs as a child process: if the caller waits
 * for all its children, the command's exit code is lost and its source counts as damaged.
 * -> jobmedic.collection/1 {"classification": {..., "sources": [{"name", "status": "read", "capped", "damaged" or
 * "failed", "bytes", "logs", "error"}]}, "attempt": {...}}: the attempt completed by what event logs tell (metrics,
 * configuration), for jobmedic_recommend and jobmedic_remediate_classified; absent where `attempt` is NULL.
 * PARSE, SCHEMA; IO: a required source, or every one, could not be read; INVALID_ARGUMENT: there is no collector. */
JOBMEDIC_API jobmedic_status jobmedic_collect(jobmedic_engine* engine, const char* attempt, size_t attempt_size,
                                              const char* collector, size_t collector_size, jobmedic_buffer** out,
                                              jobmedic_error** error);
/* Is a retry worth its money, and with which configuration? `attempt`: the failed one; `classification`: of it.
 * -> jobmedic.recommendation/1. Equal input, model and policy give an equal answer, "elapsed_s" aside, unless the
 * deadline cut it short. PARSE, SCHEMA, MODEL, STORE. */
JOBMEDIC_API jobmedic_status jobmedic_recommend(jobmedic_engine* engine, const char* attempt, size_t attempt_size,
                                                const char* classification, size_t classification_size,
                                                jobmedic_buffer** out, jobmedic_error** error);
/* The chain: classify, recommend where it applies, save the patch, decide. -> jobmedic.remediation/1.
 * With a store, the same job, run and attempt get the answer that was saved first. A failure that no rule knew carries
 * "telling": what its logs say themselves; the store keeps it for `jobmedic rules suggest`.
 * Errors: those of classify and recommend, and STORE. */
JOBMEDIC_API jobmedic_status jobmedic_remediate(jobmedic_engine* engine, const char* attempt, size_t attempt_size,
                                                const jobmedic_log* logs, size_t log_count, size_t log_stride,
                                                jobmedic_buffer** out, jobmedic_error** error);
/* The same from a verdict already there: a scan's, or another classifier's. */
JOBMEDIC_API jobmedic_status jobmedic_remediate_classified(jobmedic_engine* engine, const char* attempt,
                                                           size_t attempt_size, const char* classification,
                                                           size_t classification_size, jobmedic_buffer** out,
                                                           jobmedic_error** error);
/* The configuration for an attempt about to start: its own with the saved patches applied. Never writes.
 * -> jobmedic.config/1 {"config": {...}, "applied": [patch id, ...], "skipped": [{"id", "reason"}, ...]}.
 * PARSE, SCHEMA, STORE; INVALID_ARGUMENT: the engine has no store. */
JOBMEDIC_API jobmedic_status jobmedic_get_config(jobmedic_engine* engine, const char* attempt, size_t attempt_size,
                                                 jobmedic_buffer** out, jobmedic_error** error);

/* The same, and how it came about. -> jobmedic.explanation/1 {"config": {...}, "patches": [{"id", "outcome": "applied",
 * "skipped" or "superseded", "reason", "changes": {"before", "after"}, "patch"}, ...]}: all whose scope matches, in
 * order: the last counts most. For people: secrets are masked. Errors: as for get_config. */
JOBMEDIC_API jobmedic_status jobmedic_explain_config(jobmedic_engine* engine, const char* attempt, size_t attempt_size,
                                                     jobmedic_buffer** out, jobmedic_error** error);

/* ---- Stored patches: the engine needs a store ------------------------------------------------------------------ */

/* Saves `patch`, jobmedic.patch/1, or replaces the one of its "id"; with "disabled": true it is kept, not applied.
 *   {"schema": "jobmedic.patch/1", "scope": {"job": "nightly", "engine": "spark"}, "expires_at":
 * "2026-12-01T00:00:00Z", "patch": [{"op": "add", "path": "/spark.executor.memory", "value": "6g"}]} `author`, for the
 * audit trail: {"by": "ana", "reason": "month end"}, or NULL for the user of this process.
 * -> the patch with its "id". PARSE, SCHEMA, STORE; PATCH: it sets more than the parameter space permits. */
JOBMEDIC_API jobmedic_status jobmedic_put_patch(jobmedic_engine* engine, const char* patch, size_t patch_size,
                                                const char* author, size_t author_size, jobmedic_buffer** out,
                                                jobmedic_error** error);
/* The audit trail. `options`: {"limit": 100, "patch": ID}, or NULL. -> jobmedic.changes/1 {"changes": [{"number", "at",
 * "by", "action", "reason", "patch", "before", "after"}, ...]}, the newest first. PARSE, SCHEMA, STORE. */
JOBMEDIC_API jobmedic_status jobmedic_changes(jobmedic_engine* engine, const char* options, size_t options_size,
                                              jobmedic_buffer** out, jobmedic_error** error);
/* The kill switch, for every process that uses the store: while `stop` is not 0 no patch is applied, saved or
 * recommended. `author`: as in put_patch. -> jobmedic.automation/1 {"stopped", "since", "by", "reason"}. STORE. */
JOBMEDIC_API jobmedic_status jobmedic_stop_automation(jobmedic_engine* engine, int32_t stop, const char* author,
                                                      size_t author_size, jobmedic_buffer** out,
                                                      jobmedic_error** error);

/* ---- A log while it is being written ------------------------------------------------------------------------- */

typedef struct jobmedic_scan jobmedic_scan;

/* `attempt` as in classify: may be NULL. Any split of the same bytes gives the same answer as classify. */
JOBMEDIC_API jobmedic_status jobmedic_scan_create(jobmedic_engine* engine, const char* attempt, size_t attempt_size,
                                                  jobmedic_scan** out, jobmedic_error** error);
/* More bytes of the log `name`; logs count in the order of their first piece. `data` may be NULL where `data_size`
 * is 0. */
JOBMEDIC_API jobmedic_status jobmedic_scan_feed(jobmedic_scan* scan, const char* name, size_t name_size,
                                                const char* data, size_t data_size, jobmedic_error** error);
/* -> jobmedic.classification/1 of what came so far, as if the logs ended here. Feeding may go on. */
JOBMEDIC_API jobmedic_status jobmedic_scan_result(jobmedic_scan* scan, jobmedic_buffer** out, jobmedic_error** error);
JOBMEDIC_API void jobmedic_scan_free(jobmedic_scan* scan);

/* ---- History and training: the engine needs a store ---------------------------------------------------------- */

/* What happened to one attempt: jobmedic.attempt/1, which replaces an earlier record of the same job, run and attempt.
 * PARSE, SCHEMA, STORE; INVALID_ARGUMENT: the engine has no store. */
JOBMEDIC_API jobmedic_status jobmedic_record(jobmedic_engine* engine, const char* attempt, size_t attempt_size,
                                             jobmedic_error** error);
/* The same for an attempt with its "outcome", and what it teaches: counts a use of the patches it ran with, keeps those
 * that jobmedic_remediate made where it succeeded, disables them where it failed. "job", "run", "attempt" and "outcome"
 * are enough: the rest is then what is recorded, or the try before it with what get_config gives. Once per attempt: the
 * same outcome again changes nothing. `options`: {"correct": false, "by": "airflow", "reason": "why"}, or NULL.
 * -> jobmedic.outcome/1 {"what": "recorded", "known" or "corrected", "patches": [{"id", "learnt": "kept", "retired",
 * "restored", "left", or "raised" (right-sizing gives the next run more, as this one came close to its limit or failed
 * for want of memory), "reason", "expires_at", "uses_left"}, ...]}.
 * PARSE, SCHEMA, STORE; INVALID_ARGUMENT: no outcome, or one that contradicts what is recorded without "correct". */
JOBMEDIC_API jobmedic_status jobmedic_record_outcome(jobmedic_engine* engine, const char* attempt, size_t attempt_size,
                                                     const char* options, size_t options_size, jobmedic_buffer** out,
                                                     jobmedic_error** error);
/* Many: JSON Lines, one jobmedic.attempt/1 a line; empty lines are skipped. All lines are read before any is stored.
 * -> jobmedic.import/1 {"attempts": how many were read, "changed": how many were new or different}.
 * PARSE, SCHEMA: {"line"}, counted from 1, beside the usual; STORE; INVALID_ARGUMENT: the engine has no store. */
JOBMEDIC_API jobmedic_status jobmedic_import_history(jobmedic_engine* engine, const char* json_lines,
                                                     size_t json_lines_size, jobmedic_buffer** out,
                                                     jobmedic_error** error);

/* `done` goes from 0 to 1; `what` says what is done at the moment, not NUL-terminated. Return 0 to go on; anything
 * else cancels. */
typedef int32_t (*jobmedic_progress_fn)(double done, const char* what, size_t what_size, void* user_data);
/* Trains a model from the store's attempts, saves it there and, where its audits let it, serves it. Seconds to minutes;
 * needs libtorch.
 * `options`: {"seed": 0, "max_epochs": 300, "engine": "spark", "version": its name}, all optional, or NULL. "engine"
 * names the parameter space where the engine's configuration gave none; versions are named "2026-11-21.1" otherwise.
 * `progress` may be NULL. -> the report: the new "version", examples, jobs, held-out metrics, its "audits", whether it
 * was "promoted" (is in service now), and the audits that it is "blocked_by".
 * MODEL: nothing to learn from, or no libtorch; STORE; CANCELLED: nothing was saved. */
JOBMEDIC_API jobmedic_status jobmedic_train(jobmedic_engine* engine, const char* options, size_t options_size,
                                            jobmedic_progress_fn progress, void* user_data, jobmedic_buffer** out,
                                            jobmedic_error** error);

/* ---- Optimizer: the smallest value of any expensive function, by ask and tell; no engine needed --------------- */

typedef struct jobmedic_optimizer jobmedic_optimizer;

/* `space`: jobmedic.space/1. `options`: {"seed": 0, "initial_points": 0, "effort": 1}, or NULL; 0 points: chosen by the
 * dimension; effort (0.001 to 1): how long to think about each trial, as a part of the usual.
 * The same space, options and values give the same trials. PARSE, SCHEMA. */
JOBMEDIC_API jobmedic_status jobmedic_optimizer_create(const char* space, size_t space_size, const char* options,
                                                       size_t options_size, jobmedic_optimizer** out,
                                                       jobmedic_error** error);
/* -> jobmedic.trial/1 {"trial": 1, "parameters": {"spark.executor.memory": 2048, ...}}; trials count from 1.
 * More than one may be open at once. */
JOBMEDIC_API jobmedic_status jobmedic_optimizer_ask(jobmedic_optimizer* optimizer, jobmedic_buffer** out,
                                                    jobmedic_error** error);
/* The value of an open trial; smaller is better. NaN or infinite: the trial failed.
 * INVALID_ARGUMENT: no such trial, or it was told already. */
JOBMEDIC_API jobmedic_status jobmedic_optimizer_tell(jobmedic_optimizer* optimizer, int64_t trial, double value,
                                                     jobmedic_error** error);
/* -> jobmedic.best/1 {"best": {"trial": 7, "parameters": {...}, "value": 0.73}}; "best" is null before the first
 * finite value. */
JOBMEDIC_API jobmedic_status jobmedic_optimizer_best(const jobmedic_optimizer* optimizer, jobmedic_buffer** out,
                                                     jobmedic_error** error);
JOBMEDIC_API void jobmedic_optimizer_free(jobmedic_optimizer* optimizer);

/* ---- Right-sizing: the engine needs a store ------------------------------------------------------------------- */

/* What `attempt`, about to start, should get, from the peaks of its job's finished runs; its metrics named input_* are
 * used. `apply` not 0: what is recommended is saved as a patch, which get_config then applies, unless the engine's
 * "loop" says otherwise. The engine's "rightsize" sets how far it goes. -> jobmedic.rightsizing/1 {"decision": "patch"
 * or "keep", "reason", "mode", "settings": [{"parameter", "decision": "shrink", "grow" or "keep", "before", "after",
 * "peak" (in the parameter's unit), "failure_probability", "runs", "reason"}, ...], "patch", "patch_id"}.
 * PARSE, SCHEMA, STORE, PATCH; INVALID_ARGUMENT: the engine has no store. */
JOBMEDIC_API jobmedic_status jobmedic_rightsize(jobmedic_engine* engine, const char* attempt, size_t attempt_size,
                                                int32_t apply, jobmedic_buffer** out, jobmedic_error** error);

/* ---- Forecast: is this process about to be killed for its memory? No engine needed ---------------------------- */

/* One reading of a session: the process, and the group or device whose limit it lives under. Sizes in bytes, counters
 * cumulative; what is not known is NaN. Members are only added at the end. */
typedef struct jobmedic_reading {
  double time_s; /* since any fixed moment; must rise */
  double navigation_level;
  double resident_bytes, private_bytes, shared_bytes, virtual_bytes; /* private: anonymous; shared: file and shared */
  double minor_faults, major_faults, cpu_s, threads;
  double usage_bytes, cache_bytes, group_bytes; /* of the group: all, what the kernel can take back, anonymous */
  double group_major_faults, limit_hits;        /* limit_hits: how often it ran into its limit (memory.failcnt) */
} jobmedic_reading;

/* All that is remembered of a session: bytes without pointers, to be copied, stored and sent; good for the forecaster
 * that began it. Begin with jobmedic_forecast_begin; there is nothing to free. */
typedef struct jobmedic_session {
  uint64_t state[120];
} jobmedic_session;

typedef struct jobmedic_forecast {
  int32_t level;      /* when, if a kill comes within five minutes: 4: within two, 3: three, 2: four, 1: five; 0: no
                       * alert. Rough: off by 0.8 levels on average where a kill was caught (see forecast evaluate) */
  int32_t alert;      /* 1: more likely than the model's alert budget allows to keep silent about */
  int32_t accepted;   /* 0: the reading was late, a duplicate, or told nothing: this is the answer before it */
  int32_t reserved;   /* 0 */
  double probability; /* of being killed within five minutes */
  double seconds;     /* until the kill, if there is one */
} jobmedic_forecast;

typedef struct jobmedic_forecaster jobmedic_forecaster;

/* `model`: the path of a file that `jobmedic forecast train` wrote; NULL: the shipped one. Any number of threads may
 * use one forecaster, each session by one at a time. IO, MODEL. */
JOBMEDIC_API jobmedic_status jobmedic_forecaster_create(const char* model, size_t model_size, jobmedic_forecaster** out,
                                                        jobmedic_error** error);
/* The version that the store at this URL has in service (jobmedic forecast train --store, jobmedic models); it does not
 * follow later ones: open it again where it shall. STORE; MODEL; INVALID_ARGUMENT: no forecast model is in service. */
JOBMEDIC_API jobmedic_status jobmedic_forecaster_open(const char* store, size_t store_size, jobmedic_forecaster** out,
                                                      jobmedic_error** error);
JOBMEDIC_API void jobmedic_forecaster_free(jobmedic_forecaster* forecaster);
/* `place`: {"device_type": "DT07", "sdk_version": "6.2", "budget_bytes": 37748736, "limit_bytes": 67108864}, all
 * optional, or NULL. With limit_bytes, the limit itself, nothing has to be known of the device. PARSE, SCHEMA. */
JOBMEDIC_API jobmedic_status jobmedic_forecast_begin(const jobmedic_forecaster* forecaster, const char* place,
                                                     size_t place_size, jobmedic_session* out, jobmedic_error** error);
/* Called for each accepted reading with an alert: free caches, lower the quality. */
typedef void (*jobmedic_alert_fn)(const jobmedic_forecast* forecast, void* user_data);
/* A few microseconds; takes no memory. `reading_size`: sizeof(jobmedic_reading). `alert` may be NULL. */
JOBMEDIC_API jobmedic_status jobmedic_forecast_update(const jobmedic_forecaster* forecaster, jobmedic_session* session,
                                                      const jobmedic_reading* reading, size_t reading_size,
                                                      jobmedic_forecast* out, jobmedic_alert_fn alert, void* user_data,
                                                      jobmedic_error** error);
/* Why. -> jobmedic.forecast_reasons/1 {"model": its version, "reasons": [{"feature": "share", "value": 0.93, "logit":
 * 1.7}, ...]}: what moves the last answer most, by how much less likely the kill were, in log odds, if it were as
 * usual.
 */
JOBMEDIC_API jobmedic_status jobmedic_forecast_reasons(const jobmedic_forecaster* forecaster,
                                                       const jobmedic_session* session, jobmedic_buffer** out,
                                                       jobmedic_error** error);

/* ---- Forecast at scale: the same over many sessions and devices, for jobs on a cluster ------------------------- */

/* -> jobmedic.forecast_columns/1 {"features": ["share", ...], "columns": [{"column": "rss_kb", "member":
 * "resident_bytes", "unit": 1024}, ...]}: the features in their order, and by which columns of a recording (see
 * `jobmedic forecast train`) a reading's members are meant: member = column * unit. */
JOBMEDIC_API jobmedic_status jobmedic_forecast_columns(jobmedic_buffer** out, jobmedic_error** error);
/* The features of all readings of a session, in order, equal to the last bit to those of one that is watched.
 * `readings`: `count` of `reading_size` bytes each. `rows`: `count` rows of `row_size` floats each, at least as many as
 * there are features; NaN where not known; a reading that is not accepted repeats the row before it. `accepted`:
 * `count` bytes, 0 or 1, or NULL. PARSE, SCHEMA. */
JOBMEDIC_API jobmedic_status jobmedic_forecast_features(const jobmedic_forecaster* forecaster, const char* place,
                                                        size_t place_size, const jobmedic_reading* readings,
                                                        size_t reading_size, size_t count, float* rows, size_t row_size,
                                                        uint8_t* accepted, jobmedic_error** error);
/* `device`: {"device_type": " dt07", "sdk_version": "6.2.0"}. -> the same in its one form: "DT07", "6.2". What is to be
 * curated in parts is parted by device_type in this form. PARSE, SCHEMA. */
JOBMEDIC_API jobmedic_status jobmedic_forecast_device(const char* device, size_t device_size, jobmedic_buffer** out,
                                                      jobmedic_error** error);
/* One table of device characteristics from a lake of contradictory rows, as `jobmedic forecast curate`. `raw`: CSV.
 * `options`: {"secondary": CSV, "keys": CSV, "truth": CSV, "policy": jobmedic.curation/1}, all optional, or NULL.
 * -> jobmedic.curation_answer/1 {"table": CSV, "report": jobmedic.curation_report/1}. PARSE, SCHEMA. */
JOBMEDIC_API jobmedic_status jobmedic_forecast_curate(const char* raw, size_t raw_size, const char* options,
                                                      size_t options_size, jobmedic_buffer** out,
                                                      jobmedic_error** error);
/* The answer for a whole lake from those for its parts: each with all rows of some device types, and with the same
 * options. `parts`: [jobmedic.curation_answer/1, ...]. `options`: {"truth": CSV}, or NULL.
 * PARSE, SCHEMA; INVALID_ARGUMENT: a device type is in two parts, or their columns differ. */
JOBMEDIC_API jobmedic_status jobmedic_forecast_merge(const char* parts, size_t parts_size, const char* options,
                                                     size_t options_size, jobmedic_buffer** out,
                                                     jobmedic_error** error);

#ifdef __cplusplus
}
#endif
/* NOLINTEND(modernize-*) */
#endif
