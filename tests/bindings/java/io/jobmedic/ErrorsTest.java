package io.jobmedic;

import static io.jobmedic.FailedJob.read;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Every failure is an exception with its status, its line and its place. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ErrorsTest {
  private static void fails(Status status, String pointer, String wanted, Executable call) {
    JobmedicException refused = assertThrows(JobmedicException.class, call);
    assertEquals(status, refused.status());
    assertEquals(wanted, read(refused.detail()).at(pointer).asText(), refused.detail());
    assertTrue(!refused.getMessage().isEmpty() && !refused.getMessage().contains("\n"), refused.getMessage());
  }

  @Test
  void errors_carry_their_place() {
    fails(Status.PARSE, "/offset", "1", () -> Jobmedic.applyPatch("{", "[]"));
    fails(Status.PATCH, "/pointer", "/a", () -> Jobmedic.applyPatch("{}", "[{\"op\": \"remove\", \"path\": \"/a\"}]"));
    fails(Status.SCHEMA, "/pointer", "/shipped_rules", () -> Engine.create("{\"shipped_rules\": 1}"));
    fails(Status.SCHEMA, "/pointer", "/parameters", () -> Optimizer.create("{\"schema\": \"jobmedic.space/1\"}"));
    fails(Status.STORE, "/path", "", () -> Engine.create("{\"store\": \"sqlite:/no/such/folder/store.db\"}"));
    fails(Status.IO, "/path", "/no/such.json", () -> Engine.create("{\"rules\": [\"/no/such.json\"]}"));
    try (Engine engine = Engine.create("{\"shipped_rules\": false}")) {
      fails(Status.IO, "/errno", "2", () -> engine.classify(Log.of(Path.of("/no/such/driver.stderr"))));
      fails(Status.SCHEMA, "/pointer", "/job", () -> engine.classify("{\"schema\": \"jobmedic.attempt/1\"}", List.of()));
      fails(Status.INVALID_ARGUMENT, "/argument", "",
          () -> engine.record("{\"schema\": \"jobmedic.attempt/1\", \"job\": \"a\"}"));
      fails(Status.SCHEMA, "/pointer", "/job", () -> engine.scan("{\"schema\": \"jobmedic.attempt/1\"}"));
      fails(Status.PARSE, "/offset", "0", () -> engine.scan(""));
      fails(Status.SCHEMA, "/pointer", "/schema", () -> engine.rightsize("{}", true));
      fails(Status.INVALID_ARGUMENT, "/argument", "", () -> engine.rightsize(FailedJob.example().next().toString(), false));
    }
    fails(Status.IO, "/path", "/no/such/model", () -> Forecaster.create(Path.of("/no/such/model")));
    fails(Status.MODEL, "/path", "", () -> Forecaster.create(FailedJob.ROOT.resolve("LICENSE")));
    try (Forecaster forecaster = Forecaster.create()) {
      fails(Status.PARSE, "/offset", "1", () -> forecaster.begin("{"));
      fails(Status.SCHEMA, "/pointer", "/limit_bytes", () -> forecaster.begin("{\"limit_bytes\": -1}"));
    }
  }

  @Test
  void null_is_refused_before_anything_happens() {
    assertThrows(NullPointerException.class, () -> Jobmedic.diff(null, "{}"));
    assertThrows(NullPointerException.class, () -> Log.of("driver.stderr", (byte[]) null));
    assertThrows(NullPointerException.class, () -> Log.of(null, new byte[0]));
    try (Engine engine = Engine.create("{\"shipped_rules\": false}"); Scan scan = engine.scan(null)) {
      assertThrows(NullPointerException.class, () -> engine.remediate(null, List.of()));
      assertThrows(NullPointerException.class, () -> engine.classify(null, Arrays.asList((Log) null)));
      assertThrows(NullPointerException.class, () -> scan.feed(null, new byte[1]));
      assertThrows(IndexOutOfBoundsException.class, () -> scan.feed("a.log", new byte[4], 2, 3));
      assertThrows(IndexOutOfBoundsException.class, () -> scan.feed("a.log", new byte[4], -1, 3));
    }
  }

  @Test
  void the_status_codes_are_the_headers() {
    Matcher codes = Pattern.compile("JOBMEDIC_E_(\\w+) = (\\d+)").matcher(
        FailedJob.text(FailedJob.ROOT.resolve("capi/jobmedic.h")));
    int count = 0;
    for (; codes.find(); ++count) {
      Status status = Status.of(Integer.parseInt(codes.group(2)));
      assertEquals(codes.group(1), status.name());
      assertEquals(Native.statusName(status.code()), status.name().toLowerCase(Locale.ROOT));
    }
    assertEquals(Status.values().length - 1, count); // less UNKNOWN
    assertEquals(Status.UNKNOWN, Status.of(99));
  }

  @Test
  void an_exception_crosses_processes() throws Exception {
    JobmedicException refused = assertThrows(JobmedicException.class, () -> Jobmedic.applyPatch("{", "[]"));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(refused);
    }
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      JobmedicException copy = (JobmedicException) in.readObject();
      assertEquals(refused.status() + refused.getMessage() + refused.detail(), copy.status() + copy.getMessage() + copy.detail());
    }
  }

  @Test
  void what_a_listener_throws_goes_to_its_threads_handler_and_the_call_goes_on() throws InterruptedException {
    AtomicReference<Throwable> caught = new AtomicReference<>();
    RuntimeException thrown = new RuntimeException("a bug in the listener");
    try (Engine engine = Engine.create("{\"shipped_rules\": false}")) {
      engine.setEvents(Level.INFO, (level, event) -> {
        throw thrown;
      });
      Thread thread = new Thread(engine::reload);
      thread.setUncaughtExceptionHandler((where, what) -> caught.set(what));
      thread.start();
      thread.join();
      assertSame(thrown, caught.get());
      assertEquals(0, read(engine.classify()).path("log_bytes").asInt(-1));
    }
  }
}
