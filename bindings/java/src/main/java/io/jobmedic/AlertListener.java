package io.jobmedic;

/** Acts before a process is killed: frees caches, lowers the quality; see {@link Forecaster#begin(String, AlertListener)}. */
@FunctionalInterface
public interface AlertListener {
  /**
   * Called for each accepted reading with an alert, on the thread of {@link Session#update} and before it returns. It may use the
   * session. What it throws comes out of the update, whose reading counted.
   *
   * @param forecast with an alert
   */
  void told(Forecast forecast);
}
