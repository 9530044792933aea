package io.jobmedic;

import static io.jobmedic.FailedJob.quoted;
import static io.jobmedic.FailedJob.read;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a scheduler does: remediate, retry with the patched configuration, tell the outcome; and what its people do. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LoopTest {
  private static final String AUTHOR = "{\"by\": \"ana\", \"reason\": \"month end\"}";

  @TempDir Path folder;
  private final FailedJob job = FailedJob.example();
  private final String attempt = job.attempt().toString();
  private Engine engine;

  @BeforeEach
  void open() {
    engine = Engine.create("{\"store\": " + quoted("sqlite:" + folder + "/store.db") + "}");
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private String retry(boolean succeeded) {
    ObjectNode retry = job.attempt();
    retry.retain("schema", "job", "run");
    retry.put("attempt", 2).putObject("outcome").put("succeeded", succeeded);
    return retry.toString();
  }

  private String patch() {
    return "{\"schema\": \"jobmedic.patch/1\", \"scope\": {\"job\": " + job.attempt().get("job") + "}, \"patch\": "
        + "[{\"op\": \"add\", \"path\": \"/spark.executor.memory\", \"value\": \"6g\"}]}";
  }

  @Test
  void a_healed_job_gets_another_configuration_and_no_other_job_does() {
    engine.record(attempt);
    JsonNode answer = read(engine.remediate(attempt, job.logs()));
    assertTrue(answer.path("retry").path("restart").asBoolean());
    assertEquals("retry_with_patch", answer.path("recommendation").path("decision").asText());
    JsonNode config = read(engine.getConfig(job.next().toString()));
    assertEquals(answer.path("patch_id"), config.path("applied").path(0));
    String patched = Jobmedic.applyPatch(job.attempt().get("config").toString(), answer.at("/recommendation/patch").toString());
    assertEquals(read(patched), config.path("config"));
    assertNotEquals(job.attempt().get("config"), config.path("config"));
    assertEquals(0, read(engine.getConfig(job.next().put("job", "another").toString())).path("applied").size());
  }

  @Test
  void a_verdict_already_there_gets_the_same_advice() {
    String verdict = engine.classify(attempt, job.logs());
    JsonNode advice = read(engine.recommend(attempt, verdict));
    JsonNode answer = read(engine.remediateClassified(attempt, verdict));
    assertEquals(advice.path("patch"), answer.at("/recommendation/patch"));
    assertEquals(answer, read(engine.remediate(attempt, job.logs(Log::of))));
  }

  @Test
  void an_outcome_keeps_or_retires_the_patch_of_its_retry() {
    JsonNode patch = read(engine.remediate(attempt, job.logs())).path("patch_id");
    JsonNode kept = read(engine.recordOutcome(retry(true), null));
    assertEquals("recorded", kept.path("what").asText());
    assertEquals(patch, kept.at("/patches/0/id"));
    assertEquals("kept", kept.at("/patches/0/learnt").asText());
    assertEquals("known", read(engine.recordOutcome(retry(true), null)).path("what").asText());
    JobmedicException refused = assertThrows(JobmedicException.class, () -> engine.recordOutcome(retry(false), null));
    assertEquals(Status.INVALID_ARGUMENT, refused.status());
    String correction = "{\"correct\": true, \"by\": \"ana\", \"reason\": \"a mistake\"}";
    assertEquals("retired", read(engine.recordOutcome(retry(false), correction)).at("/patches/0/learnt").asText());
  }

  @Test
  void a_patch_is_put_explained_and_in_the_trail() {
    JsonNode saved = read(engine.putPatch(patch(), AUTHOR));
    JsonNode step = read(engine.explainConfig(job.next().toString())).at("/patches/0");
    assertEquals(saved.path("id"), step.path("id"));
    assertEquals("applied", step.path("outcome").asText());
    JsonNode change = read(engine.changes(null)).at("/changes/0");
    assertEquals("ana put month end",
        change.path("by").asText() + " " + change.path("action").asText() + " " + change.path("reason").asText());
    engine.putPatch(((ObjectNode) saved).put("disabled", true).toString(), null);
    assertEquals(0, read(engine.getConfig(job.next().toString())).path("applied").size());
    assertEquals(1, read(engine.changes("{\"limit\": 1, \"patch\": " + saved.get("id") + "}")).path("changes").size());
  }

  @Test
  void the_kill_switch_stops_and_resumes() {
    engine.putPatch(patch(), null);
    JsonNode stopped = read(engine.stopAutomation(AUTHOR));
    assertTrue(stopped.path("stopped").asBoolean());
    assertEquals("month end", stopped.path("reason").asText());
    assertEquals(0, read(engine.getConfig(job.next().toString())).path("applied").size());
    assertEquals(false, read(engine.resumeAutomation(null)).path("stopped").asBoolean(true));
    assertEquals(1, read(engine.getConfig(job.next().toString())).path("applied").size());
  }

  @Test
  void a_job_that_uses_a_quarter_of_its_memory_gets_half_once_that_is_applied() {
    String run = "{\"schema\": \"jobmedic.attempt/1\", \"job\": \"small\", \"engine\": \"batch\", "
        + "\"config\": {\"memory_mib\": 4096}, \"run\": ";
    for (int number = 1; number <= 3; ++number) {
      engine.record(run + "\"" + number + "\", \"metrics\": {\"peak_rss_bytes\": 1e9}, \"outcome\": {\"succeeded\": true}}");
    }
    String next = run + "\"next\"}";
    JsonNode asked = read(engine.rightsize(next, false));
    assertEquals("patch dry_run 2048",
        asked.path("decision").asText() + " " + asked.path("mode").asText() + " " + asked.at("/settings/0/after").asText());
    assertEquals(4096, read(engine.getConfig(next)).at("/config/memory_mib").asInt());
    JsonNode saved = read(engine.rightsize(next, true)).path("patch_id");
    JsonNode config = read(engine.getConfig(next));
    assertEquals(2048, config.at("/config/memory_mib").asInt(), config.toString());
    assertEquals(saved, config.at("/applied/0"));
    assertEquals("keep", read(engine.rightsize(job.next().put("job", "unheard of").toString(), true)).path("decision").asText());
  }

  @Test
  void a_history_is_imported_from_a_file_or_bytes() throws Exception {
    Path history = FailedJob.ROOT.resolve("examples/data/history.jsonl");
    JsonNode counts = read(engine.importHistory(history));
    assertTrue(counts.path("attempts").asInt() > 100, counts.toString());
    assertEquals(0, read(engine.importHistory(FailedJob.bytes(history))).path("changed").asInt(-1));
    String bad = attempt.replace("\n", " ") + "\n{\"schema\": 7}\n";
    JobmedicException refused = assertThrows(JobmedicException.class, () -> engine.importHistory(Handle.bytes(bad)));
    assertEquals(Status.SCHEMA, refused.status());
    assertEquals(2, read(refused.detail()).path("line").asInt());
  }
}
