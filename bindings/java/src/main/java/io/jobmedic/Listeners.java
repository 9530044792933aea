package io.jobmedic;

/**
 * Who is told what an engine does, as the native side calls it. It refers to this weakly, so a listener that leads back to its
 * engine does not keep the engine from being collected.
 */
final class Listeners {
  volatile LogListener log;
  volatile EventListener event;

  void log(int level, byte[] message) {
    LogListener listener = log;
    if (listener != null) {
      tell(() -> listener.told(Level.of(level), Handle.text(message)));
    }
  }

  void event(int level, byte[] document) {
    EventListener listener = event;
    if (listener != null) {
      tell(() -> listener.told(Level.of(level), Handle.text(document)));
    }
  }

  /** C must not be unwound, and the call it tells about did not fail. */
  private static void tell(Runnable listener) {
    try {
      listener.run();
    } catch (Throwable thrown) { // an Error, too
      Thread here = Thread.currentThread();
      here.getUncaughtExceptionHandler().uncaughtException(here, thrown);
    }
  }
}
