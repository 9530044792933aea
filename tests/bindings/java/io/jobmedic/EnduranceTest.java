package io.jobmedic;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/**
 * Many calls, from many threads, in a JVM with a small heap whose pages are all touched at its start: what grows then is native.
 * $JOBMEDIC_ALL_RUNS: a million calls.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class EnduranceTest {
  private static final boolean ALL = System.getenv("JOBMEDIC_ALL_RUNS") != null;
  private static final List<String> SMALL_HEAP = List.of("-Xms96m", "-Xmx96m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC",
      "-XX:TieredStopAtLevel=1");
  private static final String ONE_RULE = "{\"shipped_rules\": false, \"rules\": [{\"schema\": \"jobmedic.rules/1\", \"rules\": [{"
      + "\"name\": \"Heap\", \"source\": \"mine\", \"regex\": \"Java heap space\", \"summary\": \"Heap.\","
      + "\"category\": \"memory_config\", \"fault\": \"user\", \"restartable\": false, \"advice\": \"More.\","
      + "\"matches\": [\"Java heap space\"]}]}]}";

  private static final String DOCUMENT = "{\"spark.executor.memory\": \"2g\", \"name\": \"😀\"}";
  private static final String PATCH = "[{\"op\": \"add\", \"path\": \"/spark.executor.memory\", \"value\": \"6g\"}]";
  private static final byte[] LOG = Handle.bytes("INFO all is well\njava.lang.OutOfMemoryError: Java heap space\n".repeat(20));

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

  private static long number(String regex, String text) {
    Matcher matcher = Pattern.compile(regex).matcher(text);
    assertTrue(matcher.find(), text);
    return Long.parseLong(matcher.group(1));
  }

  @Test
  void a_million_calls_do_not_grow_the_process() throws Exception {
    String printed = Child.run(SMALL_HEAP, ManyCalls.class, ALL ? "1000000" : "100000");
    System.out.println((ALL ? "1000000" : "100000") + " calls: " + printed.trim());
    assertTrue(number("grew by (-?\\d+)", printed) < 8_000_000, printed);
  }

  @Test
  void ten_thousand_calls_of_sixteen_threads_with_engines_opened_and_closed_meanwhile() throws Exception {
    String printed = Child.run(SMALL_HEAP, ManyThreads.class, "16", "10000");
    System.out.println("16 threads: " + printed.trim());
    assertTrue(number("opened (\\d+)", printed) > 3, printed);
    assertTrue(number("left (\\d+)", printed) == 0, printed);
    assertTrue(number("grew by (-?\\d+)", printed) < 16_000_000, printed);
  }
}
