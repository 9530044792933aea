package io.jobmedic;

import static io.jobmedic.FailedJob.read;
import static io.jobmedic.Reading.Member.CACHE_BYTES;
import static io.jobmedic.Reading.Member.TIME_S;
import static io.jobmedic.Reading.Member.USAGE_BYTES;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped forecast, one reading at a time. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ForecastTest {
  private static final String LIMIT = "{\"limit_bytes\": 100e6}";

  private Forecaster forecaster;

  @BeforeEach
  void open() {
    forecaster = Forecaster.create();
  }

  @AfterEach
  void close() {
    forecaster.close();
  }

  private static Reading reading(double time, double usage) {
    return new Reading().set(TIME_S, time).set(USAGE_BYTES, usage).set(CACHE_BYTES, 0);
  }

  /** Grows by 2 MB a reading. */
  private static List<Forecast> leak(Session session, int readings) {
    List<Forecast> said = new ArrayList<>();
    for (int i = 0; i < readings; ++i) {
      said.add(session.update(reading(15 * i, 2e6 * i + 1e6)));
    }
    return said;
  }

  @Test
  void a_leak_is_foretold_and_the_listener_is_told_of_each_alert() {
    List<Forecast> told = new ArrayList<>();
    Session session = forecaster.begin(LIMIT, told::add);
    List<Forecast> said = leak(session, 50);
    assertFalse(told.isEmpty());
    assertEquals(said.stream().filter(Forecast::alert).collect(Collectors.toList()), told);
    assertTrue(told.stream().allMatch(each -> each.accepted() && each.level() >= 1 && each.level() <= 4), told.toString());
    assertTrue(said.subList(0, 20).stream().noneMatch(each -> each.alert() || each.level() != 0), said.toString());
    assertTrue(said.get(49).probability() > said.get(10).probability() && said.get(49).probability() <= 1);
    assertTrue(said.stream().allMatch(each -> each.seconds() >= 0), said.toString());
    assertTrue(read(session.reasons()).at("/reasons/0/logit").asDouble() > 0, session.reasons());
    int before = told.size();
    assertFalse(session.update(reading(0, 99e6)).accepted());
    assertEquals(before, told.size());
  }

  @Test
  void a_process_far_below_its_limit_is_left_alone() {
    Session session = forecaster.begin(LIMIT, forecast -> {
      throw new AssertionError(forecast.toString());
    });
    for (int i = 0; i < 50; ++i) {
      assertTrue(session.update(reading(15 * i, 30e6 + 1e5 * (i % 3))).probability() < 0.05);
    }
  }

  @Test
  void late_duplicate_and_empty_readings_are_not_accepted() {
    Session session = forecaster.begin(LIMIT);
    Forecast first = session.update(reading(30, 50e6));
    assertTrue(first.accepted());
    for (Reading bad : List.of(reading(30, 90e6), reading(15, 90e6), new Reading().set(TIME_S, 45), new Reading(),
        reading(Double.NaN, 90e6), reading(Double.POSITIVE_INFINITY, 90e6))) {
      Forecast again = session.update(bad);
      assertFalse(again.accepted(), bad.toString());
      assertEquals(first.probability(), again.probability());
      assertNotEquals(first, again);
    }
    assertTrue(session.update(reading(45, 52e6)).accepted());
  }

  @Test
  void a_reading_is_cleared_and_used_again() {
    Reading reading = reading(30, 5e7);
    assertEquals("Reading TIME_S=30.0 USAGE_BYTES=5.0E7 CACHE_BYTES=0.0", reading.toString());
    assertEquals(5e7, reading.get(USAGE_BYTES));
    assertEquals("Reading", reading.clear().toString());
    assertTrue(Double.isNaN(reading.get(USAGE_BYTES)));
  }

  @Test
  void a_session_goes_from_one_forecaster_to_another_as_bytes() {
    Session session = forecaster.begin("{\"device_type\": \"dt07\", \"sdk_version\": \"6.2.0\"}");
    leak(session, 10);
    byte[] state = session.state();
    assertEquals(Session.STATE_BYTES, state.length);
    Forecast next = session.update(reading(1000, 25e6));
    try (Forecaster other = Forecaster.create()) {
      Session copy = other.resume(state);
      assertSame(other, copy.forecaster());
      assertEquals(next, copy.update(reading(1000, 25e6)));
      assertEquals(session.reasons(), copy.reasons());
    }
    assertEquals(next, forecaster.resume(state).update(reading(1000, 25e6))); // the copy's updates were its own
    assertThrows(IllegalArgumentException.class, () -> forecaster.resume(new byte[Session.STATE_BYTES - 1]));
    assertThrows(IllegalArgumentException.class, () -> forecaster.resume(new byte[Session.STATE_BYTES + 1]));
  }

  @Test
  void bytes_that_are_no_state_harm_no_other_session() {
    Random random = new Random(1);
    List<Forecast> expected = leak(forecaster.begin(LIMIT), 50);
    for (int i = 0; i < 500; ++i) {
      byte[] noise = new byte[Session.STATE_BYTES];
      random.nextBytes(noise);
      Session session = forecaster.resume(noise);
      leak(session, 20);
      assertEquals("jobmedic.forecast_reasons/1", read(session.reasons()).path("schema").asText());
    }
    assertEquals(expected, leak(forecaster.begin(LIMIT), 50));
  }

  @Test
  void what_the_listener_throws_comes_out_and_the_reading_counted() {
    IllegalStateException thrown = new IllegalStateException("a bug in the listener");
    List<String> reasons = new ArrayList<>();
    List<Session> self = new ArrayList<>();
    Session session = forecaster.begin(LIMIT, forecast -> {
      reasons.add(self.get(0).reasons()); // it may use the session
      throw thrown;
    });
    self.add(session);
    Session quiet = forecaster.begin(LIMIT);
    int i = 0;
    while (!quiet.update(reading(15 * i, 2e6 * i + 1e6)).alert()) {
      session.update(reading(15 * i, 2e6 * i + 1e6));
      ++i;
    }
    Reading last = reading(15 * i, 2e6 * i + 1e6);
    assertSame(thrown, assertThrows(IllegalStateException.class, () -> session.update(last)));
    assertEquals(List.of(quiet.reasons()), reasons);
    assertFalse(session.update(last).accepted());
  }

  @Test
  void one_forecaster_serves_many_threads() throws Exception {
    List<Forecast> expected = leak(forecaster.begin(LIMIT), 50);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<Boolean>> answers = new ArrayList<>();
    for (int i = 0; i < 400; ++i) {
      answers.add(threads.submit(() -> expected.equals(leak(forecaster.begin(LIMIT), 50))));
    }
    for (Future<Boolean> answer : answers) {
      assertTrue(answer.get());
    }
    threads.shutdown();
  }

  @Test
  void null_is_refused() {
    assertThrows(NullPointerException.class, () -> Forecaster.create(null));
    assertThrows(NullPointerException.class, () -> forecaster.resume(null));
    assertThrows(NullPointerException.class, () -> forecaster.begin(null).update(null));
  }

  @Test
  void the_features_of_a_recorded_session_are_rows_and_what_is_not_accepted_repeats_one() {
    float[][] rows = forecaster.features(LIMIT, List.of(reading(0, 50e6), reading(15, 60e6), reading(15, 90e6)));
    assertEquals(3, rows.length);
    assertEquals(read(Forecaster.columns()).path("features").size(), rows[0].length);
    assertEquals("share", read(Forecaster.columns()).at("/features/0").asText());
    assertEquals(0.5f, rows[0][0]);
    assertEquals(0.6f, rows[1][0]);
    assertArrayEquals(rows[1], rows[2]);
    assertEquals(0, forecaster.features(null, List.of()).length);
  }

  @Test
  void a_lake_is_curated_whole_or_in_parts() {
    String header = "device_type,sdk_version,app_budget_mb\n";
    String one = Curation.curate(header + "dt01,6.2,36\n", null);
    String two = Curation.curate(header + "DT02,6.2.0,48\n", null);
    String whole = Curation.curate(header + "dt01,6.2,36\nDT02,6.2.0,48\n", null);
    assertEquals(read(whole), read(Curation.merge("[" + two + "," + one + "]", null)));
    assertEquals("DT02", read(Curation.device("{\"device_type\": \" dt02\"}")).path("device_type").asText());
    assertThrows(JobmedicException.class, () -> Curation.merge("[" + one + "," + one + "]", null));
  }

  @Test
  void a_store_without_a_forecast_in_service_is_told(@TempDir Path folder) {
    String url = "sqlite:" + folder.resolve("store.db");
    assertEquals(Status.STORE, assertThrows(JobmedicException.class, () -> Forecaster.inService(url)).status());
    Engine.create("{\"store\": \"" + url + "\"}").close();
    JobmedicException none = assertThrows(JobmedicException.class, () -> Forecaster.inService(url));
    assertTrue(none.getMessage().contains("no forecast model in service"), none.getMessage());
  }
}
