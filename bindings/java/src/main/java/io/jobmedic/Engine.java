package io.jobmedic;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

/**
 * Compiled rules, model, store and policy behind one object: make one for the process and use it from any number of threads at
 * once. close() takes effect when the calls in flight are over; what is never closed is freed when it is garbage.
 *
 * <p>Errors of every call: {@link JobmedicException} with the status named there, {@link IllegalStateException} after close(),
 * {@link NullPointerException} for a null where none is allowed.
 */
public final class Engine implements AutoCloseable {
  private final Listeners listeners = new Listeners();
  private final long told; // a weak reference to the listeners
  private final Handle handle;

  private Engine(String config) {
    Natives.load();
    long engine = Native.engineCreate(Handle.bytes(config));
    long reference = Native.listenersCreate(listeners);
    told = reference;
    handle = new Handle(this, "Engine", engine, address -> {
      Native.engineFree(address);
      Native.listenersFree(reference);
    });
  }

  /**
   * An engine with the shipped rules and all defaults.
   *
   * @return to be closed
   * @throws JobmedicException as below
   * @throws UnsatisfiedLinkError the native library was not found, see {@link Natives}
   */
  public static Engine create() {
    return create(null);
  }

  /**
   * An engine.
   *
   * @param config jobmedic.engine/1, or null; every member is optional: {"rules": [path or jobmedic.rules/1, ...],
   *     "shipped_rules": true, "store": "sqlite:PATH", "model": path, "space": path or jobmedic.space/1, "collector": path or
   *     jobmedic.collector/1, "policy": {...}, "loop": {...}, "rightsize": {...}, "warm_up": false, "cache": path,
   *     "secrets": {...}}; jobmedic.h tells each
   * @return to be closed
   * @throws JobmedicException PARSE, SCHEMA, RULES, MODEL, STORE, IO
   * @throws UnsatisfiedLinkError the native library was not found, see {@link Natives}
   */
  public static Engine create(String config) {
    return new Engine(config);
  }

  /**
   * Which rule explains the failure? Rules with a condition on the attempt never fire here.
   *
   * @param logs of the failed attempt
   * @return jobmedic.classification/1; "classified": false is an answer
   * @throws JobmedicException IO: a log's file
   */
  public String classify(Log... logs) {
    return classify(null, List.of(logs));
  }

  /**
   * Which rule explains the failure?
   *
   * @param attempt jobmedic.attempt/1, or null: rules with a condition then never fire
   * @param logs of it; none: what the engine's collector finds
   * @return jobmedic.classification/1; "classified": false is an answer
   * @throws JobmedicException PARSE, SCHEMA: the attempt; IO: a log's file
   */
  public String classify(String attempt, List<Log> logs) {
    byte[] failed = Handle.bytes(attempt);
    return answer(engine -> Native.classify(engine, failed, Log.names(logs), Log.data(logs), Log.paths(logs)));
  }

  /**
   * The logs that a collector finds, classified: files, archives, folders, Spark event logs, what commands print. A command runs
   * as a child process.
   *
   * @param attempt jobmedic.attempt/1, or null
   * @param collector jobmedic.collector/1 {"sources": [{"name", "kind", "path"}, ...]}, or null: the engine's own
   * @return jobmedic.collection/1 {"classification": {..., "sources": [...]}, "attempt": {...}}: the attempt completed by what
   *     event logs tell of it, absent where none was given
   * @throws JobmedicException PARSE, SCHEMA; IO: a required source, or every one, could not be read; INVALID_ARGUMENT: there is
   *     no collector
   */
  public String collect(String attempt, String collector) {
    return answer(engine -> Native.collect(engine, Handle.bytes(attempt), Handle.bytes(collector)));
  }

  /**
   * Is a retry worth its money, and with which configuration? Costs are in US dollars, "elapsed_s" in seconds.
   *
   * @param attempt jobmedic.attempt/1, the failed one
   * @param classification of it
   * @return jobmedic.recommendation/1
   * @throws JobmedicException PARSE, SCHEMA, MODEL, STORE
   */
  public String recommend(String attempt, String classification) {
    byte[] failed = Jobmedic.required(attempt, "attempt");
    return answer(engine -> Native.recommend(engine, failed, Jobmedic.required(classification, "classification")));
  }

  /**
   * The chain: classify, recommend where it applies, save the patch, decide. With a store, the same job, run and attempt get the
   * answer that was saved first.
   *
   * @param attempt jobmedic.attempt/1, the failed one
   * @param logs of it; none: what the engine's collector finds
   * @return jobmedic.remediation/1; "retry" says whether to restart, and after how many seconds
   * @throws JobmedicException those of classify and recommend, and STORE
   */
  public String remediate(String attempt, List<Log> logs) {
    byte[] failed = Jobmedic.required(attempt, "attempt");
    return answer(engine -> Native.remediate(engine, failed, Log.names(logs), Log.data(logs), Log.paths(logs)));
  }

  /**
   * {@link #remediate} from a verdict already there: a scan's, a collection's, or another classifier's.
   *
   * @param attempt jobmedic.attempt/1, the failed one
   * @param classification of it
   * @return jobmedic.remediation/1
   * @throws JobmedicException PARSE, SCHEMA, MODEL, STORE
   */
  public String remediateClassified(String attempt, String classification) {
    byte[] failed = Jobmedic.required(attempt, "attempt");
    return answer(engine -> Native.remediateClassified(engine, failed, Jobmedic.required(classification, "classification")));
  }

  /**
   * The configuration for an attempt about to start: its own with the saved patches applied. Never writes.
   *
   * @param attempt jobmedic.attempt/1
   * @return jobmedic.config/1 {"config": {...}, "applied": [patch id, ...], "skipped": [{"id", "reason"}, ...]}
   * @throws JobmedicException PARSE, SCHEMA, STORE; INVALID_ARGUMENT: the engine has no store
   */
  public String getConfig(String attempt) {
    return answer(engine -> Native.getConfig(engine, Jobmedic.required(attempt, "attempt")));
  }

  /**
   * {@link #getConfig}, and how it came about, for people: secrets are masked.
   *
   * @param attempt jobmedic.attempt/1
   * @return jobmedic.explanation/1: each patch whose scope matches, in order, and what became of it
   * @throws JobmedicException as for getConfig
   */
  public String explainConfig(String attempt) {
    return answer(engine -> Native.explainConfig(engine, Jobmedic.required(attempt, "attempt")));
  }

  /**
   * What an attempt about to start should get, from its job's finished runs. Its metrics named input_* are used.
   *
   * @param attempt jobmedic.attempt/1
   * @param apply whether to save the patch, for {@link #getConfig}, in the engine's mode
   * @return jobmedic.rightsizing/1 {"decision": "patch" or "keep", "reason", "mode", "settings": [{"parameter", "decision":
   *     "shrink", "grow" or "keep", "before", "after", "peak" (in the parameter's unit), "failure_probability" (0 to 1), "runs",
   *     "reason"}, ...], "patch", "patch_id"}
   * @throws JobmedicException PARSE, SCHEMA, STORE, PATCH; INVALID_ARGUMENT: the engine has no store
   */
  public String rightsize(String attempt, boolean apply) {
    return answer(engine -> Native.rightsize(engine, Jobmedic.required(attempt, "attempt"), apply));
  }

  /**
   * Saves a patch, or replaces the one of its "id"; with "disabled": true it is kept, not applied.
   *
   * @param patch jobmedic.patch/1
   * @param author for the audit trail: {"by": "ana", "reason": "month end"}, or null: the user of this process
   * @return the patch with its "id"
   * @throws JobmedicException PARSE, SCHEMA, STORE; PATCH: it sets more than the parameter space permits
   */
  public String putPatch(String patch, String author) {
    return answer(engine -> Native.putPatch(engine, Jobmedic.required(patch, "patch"), Handle.bytes(author)));
  }

  /**
   * The audit trail, the newest change first.
   *
   * @param options {"limit": 100, "patch": id}, or null
   * @return jobmedic.changes/1 {"changes": [{"number", "at", "by", "action", "reason", "patch", "before", "after"}, ...]}
   * @throws JobmedicException PARSE, SCHEMA, STORE
   */
  public String changes(String options) {
    return answer(engine -> Native.changes(engine, Handle.bytes(options)));
  }

  /**
   * The kill switch: from now on no process that uses the store applies, saves or recommends a patch.
   *
   * @param author as for {@link #putPatch}
   * @return jobmedic.automation/1 {"stopped", "since", "by", "reason"}
   * @throws JobmedicException PARSE, SCHEMA, STORE
   */
  public String stopAutomation(String author) {
    return answer(engine -> Native.stopAutomation(engine, true, Handle.bytes(author)));
  }

  /**
   * Ends a stop.
   *
   * @param author as for {@link #putPatch}
   * @return as of {@link #stopAutomation}
   * @throws JobmedicException PARSE, SCHEMA, STORE
   */
  public String resumeAutomation(String author) {
    return answer(engine -> Native.stopAutomation(engine, false, Handle.bytes(author)));
  }

  /**
   * What happened to an attempt; replaces an earlier record of the same job, run and attempt.
   *
   * @param attempt jobmedic.attempt/1
   * @throws JobmedicException PARSE, SCHEMA, STORE; INVALID_ARGUMENT: the engine has no store
   */
  public void record(String attempt) {
    run(engine -> Native.record(engine, Jobmedic.required(attempt, "attempt")));
  }

  /**
   * {@link #record} for an attempt with its "outcome", and what it teaches: patches that {@link #remediate} made and that it ran
   * with are kept where it succeeded, disabled where it failed. "job", "run", "attempt" and "outcome" are enough. The same
   * outcome again changes nothing.
   *
   * @param attempt jobmedic.attempt/1
   * @param options {"correct": false, "by": "maestro", "reason": "why"}, or null
   * @return jobmedic.outcome/1 {"what": "recorded", "known" or "corrected", "patches": [{"id", "learnt", "reason"}, ...]}
   * @throws JobmedicException PARSE, SCHEMA, STORE; INVALID_ARGUMENT: no outcome, or one that contradicts what is recorded
   *     without "correct"
   */
  public String recordOutcome(String attempt, String options) {
    return answer(engine -> Native.recordOutcome(engine, Jobmedic.required(attempt, "attempt"), Handle.bytes(options)));
  }

  /**
   * Many attempts. Nothing is stored where one line is bad.
   *
   * @param jsonLines UTF-8, one jobmedic.attempt/1 a line
   * @return jobmedic.import/1 {"attempts": how many were read, "changed": how many were new or different}
   * @throws JobmedicException PARSE, SCHEMA: detail has the "line", from 1; STORE; INVALID_ARGUMENT: the engine has no store
   */
  public String importHistory(byte[] jsonLines) {
    Objects.requireNonNull(jsonLines, "jsonLines");
    return answer(engine -> Native.importHistory(engine, jsonLines));
  }

  /**
   * The same from a file.
   *
   * @param jsonLines a JSON Lines file
   * @return as above
   * @throws IOException the file could not be read
   * @throws JobmedicException as above
   */
  public String importHistory(Path jsonLines) throws IOException {
    return importHistory(Files.readAllBytes(jsonLines));
  }

  /**
   * Trains a model from the store's attempts, saves it there and, where its audits let it, serves it. Seconds to minutes; needs
   * libtorch.
   *
   * @param options {"seed": 0, "max_epochs": 300, "engine": "spark", "version": its name}, or null
   * @param progress is told how far it is, and may cancel; or null
   * @return the report: "version", held-out metrics, "audits", whether it was "promoted", what it is "blocked_by"
   * @throws JobmedicException MODEL: nothing to learn from, or no libtorch; STORE; CANCELLED: nothing was saved
   */
  public String train(String options, Progress progress) {
    Follower follower = progress == null ? null : new Follower(progress);
    return answer(engine -> Native.train(engine, Handle.bytes(options), follower));
  }

  /**
   * A classification of logs while they are being written.
   *
   * @param attempt jobmedic.attempt/1, or null
   * @return to be closed; it may outlive this engine
   * @throws JobmedicException PARSE, SCHEMA
   */
  public Scan scan(String attempt) {
    return new Scan(this, handle, attempt);
  }

  /**
   * Loads libtorch and the model now (about a second, once in a process), so that the first answer is as quick as the rest.
   *
   * @return jobmedic.warm_up/1 {"libtorch": true or false, "reason": why not, or ""}: the built-in forward pass serves the same
   *     model where libtorch cannot
   * @throws JobmedicException MODEL, STORE
   */
  public String warmUp() {
    return answer(Native::engineWarmUp);
  }

  /**
   * Reads rules and model again; calls in flight finish with what they began with.
   *
   * @throws JobmedicException as for create
   */
  public void reload() {
    run(Native::engineReload);
  }

  /**
   * What is in use, for people and bug reports.
   *
   * @return version, rules, scanner, model, served_by and store
   */
  public String info() {
    return answer(Native::engineInfo);
  }

  /**
   * What this engine did since it was made, for Prometheus.
   *
   * @return text, not JSON: Prometheus' exposition format 0.0.4
   */
  public String metrics() {
    return answer(Native::metrics);
  }

  /**
   * From now on {@code log} is told what the engine does, by every thread that calls it.
   *
   * @param log in place of the one before; null: nobody is told. It may call the engine
   */
  public void setLog(LogListener log) {
    listeners.log = log;
    run(engine -> Native.engineSetLog(engine, log == null ? 0 : told));
  }

  /**
   * The same with a name and fields for each event, beside {@link #setLog}.
   *
   * @param level the least that matters: INFO leaves out the steps of each answer
   * @param event in place of the one before; null: nobody is told. It may call the engine
   */
  public void setEvents(Level level, EventListener event) {
    listeners.event = event;
    run(engine -> Native.engineSetEvents(engine, level.ordinal(), event == null ? 0 : told));
  }

  /**
   * Whether close() was called.
   *
   * @return true from then on
   */
  public boolean isClosed() {
    return handle.closed();
  }

  /** Gives up the engine. Any later use but another close() throws IllegalStateException. */
  @Override
  public void close() {
    handle.close();
  }

  private String answer(LongFunction<byte[]> call) {
    try {
      return handle.answer(call);
    } finally {
      Reference.reachabilityFence(this); // else the listeners could be collected while the call tells them
    }
  }

  private void run(LongConsumer call) {
    answer(engine -> {
      call.accept(engine);
      return new byte[0];
    });
  }
}
