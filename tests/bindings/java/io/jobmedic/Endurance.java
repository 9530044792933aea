package io.jobmedic;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;

/** Programs of many calls, for {@link EnduranceTest} and, without JUnit, for tests/bindings/sanitize. */
final class Endurance {
  private static final String ONE_RULE = "{\"shipped_rules\": false, \"rules\": [{\"schema\": \"jobmedic.rules/1\", \"rules\": [{"
      + "\"name\": \"Heap\", \"source\": \"mine\", \"regex\": \"Java heap space\", \"summary\": \"Heap.\","
      + "\"category\": \"memory_config\", \"fault\": \"user\", \"restartable\": false, \"advice\": \"More.\","
      + "\"matches\": [\"Java heap space\"]}]}]}";

  private static final String DOCUMENT = "{\"spark.executor.memory\": \"2g\", \"name\": \"😀\"}";
  private static final String PATCH = "[{\"op\": \"add\", \"path\": \"/spark.executor.memory\", \"value\": \"6g\"}]";
  private static final byte[] LOG = Handle.bytes("INFO all is well\njava.lang.OutOfMemoryError: Java heap space\n".repeat(20));

  private Endurance() {}

  /** Of the children. */
  private static final class Shipped {
    private static final Forecaster FORECASTER = Forecaster.create();
  }

  /** One of each kind of call, among them those that fail. */
  private static void calls(Engine engine, int number) {
    switch (number % 6) {
      case 0:
        verify(engine.classify(Log.of("driver.stderr", LOG)).contains("\"rule\":\"Heap\""));
        break;
      case 1:
        verify(Jobmedic.applyPatch(DOCUMENT, PATCH).contains("6g"));
        break;
      case 2:
        try (Scan scan = engine.scan(null)) {
          scan.feed("driver.stderr", LOG);
          verify(scan.result().contains("\"rule\":\"Heap\""));
        }
        break;
      case 3:
        try {
          Jobmedic.applyPatch("{", PATCH);
          verify(false);
        } catch (JobmedicException expected) {
          verify(expected.status() == Status.PARSE);
        }
        break;
      case 4:
        verify(Shipped.FORECASTER.begin(null).update(new Reading().set(Reading.Member.TIME_S, 0)
            .set(Reading.Member.USAGE_BYTES, 1e8)).accepted());
        break;
      default:
        verify(Jobmedic.diff(DOCUMENT, "{}").startsWith("["));
    }
  }

  private static void verify(boolean held) {
    if (!held) {
      throw new AssertionError("a wrong answer");
    }
  }

  private static long residentBytes() throws Exception {
    System.gc();
    Thread.sleep(200);
    return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]) * 4096;
  }

  /** CALLS: prints by how many bytes the process grew over them, after a tenth of as many. */
  public static final class ManyCalls {
    private ManyCalls() {}

    public static void main(String[] arguments) throws Exception {
      int count = Integer.parseInt(arguments[0]);
      try (Engine engine = Engine.create(ONE_RULE)) {
        run(engine, Math.max(count / 10, 20_000));
        long before = residentBytes();
        run(engine, count);
        System.out.println("grew by " + (residentBytes() - before));
      }
    }

    private static void run(Engine engine, int count) {
      for (int i = 0; i < count; ++i) {
        calls(engine, i);
      }
    }
  }

  /** THREADS CALLS: the same from many threads, one of which closes the engine and opens another all the time. */
  public static final class ManyThreads {
    private ManyThreads() {}

    public static void main(String[] arguments) throws Exception {
      int threads = Integer.parseInt(arguments[0]);
      int count = Integer.parseInt(arguments[1]);
      run(threads, count);
      long before = residentBytes();
      int opened = run(threads, count);
      Shipped.FORECASTER.close();
      System.out.println("opened " + opened + " engines, left " + Handle.open() + ", grew by " + (residentBytes() - before));
    }

    private static int run(int threads, int count) throws Exception {
      AtomicReference<Engine> shared = new AtomicReference<>(Engine.create(ONE_RULE));
      ExecutorService pool = Executors.newFixedThreadPool(threads);
      List<Future<?>> working = new ArrayList<>();
      for (int thread = 0; thread < threads; ++thread) {
        int first = thread;
        working.add(pool.submit(() -> {
          for (int i = first; i < count; i += threads) {
            call(shared, i);
          }
        }));
      }
      int opened = 1;
      for (; !working.stream().allMatch(Future::isDone); ++opened) {
        shared.getAndSet(Engine.create(ONE_RULE)).close();
        Thread.sleep(2);
      }
      for (Future<?> each : working) {
        each.get();
      }
      pool.shutdown();
      shared.get().close();
      return opened;
    }

    /** An engine that was closed in between is an exception, and then the new one's turn. */
    private static void call(AtomicReference<Engine> shared, int number) {
      for (;;) {
        try {
          calls(shared.get(), number);
          return;
        } catch (IllegalStateException closed) {
          verify(closed.getMessage().equals("this Engine is closed"));
        }
      }
    }
  }
}
