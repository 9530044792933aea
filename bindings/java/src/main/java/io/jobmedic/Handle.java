package io.jobmedic;

import java.lang.ref.Cleaner;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

/**
 * A native handle and its users: the owner, until it closes, and every call in flight. The last one frees it, so close() never
 * waits and never pulls the ground from under another thread.
 */
final class Handle {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final AtomicInteger OPEN = new AtomicInteger();

  private final State state;
  private final Cleaner.Cleanable cleanable;

  /** Frees {@code address} at the latest when {@code owner} is garbage; {@code free} must not refer to the owner. */
  Handle(Object owner, String kind, long address, LongConsumer free) {
    state = new State(kind, address, free);
    OPEN.incrementAndGet();
    cleanable = CLEANER.register(owner, state::close);
  }

  /** How many there are that were not freed yet. */
  static int open() {
    return OPEN.get();
  }

  void close() {
    cleanable.clean();
  }

  boolean closed() {
    return state.closed;
  }

  /** The address, which stays valid until {@link #leave}. */
  long enter() {
    return state.enter();
  }

  void leave() {
    state.leave();
  }

  <T> T use(LongFunction<T> call) {
    long address = state.enter();
    try {
      return call.apply(address);
    } finally {
      state.leave();
    }
  }

  /** A call that answers with text. */
  String answer(LongFunction<byte[]> call) {
    return text(use(call));
  }

  static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  /** null stays null. */
  static byte[] bytes(String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  /** Apart from Handle, since what the cleaner holds must not lead to the owner. */
  private static final class State {
    private final String kind;
    private final long address;
    private final LongConsumer free;
    private final AtomicInteger users = new AtomicInteger(1);
    private volatile boolean closed;

    State(String kind, long address, LongConsumer free) {
      this.kind = kind;
      this.address = address;
      this.free = free;
    }

    long enter() {
      for (int now = users.get(); !closed && now > 0; now = users.get()) {
        if (users.compareAndSet(now, now + 1)) {
          return address;
        }
      }
      throw new IllegalStateException("this " + kind + " is closed");
    }

    void leave() {
      if (users.decrementAndGet() == 0) {
        free.accept(address);
        OPEN.decrementAndGet();
      }
    }

    /** Once only: the cleaner sees to that. */
    void close() {
      closed = true;
      leave();
    }
  }
}
