package io.jobmedic;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Refuses a second thread where the library would be undone by it. */
final class Alone {
  private final String kind;
  private final AtomicBoolean busy = new AtomicBoolean();

  Alone(String kind) {
    this.kind = kind;
  }

  <T> T in(Supplier<T> call) {
    if (!busy.compareAndSet(false, true)) {
      throw new IllegalStateException("another thread is using this " + kind + "; it belongs to one thread at a time");
    }
    try {
      return call.get();
    } finally {
      busy.set(false);
    }
  }
}
