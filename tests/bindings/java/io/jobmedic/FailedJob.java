package io.jobmedic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A Spark run that really failed: its attempt, and its logs. */
final class FailedJob {
  static final Path ROOT = Path.of(System.getProperty("jobmedic.root", ".")).toAbsolutePath().normalize();
  private static final ObjectMapper JSON = new ObjectMapper();

  final Path folder;

  FailedJob(Path folder) {
    this.folder = folder;
  }

  /** The one of examples/data. */
  static FailedJob example() {
    return new FailedJob(ROOT.resolve("examples/data/failed-job"));
  }

  /** Where real recorded data is. */
  static Path data() {
    String configured = System.getenv("JOBMEDIC_TEST_DATA");
    return configured != null ? Path.of(configured) : ROOT.resolveSibling("shared/data");
  }

  static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException problem) {
      throw new AssertionError(json, problem);
    }
  }

  static String quoted(Object text) {
    return JSON.getNodeFactory().textNode(text.toString()).toString();
  }

  ObjectNode attempt() {
    return (ObjectNode) read(text(folder.resolve("attempt.json")));
  }

  /** The same job on the next day, before it starts. */
  ObjectNode next() {
    ObjectNode next = attempt();
    next.remove(List.of("outcome", "metrics", "duration_s"));
    return next.put("run", "the next");
  }

  List<Path> files() {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> file.toString().matches(".*\\.std(out|err)")).sorted().collect(Collectors.toList());
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  List<Log> logs() {
    return logs(file -> Log.of(file.getFileName().toString(), bytes(file)));
  }

  List<Log> logs(Function<Path, Log> log) {
    return files().stream().map(log).collect(Collectors.toList());
  }

  static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  static String text(Path file) {
    return Handle.text(bytes(file));
  }
}
