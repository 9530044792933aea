package io.jobmedic;

import static io.jobmedic.FailedJob.read;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** What needs no engine. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ConfigurationsTest {
  private static final String SPACE =
      "{\"schema\": \"jobmedic.space/1\", \"parameters\": [{\"name\": \"x\", \"type\": \"real\", \"min\": -2, \"max\": 3}]}";

  @Test
  void a_patch_applies_and_a_difference_is_a_patch() {
    String document = "{\"b\":1,\"a\":[1,2]}";
    String changed = Jobmedic.applyPatch(document, "[{\"op\":\"add\",\"path\":\"/a/-\",\"value\":3}]");
    assertEquals("{\"b\":1,\"a\":[1,2,3]}", changed);
    assertEquals(changed, Jobmedic.applyPatch(document, Jobmedic.diff(document, changed)));
  }

  @Test
  void the_version_is_the_one_of_the_package() {
    assertEquals(System.getProperty("jobmedic.version"), Jobmedic.version());
  }

  @Test
  void the_optimizer_finds_the_bottom_and_the_same_seed_gives_the_same_trials() {
    try (Optimizer first = Optimizer.create(SPACE, "{\"seed\": 3}"); Optimizer second = Optimizer.create(SPACE, "{\"seed\": 3}")) {
      assertTrue(read(first.best()).path("best").isNull());
      for (int i = 0; i < 20; ++i) {
        JsonNode trial = read(first.ask());
        assertEquals(trial, read(second.ask()));
        double x = trial.at("/parameters/x").asDouble();
        double value = i == 4 ? Double.NaN : (x - 1) * (x - 1); // NaN: that trial failed
        first.tell(trial.path("trial").asLong(), value);
        second.tell(trial.path("trial").asLong(), value);
      }
      assertEquals(1, read(first.best()).at("/best/parameters/x").asDouble(), 0.1);
      JobmedicException refused = assertThrows(JobmedicException.class, () -> first.tell(1, 0));
      assertEquals(Status.INVALID_ARGUMENT, refused.status());
    }
  }
}
