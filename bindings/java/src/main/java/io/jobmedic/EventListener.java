package io.jobmedic;

/** Is told what an engine does, as documents; see {@link Engine#setEvents}. */
@FunctionalInterface
public interface EventListener {
  /**
   * Called as {@link LogListener#told} is.
   *
   * @param level how much it matters
   * @param event jobmedic.event/1: {"at", "level", "event": "patch_skipped", "message", "job", ...}
   */
  void told(Level level, String event);
}
