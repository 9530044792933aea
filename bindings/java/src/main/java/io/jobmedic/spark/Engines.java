package io.jobmedic.spark;

import io.jobmedic.Engine;
import io.jobmedic.Natives;
import java.util.concurrent.ConcurrentHashMap;

/** One engine for each configuration in each JVM, so one in each executor: every task shares it, and it ends with the executor. */
final class Engines {
  private static final ConcurrentHashMap<String, Engine> OPEN = new ConcurrentHashMap<>();

  private Engines() {}

  static Engine of(String config) {
    return OPEN.computeIfAbsent(config, wanted -> {
      Natives.unpack(); // unless -Djobmedic.library names one
      return Engine.create(wanted);
    });
  }
}
