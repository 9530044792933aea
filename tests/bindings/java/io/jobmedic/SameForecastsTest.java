package io.jobmedic;

import static io.jobmedic.FailedJob.read;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same readings get the same answers in Java and in Python, to the last bit. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SameForecastsTest {
  private static final String PYTHON = String.join("\n",
      "import json, sys, jobmedic",
      "session = jobmedic.Forecaster().begin(**json.loads(sys.argv[1]))",
      "for line in open(sys.argv[2]):",
      "    said = session.update(json.loads(line))",
      "    print(json.dumps([said.level, said.alert, said.accepted, said.probability, said.seconds]))",
      "print(json.dumps(session.reasons()))");

  @TempDir Path folder;

  /** A process that grows and breathes; of some figures nothing is known, and some readings come late. */
  private static List<Reading> readings(int seed) {
    Random random = new Random(seed);
    List<Reading> all = new ArrayList<>();
    double time = 0;
    for (int i = 0; i < 200; ++i) {
      Reading reading = new Reading();
      for (Reading.Member member : Reading.Member.values()) {
        double grown = i * 1e5 * (1 + member.ordinal()) + random.nextDouble() * 1e6;
        if (random.nextInt(8) != 0) {
          reading.set(member, member.name().endsWith("_BYTES") ? grown : Math.floor(grown / 1e6));
        }
      }
      time += random.nextInt(10) == 0 ? -20 : 5 + random.nextInt(20);
      all.add(reading.set(Reading.Member.TIME_S, time));
    }
    return all;
  }

  private static String json(Reading reading) {
    List<String> members = new ArrayList<>();
    for (Reading.Member member : Reading.Member.values()) {
      if (!Double.isNaN(reading.get(member))) {
        members.add("\"" + member.name().toLowerCase(Locale.ROOT) + "\": " + reading.get(member));
      }
    }
    return "{" + String.join(", ", members) + "}";
  }

  private List<String> python(String place, List<Reading> readings) throws Exception {
    Path file = folder.resolve("readings.jsonl");
    List<String> lines = new ArrayList<>();
    readings.forEach(reading -> lines.add(json(reading)));
    Files.write(file, lines);
    Path printed = folder.resolve("printed");
    ProcessBuilder builder = new ProcessBuilder("python3", "-c", PYTHON, place, file.toString());
    builder.environment().put("PYTHONPATH", FailedJob.ROOT.resolve("bindings/python").toString());
    builder.environment().put("JOBMEDIC_LIBRARY", Path.of(Natives.path()).resolveSibling("libjobmedic.so").toString());
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    Process process = builder.redirectErrorStream(true).redirectOutput(printed.toFile()).start();
    assertEquals(0, process.waitFor(), () -> FailedJob.text(printed));
    return Files.readAllLines(printed);
  }

  private static boolean hasPython() throws InterruptedException {
    try {
      return new ProcessBuilder("python3", "-c", "import ctypes").start().waitFor() == 0;
    } catch (IOException none) {
      return false;
    }
  }

  @Test
  void every_answer_and_its_reasons_are_those_of_python() throws Exception {
    assumeTrue(hasPython() || "true".equals(System.getenv("CI")), "skipped: no python3 to compare with");
    int alerts = 0;
    int refused = 0;
    for (String place : List.of("{\"limit_bytes\": 200e6}", "{\"device_type\": \"DT07\", \"sdk_version\": \"6.2\"}", "{}")) {
      List<Reading> readings = readings(place.length());
      List<String> expected = python(place, readings);
      assertEquals(readings.size() + 1, expected.size());
      try (Forecaster forecaster = Forecaster.create()) {
        Session session = forecaster.begin(place);
        for (int i = 0; i < readings.size(); ++i) {
          JsonNode other = read(expected.get(i));
          Forecast said = session.update(readings.get(i));
          Forecast same = new Forecast(new double[] {other.get(0).asInt(), other.get(1).asBoolean() ? 1 : 0,
              other.get(2).asBoolean() ? 1 : 0, other.get(3).asDouble(), other.get(4).asDouble()});
          assertEquals(same, said, place + ", reading " + i + ": " + readings.get(i));
          alerts += said.alert() ? 1 : 0;
          refused += said.accepted() ? 0 : 1;
        }
        assertEquals(read(expected.get(readings.size())), read(session.reasons()));
      }
    }
    assertTrue(alerts > 0 && refused > 0, alerts + " alerts, " + refused + " refused");
  }
}
