package io.jobmedic;

import static io.jobmedic.FailedJob.read;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real recorded logs, in every form in which a JVM may have them. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ClassifyTest {
  private static Engine engine;
  private final FailedJob job = FailedJob.example();
  private final String attempt = job.attempt().toString();

  @BeforeAll
  static void open() {
    engine = Engine.create();
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  @Test
  void the_failure_gets_its_true_category_with_the_line_that_tells() {
    JsonNode verdict = read(engine.classify(attempt, job.logs()));
    assertEquals("jobmedic.classification/1", verdict.path("schema").asText());
    assertEquals("memory_config", verdict.path("category").asText());
    JsonNode evidence = verdict.path("evidence");
    String log = FailedJob.text(job.folder.resolve(evidence.path("log").asText()));
    assertEquals(log.split("\n")[evidence.path("line").asInt() - 1], evidence.path("text").asText());
  }

  @Test
  void arrays_buffers_mapped_files_paths_and_pieces_give_the_same_verdict() {
    String expected = engine.classify(attempt, job.logs());
    assertEquals(expected, engine.classify(attempt, job.logs(Log::of)));
    assertEquals(expected, engine.classify(attempt, job.logs(file -> Log.of(name(file), file))));
    assertEquals(expected, engine.classify(attempt, job.logs(file -> Log.of(name(file), ByteBuffer.wrap(FailedJob.bytes(file))))));
    assertEquals(expected, engine.classify(attempt, job.logs(file -> Log.of(name(file), mapped(file)))));
    assertEquals(expected, engine.classify(attempt, job.logs(file -> Log.of(name(file), amidOthers(file)))));
    for (int size : new int[] {1000, 7, 100_000}) {
      try (Scan scan = engine.scan(attempt)) {
        job.files().forEach(file -> feed(scan, file, size));
        assertEquals(expected, scan.result());
      }
    }
  }

  @Test
  void every_recorded_failure_gets_its_true_category() throws IOException {
    Path failures = FailedJob.data().resolve("spark-failures");
    assumeTrue(Files.isDirectory(failures), "no " + failures);
    int compared = 0;
    for (Path folder : folders(failures)) {
      JsonNode truth = read(FailedJob.text(folder.resolve("meta.json")));
      if (truth.path("exit_code").asInt() != 0 && truth.path("category").isTextual()) {
        JsonNode verdict = read(engine.classify(attemptOf(truth), new FailedJob(folder).logs(Log::of)));
        assertEquals(truth.path("category").asText(), verdict.path("category").asText(), folder.toString());
        ++compared;
      }
    }
    assertTrue(compared >= 90, compared + " were compared");
  }

  @Test
  void bytes_that_are_no_text_and_empty_logs_are_just_logs() {
    byte[] all = new byte[12_800];
    for (int i = 0; i < all.length; ++i) {
      all[i] = (byte) i;
    }
    Log[] logs = {Log.of("driver.stderr", all), Log.of("driver.stdout", new byte[0]), Log.of("", new byte[1]),
        Log.of("executor-0.stderr", ByteBuffer.allocateDirect(0)), Log.of("executor-1.stderr", ByteBuffer.allocate(0))};
    assertEquals(false, read(engine.classify(logs)).path("classified").asBoolean(true));
    assertEquals(false, read(engine.classify()).path("classified").asBoolean(true));
    try (Scan scan = engine.scan(null)) {
      scan.feed("driver.stderr", new byte[0]);
      scan.feed("driver.stderr", ByteBuffer.allocateDirect(0));
      assertEquals(false, read(scan.result()).path("classified").asBoolean(true));
    }
  }

  @Test
  void a_job_may_have_thousands_of_logs() {
    List<Log> logs = Stream.iterate(0, i -> i + 1).limit(5000).map(i -> Log.of("executor-" + i + ".stderr", new byte[i % 100]))
        .collect(Collectors.toList());
    logs.addAll(job.logs(Log::of).subList(0, 2));
    assertEquals("memory_config", read(engine.classify(null, logs)).path("category").asText());
  }

  @Test
  void a_collector_finds_the_logs_itself(@TempDir Path folder) throws IOException {
    Path dying = Files.createDirectories(folder.resolve("dying"));
    for (Path file : job.files()) {
      Files.copy(file, dying.resolve(name(file)));
    }
    String collector = "{\"schema\": \"jobmedic.collector/1\", \"sources\": [{\"name\": \"all\", \"kind\": \"glob\", \"path\": "
        + FailedJob.quoted(folder + "/{job}/*") + "}]}";
    String dead = job.attempt().put("job", "dying").toString();
    JsonNode collection = read(engine.collect(dead, collector));
    assertEquals("memory_config", collection.path("classification").path("category").asText());
    assertEquals("dying", collection.path("attempt").path("job").asText());
    try (Engine own = Engine.create("{\"collector\": " + collector + "}")) {
      assertEquals(collection, read(own.collect(dead, null)));
      assertEquals("memory_config", read(own.classify(dead, List.of())).path("category").asText());
    }
  }

  /** What a scheduler knows of a recorded run. */
  private static String attemptOf(JsonNode truth) {
    return "{\"schema\": \"jobmedic.attempt/1\", \"job\": \"recorded\", \"engine\": \"spark\", \"config\": " + truth.get("config")
        + ", \"outcome\": {\"succeeded\": false, \"exit_code\": " + truth.get("exit_code") + "}}";
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  private static ByteBuffer mapped(Path file) {
    try (FileChannel channel = FileChannel.open(file)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
    } catch (IOException problem) {
      throw new AssertionError(problem);
    }
  }

  /** In the middle of a larger direct buffer. */
  private static ByteBuffer amidOthers(Path file) {
    byte[] content = FailedJob.bytes(file);
    ByteBuffer larger = ByteBuffer.allocateDirect(content.length + 200);
    larger.position(100);
    larger.put(content);
    larger.limit(larger.position()).position(100);
    return larger;
  }

  /** Arrays, parts of arrays, heap and direct buffers in turn. */
  private static void feed(Scan scan, Path file, int size) {
    byte[] content = FailedJob.bytes(file);
    ByteBuffer direct = amidOthers(file);
    int start = direct.position();
    for (int at = 0, turn = 0; at < content.length || turn == 0; at += size, ++turn) {
      int length = Math.min(size, content.length - at);
      if (turn % 3 == 0) {
        scan.feed(name(file), content, at, length);
      } else if (turn % 3 == 1) {
        scan.feed(name(file), ByteBuffer.wrap(content, at, length));
      } else {
        ByteBuffer piece = direct.duplicate();
        piece.limit(start + at + length).position(start + at);
        scan.feed(name(file), piece);
        assertEquals(0, piece.remaining());
      }
    }
  }

  private static List<Path> folders(Path of) throws IOException {
    try (Stream<Path> all = Files.list(of)) {
      return all.filter(folder -> Files.exists(folder.resolve("meta.json"))).sorted().collect(Collectors.toList());
    }
  }
}
