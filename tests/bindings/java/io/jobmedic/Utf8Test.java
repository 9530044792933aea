package io.jobmedic;

import static io.jobmedic.FailedJob.quoted;
import static io.jobmedic.FailedJob.read;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Text is UTF-8 on the way in and out: JNI's own strings would break what is beyond the Basic Multilingual Plane, and NUL. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class Utf8Test {
  private static final String ODD = "Größe 大きさ 😀👩‍🚀 \u0000 end";
  private static final String RULES = "{\"shipped_rules\": false, \"rules\": [{\"schema\": \"jobmedic.rules/1\", \"rules\": [{"
      + "\"name\": \"Cheese\", \"source\": \"mine\", \"regex\": \"out of 🧀 (?<what>\\\\S+)\", \"summary\": \"No 🧀.\","
      + "\"category\": \"data\", \"fault\": \"user\", \"restartable\": false, \"advice\": \"Buy 🧀.\","
      + "\"matches\": [\"out of 🧀 gouda\"]}]}]}";

  @Test
  void documents_keep_every_character() {
    String document = "{" + quoted(ODD) + ":" + quoted(ODD) + "}";
    assertEquals(read(document), read(Jobmedic.applyPatch(document, "[]")));
    assertEquals("{\"a\":\"😀\"}", Jobmedic.applyPatch("{}", "[{\"op\":\"add\",\"path\":\"/a\",\"value\":\"😀\"}]"));
  }

  @Test
  void emoji_in_rules_logs_and_file_names_come_back_as_they_were(@TempDir Path folder) throws Exception {
    byte[] content = Handle.bytes("error 😀: out of 🧀 gouda🇨🇭\n");
    Path file = Files.write(folder.resolve("größe-😀 100%25.log"), content);
    try (Engine engine = Engine.create(RULES)) {
      for (Log log : List.of(Log.of("größe-😀 100%25.log", content), Log.of(file))) {
        JsonNode verdict = read(engine.classify(log));
        assertEquals("No 🧀.", verdict.path("summary").asText());
        assertEquals("error 😀: out of 🧀 gouda🇨🇭", verdict.at("/evidence/text").asText());
        assertEquals("gouda🇨🇭", verdict.at("/evidence/captures/what").asText());
        assertEquals("größe-😀 100%25.log", verdict.at("/evidence/log").asText());
      }
    }
  }

  @Test
  void errors_and_listeners_speak_it_too() {
    List<String> heard = new ArrayList<>();
    try (Engine engine = Engine.create(RULES)) {
      engine.setLog((level, message) -> heard.add(message));
      engine.setEvents(Level.DEBUG, (level, event) -> heard.add(event));
      String attempt = "{\"schema\": \"jobmedic.attempt/1\", \"job\": \"jöb-😀\", \"engine\": \"spark\"}";
      engine.remediate(attempt, List.of(Log.of("a.log", Handle.bytes("out of 🧀 x"))));
    }
    assertTrue(heard.stream().anyMatch(line -> line.contains("jöb-😀")), heard.toString());
    try {
      Engine.create("{\"rules\": [\"/nö/such-😀.json\"]}").close();
    } catch (JobmedicException refused) {
      assertTrue(refused.getMessage().contains("/nö/such-😀.json"), refused.getMessage());
      assertEquals("/nö/such-😀.json", read(refused.detail()).path("path").asText());
    }
  }

  @Test
  void half_a_surrogate_pair_is_no_text_and_becomes_a_question_mark() {
    assertEquals("[\"?\"]", Jobmedic.applyPatch("[\"\ud83d\"]", "[]"));
  }
}
