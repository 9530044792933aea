package io.jobmedic.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jobmedic.Engine;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.spark.launcher.SparkLauncher;

/**
 * Runs a Spark application until it succeeds, or until jobmedic says that another try is not worth its money: submit, collect the
 * logs, ask, resubmit with the patched configuration, tell the outcome. The engine needs a store; it is shared by all runs.
 */
public final class RetryingSparkLauncher {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Engine engine;
  private final Path logs;
  private final double usdPerHour;

  /** Logs of each try go into a folder of its own in {@code logs}; an hour of a try costs {@code usdPerHour} US dollars. */
  public RetryingSparkLauncher(Engine engine, Path logs, double usdPerHour) {
    this.engine = engine;
    this.logs = logs.toAbsolutePath();
    this.usdPerHour = usdPerHour;
  }

  /** What is to run. {@code launcher()} is asked once a try, for all but the configuration and the output. */
  public interface Application {
    SparkLauncher launcher() throws IOException;

    /** Where Spark leaves its executors' logs: jobmedic.collector/1's "work_directory". */
    Path workDirectory();
  }

  /** Whether the application succeeded, with {@code config} or what jobmedic makes of it. */
  public boolean run(String job, String run, Map<String, String> config, Application application)
      throws IOException, InterruptedException {
    for (int number = 1;; ++number) {
      ObjectNode attempt = JSON.createObjectNode().put("schema", "jobmedic.attempt/1").put("job", job).put("run", run)
          .put("attempt", number).put("engine", "spark").putPOJO("config", config);
      // The patches that earlier tries have earned, this run's or yesterday's.
      attempt.set("config", JSON.readTree(engine.getConfig(attempt.toString())).get("config"));
      Path folder = Files.createDirectories(logs.resolve(job + "-" + run + "-" + number));
      submit(attempt, folder, application);
      if (attempt.at("/outcome/succeeded").asBoolean()) {
        engine.recordOutcome(attempt.toString(), null); // keeps the patches that it ran with
        tell(attempt, "succeeded");
        return true;
      }
      JsonNode answer = heal(attempt, folder, application);
      tell(attempt, answer.at("/classification/rule").asText("unknown failure") + ": " + answer.at("/retry/reason").asText());
      if (!answer.at("/retry/restart").asBoolean()) {
        return false;
      }
      Thread.sleep((long) (1000 * answer.at("/retry/after_s").asDouble()));
    }
  }

  /** Runs it to its end, and notes when, how long and how it went. */
  private void submit(ObjectNode attempt, Path folder, Application application) throws IOException, InterruptedException {
    Path events = Files.createDirectories(folder.resolve("events"));
    SparkLauncher launcher = application.launcher().redirectOutput(file(folder, "driver.stdout"))
        .redirectError(file(folder, "driver.stderr")).setConf("spark.eventLog.enabled", "true")
        .setConf("spark.eventLog.dir", events.toUri().toString());
    attempt.get("config").fields().forEachRemaining(each -> launcher.setConf(each.getKey(), each.getValue().asText()));
    Instant start = Instant.now();
    int code = launcher.launch().waitFor();
    double seconds = Duration.between(start, Instant.now()).toMillis() / 1e3;
    attempt.put("started_at", start.toString()).put("duration_s", seconds);
    attempt.putObject("outcome").put("succeeded", code == 0).put("exit_code", code).put("cost_usd", seconds / 3600 * usdPerHour);
  }

  /** The verdict on its logs, with what Spark's event log tells of its memory, and the decision, jobmedic.remediation/1. */
  private JsonNode heal(ObjectNode attempt, Path folder, Application application) throws IOException {
    ObjectNode collector = JSON.createObjectNode().put("schema", "jobmedic.collector/1");
    collector.putArray("sources").add(source("driver", "glob", folder + "/driver.*"))
        .add(source("events", "event_log", folder + "/events"))
        .add(source("executors", "work_directory", application.workDirectory().toString()));
    JsonNode collected = JSON.readTree(engine.collect(attempt.toString(), collector.toString()));
    return JSON.readTree(engine.remediateClassified(collected.get("attempt").toString(), collected.get("classification").toString()));
  }

  private static ObjectNode source(String name, String kind, String path) {
    return JSON.createObjectNode().put("name", name).put("kind", kind).put("path", path);
  }

  private static File file(Path folder, String name) {
    return folder.resolve(name).toFile();
  }

  private static void tell(JsonNode attempt, String what) {
    System.out.printf("try %d of %s with %s: %.0f s, %s%n", attempt.get("attempt").asInt(), attempt.get("job").asText(),
        attempt.get("config"), attempt.get("duration_s").asDouble(), what);
  }
}
