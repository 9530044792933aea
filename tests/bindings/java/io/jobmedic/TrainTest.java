package io.jobmedic;

import static io.jobmedic.FailedJob.quoted;
import static io.jobmedic.FailedJob.read;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model of a real history, followed and cancelled. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TrainTest {
  private static final String SHORT = "{\"seed\": 1, \"max_epochs\": 2}";

  @TempDir Path folder;
  private Engine engine;

  @BeforeEach
  void open() throws Exception {
    Path module = Path.of(Natives.path()).resolveSibling("libjobmedic_torch.so");
    assumeTrue(Files.exists(module), module + " is not built");
    engine = Engine.create("{\"store\": " + quoted("sqlite:" + folder + "/store.db") + "}");
    engine.importHistory(FailedJob.ROOT.resolve("examples/data/history.jsonl"));
  }

  @AfterEach
  void close() {
    if (engine != null) {
      engine.close();
    }
  }

  @Test
  void a_training_is_followed_and_its_report_says_whether_it_serves() {
    List<Double> seen = new ArrayList<>();
    JsonNode report = read(engine.train(SHORT, (done, what) -> seen.add(done)));
    assertTrue(report.path("promoted").isBoolean() && report.path("version").isTextual(), report.toString());
    assertEquals(1.0, seen.get(seen.size() - 1));
    assertTrue(seen.size() > 2);
  }

  @Test
  void a_follower_cancels_by_false_or_by_an_exception_which_comes_out() {
    JobmedicException cancelled = assertThrows(JobmedicException.class, () -> engine.train(SHORT, (done, what) -> false));
    assertEquals(Status.CANCELLED, cancelled.status());
    IllegalArgumentException bug = new IllegalArgumentException("a bug in the follower");
    assertSame(bug, assertThrows(IllegalArgumentException.class, () -> engine.train(SHORT, (done, what) -> {
      throw bug;
    })));
    assertTrue(read(engine.info()).path("model").isNull() || read(engine.info()).path("model").asText().isEmpty());
  }
}
