package io.jobmedic;

/** Is told what an engine does; see {@link Engine#setLog}. */
@FunctionalInterface
public interface LogListener {
  /**
   * Called on the thread of the call concerned, by several threads at once where several call. What it throws goes to that
   * thread's uncaught exception handler, and the call goes on.
   *
   * @param level how much it matters
   * @param message one line
   */
  void told(Level level, String message);
}
