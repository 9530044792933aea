package io.jobmedic;

/**
 * jobmedic.h for JNI: a method a function, named after it. Text and documents are byte[] of UTF-8, handles are numbers that only
 * {@link Handle} hands out, and a failure is thrown as a {@link JobmedicException}. A test compares this list with the header.
 */
final class Native {
  /** The JOBMEDIC_ABI_VERSION that this package was written for. */
  static final int ABI_VERSION = 1;

  private Native() {}

  static native int abiVersion();

  static native String version();

  static native String statusName(int status);

  static native byte[] applyPatch(byte[] document, byte[] patch);

  static native byte[] diff(byte[] from, byte[] to);

  static native long engineCreate(byte[] config);

  static native void engineFree(long engine);

  static native byte[] engineWarmUp(long engine);

  static native void engineReload(long engine);

  static native byte[] engineInfo(long engine);

  static native byte[] metrics(long engine);

  /** A weak reference to the {@link Listeners} of an engine. */
  static native long listenersCreate(Object listeners);

  static native void listenersFree(long listeners);

  /** 0: nobody is told. */
  static native void engineSetLog(long engine, long listeners);

  static native void engineSetEvents(long engine, int level, long listeners);

  /** Three arrays of one length: names (byte[]), data (byte[] or a direct ByteBuffer) or null, paths (byte[]) or null. */
  static native byte[] classify(long engine, byte[] attempt, Object[] names, Object[] data, Object[] paths);

  static native byte[] collect(long engine, byte[] attempt, byte[] collector);

  static native byte[] recommend(long engine, byte[] attempt, byte[] classification);

  static native byte[] remediate(long engine, byte[] attempt, Object[] names, Object[] data, Object[] paths);

  static native byte[] remediateClassified(long engine, byte[] attempt, byte[] classification);

  static native byte[] getConfig(long engine, byte[] attempt);

  static native byte[] explainConfig(long engine, byte[] attempt);

  static native byte[] rightsize(long engine, byte[] attempt, boolean apply);

  static native byte[] putPatch(long engine, byte[] patch, byte[] author);

  static native byte[] changes(long engine, byte[] options);

  static native byte[] stopAutomation(long engine, boolean stop, byte[] author);

  static native long scanCreate(long engine, byte[] attempt);

  /** Of a byte[] or a direct ByteBuffer, {@code size} bytes at {@code offset}. */
  static native void scanFeed(long scan, byte[] name, Object data, int offset, int size);

  static native byte[] scanResult(long scan);

  static native void scanFree(long scan);

  static native void record(long engine, byte[] attempt);

  static native byte[] recordOutcome(long engine, byte[] attempt, byte[] options);

  static native byte[] importHistory(long engine, byte[] jsonLines);

  static native byte[] train(long engine, byte[] options, Object follower);

  static native long optimizerCreate(byte[] space, byte[] options);

  static native byte[] optimizerAsk(long optimizer);

  static native void optimizerTell(long optimizer, long trial, double value);

  static native byte[] optimizerBest(long optimizer);

  static native void optimizerFree(long optimizer);

  static native long forecasterCreate(byte[] model);

  static native long forecasterOpen(byte[] store);

  static native void forecasterFree(long forecaster);

  /** A new session: plain bytes. */
  static native byte[] forecastBegin(long forecaster, byte[] place);

  /** Changes {@code session}, and fills {@code forecast}: level, alert, accepted, probability, seconds. */
  static native void forecastUpdate(long forecaster, byte[] session, double[] reading, double[] forecast);

  static native byte[] forecastReasons(long forecaster, byte[] session);

  static native byte[] forecastColumns();

  /** {@code readings}: rows of members. Fills {@code rows} and {@code accepted}. */
  static native void forecastFeatures(long forecaster, byte[] place, double[] readings, float[] rows, byte[] accepted);

  static native byte[] forecastDevice(byte[] device);

  static native byte[] forecastCurate(byte[] raw, byte[] options);

  static native byte[] forecastMerge(byte[] parts, byte[] options);
}
