package io.jobmedic;

import static io.jobmedic.FailedJob.read;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** When native objects end. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class HandlesTest {
  private static final String NO_RULES = "{\"shipped_rules\": false}";
  private static final String SPACE =
      "{\"schema\": \"jobmedic.space/1\", \"parameters\": [{\"name\": \"x\", \"type\": \"real\", \"min\": 0, \"max\": 1}]}";

  @BeforeEach
  void what_other_tests_left_is_collected() throws InterruptedException {
    collect(0);
  }

  /** Waits until the cleaner has freed what is garbage. */
  private static void collect(int left) throws InterruptedException {
    for (int i = 0; i < 100 && Handle.open() > left; ++i) {
      System.gc();
      Thread.sleep(20);
    }
    assertEquals(left, Handle.open());
  }

  private static void closed(String kind, Executable use) {
    assertEquals("this " + kind + " is closed", assertThrows(IllegalStateException.class, use).getMessage());
  }

  @Test
  void use_after_close_is_an_exception_and_closing_twice_is_not() {
    Engine engine = Engine.create(NO_RULES);
    Scan scan = engine.scan(null);
    Optimizer optimizer = Optimizer.create(SPACE);
    Forecaster forecaster = Forecaster.create();
    Session session = forecaster.begin(null);
    for (int i = 0; i < 2; ++i) {
      engine.close();
      scan.close();
      optimizer.close();
      forecaster.close();
    }
    assertTrue(engine.isClosed() && forecaster.isClosed());
    assertEquals(0, Handle.open());
    closed("Engine", engine::info);
    closed("Engine", () -> engine.classify());
    closed("Engine", () -> engine.setLog(null));
    closed("Engine", () -> engine.scan(null));
    closed("Scan", () -> scan.feed("a.log", new byte[1]));
    closed("Scan", scan::result);
    closed("Optimizer", optimizer::ask);
    closed("Optimizer", () -> optimizer.tell(1, 1));
    closed("Forecaster", () -> forecaster.begin(null));
    closed("Forecaster", () -> forecaster.resume(session.state()));
    closed("Forecaster", () -> session.update(new Reading()));
    closed("Forecaster", session::reasons);
  }

  @Test
  void a_scan_outlives_its_engine() {
    FailedJob job = FailedJob.example();
    Scan scan;
    String expected;
    try (Engine engine = Engine.create()) {
      scan = engine.scan(null);
      expected = engine.classify(job.logs().toArray(new Log[0]));
    }
    job.files().forEach(file -> scan.feed(file.getFileName().toString(), FailedJob.bytes(file)));
    assertEquals(expected, scan.result());
    assertEquals(2, Handle.open());
    scan.close();
    assertEquals(0, Handle.open());
  }

  @Test
  void a_session_keeps_its_forecaster() throws InterruptedException {
    Session session = Forecaster.create().begin(null);
    for (int i = 0; i < 5; ++i) {
      System.gc();
      Thread.sleep(20);
    }
    session.update(new Reading());
    assertEquals(1, Handle.open());
  }

  @Test
  void what_is_never_closed_is_freed_when_it_is_garbage() throws InterruptedException {
    for (int i = 0; i < 20; ++i) {
      Engine engine = Engine.create(NO_RULES);
      engine.setLog((level, message) -> engine.info()); // leads back to the engine
      engine.scan(null).feed("a.log", new byte[10]);
      Optimizer.create(SPACE).ask();
      Forecaster.create().begin(null).update(new Reading());
    }
    collect(0);
  }

  @Test
  void a_failed_create_leaves_nothing() {
    for (int i = 0; i < 10; ++i) {
      assertThrows(JobmedicException.class, () -> Engine.create("{"));
      assertThrows(JobmedicException.class, () -> Optimizer.create("{"));
      assertThrows(JobmedicException.class, () -> Forecaster.create(Path.of("/no/such/model")));
      try (Engine engine = Engine.create(NO_RULES)) {
        assertThrows(JobmedicException.class, () -> engine.scan("{"));
      }
    }
    assertEquals(0, Handle.open());
  }

  @Test
  void close_during_a_call_of_another_thread_lets_the_call_finish() throws InterruptedException {
    Engine engine = Engine.create(NO_RULES);
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    AtomicReference<Throwable> problem = new AtomicReference<>();
    engine.setEvents(Level.INFO, (level, event) -> { // from within the reload below
      inside.countDown();
      try {
        closed.await();
      } catch (InterruptedException interrupted) {
        problem.set(interrupted);
      }
    });
    Thread caller = new Thread(() -> {
      try {
        engine.reload();
      } catch (Throwable thrown) {
        problem.set(thrown);
      }
    });
    caller.start();
    inside.await();
    engine.close();
    assertEquals(1, Handle.open());
    closed("Engine", engine::info);
    closed.countDown();
    caller.join();
    assertNull(problem.get());
    assertEquals(0, Handle.open());
  }

  @Test
  void a_listener_may_call_and_close_its_engine() {
    List<String> heard = new ArrayList<>();
    Engine engine = Engine.create(NO_RULES);
    engine.setEvents(Level.INFO, (level, event) -> {
      heard.add(level + " " + read(event).path("event").asText() + " " + read(engine.info()).path("rules").isMissingNode());
      engine.close();
    });
    engine.reload();
    assertEquals(List.of("INFO rules_reloaded false"), heard);
    closed("Engine", engine::reload);
    assertEquals(0, Handle.open());
  }

  @Test
  void a_listener_is_replaced_or_taken_away() {
    List<String> heard = new ArrayList<>();
    try (Engine engine = Engine.create(NO_RULES)) {
      engine.setLog((level, message) -> heard.add("first"));
      engine.setLog((level, message) -> heard.add("second"));
      engine.reload();
      engine.setLog(null);
      engine.reload();
    }
    assertEquals(List.of("second"), heard);
  }

  @Test
  void a_scan_refuses_a_second_thread() throws InterruptedException {
    try (Engine engine = Engine.create(NO_RULES); Scan scan = engine.scan(null)) {
      Alone alone = new Alone("Scan");
      AtomicReference<Throwable> refused = new AtomicReference<>();
      alone.in(() -> {
        Thread second = new Thread(() -> alone.in(() -> null));
        second.setUncaughtExceptionHandler((thread, thrown) -> refused.set(thrown));
        second.start();
        try {
          second.join();
        } catch (InterruptedException interrupted) {
          throw new AssertionError(interrupted);
        }
        return null;
      });
      assertEquals("another thread is using this Scan; it belongs to one thread at a time", refused.get().getMessage());
      scan.feed("a.log", new byte[1]);
      alone.in(() -> null);
    }
  }

  @Test
  void metrics_count_what_the_engine_did_and_warm_up_says_who_serves() {
    try (Engine engine = Engine.create(NO_RULES)) {
      engine.classify(Log.of("a.log", new byte[1]));
      assertTrue(engine.metrics().contains("jobmedic_operation_duration_seconds_count{operation=\"classify\"} 1\n"));
      assertTrue(read(engine.warmUp()).path("libtorch").isBoolean());
    }
  }
}
