package io.jobmedic;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/**
 * Many calls, from many threads, in a JVM with a small heap whose pages are all touched at its start: what grows then is native.
 * $JOBMEDIC_ALL_RUNS: a million calls.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class EnduranceTest {
  private static final boolean ALL = System.getenv("JOBMEDIC_ALL_RUNS") != null;
  private static final List<String> SMALL_HEAP = List.of("-Xms96m", "-Xmx96m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC",
      "-XX:TieredStopAtLevel=1");

  private static long number(String regex, String text) {
    Matcher matcher = Pattern.compile(regex).matcher(text);
    assertTrue(matcher.find(), text);
    return Long.parseLong(matcher.group(1));
  }

  @Test
  void a_million_calls_do_not_grow_the_process() throws Exception {
    String printed = Child.run(SMALL_HEAP, Endurance.ManyCalls.class, ALL ? "1000000" : "100000");
    System.out.println((ALL ? "1000000" : "100000") + " calls: " + printed.trim());
    assertTrue(number("grew by (-?\\d+)", printed) < 8_000_000, printed);
  }

  @Test
  void ten_thousand_calls_of_sixteen_threads_with_engines_opened_and_closed_meanwhile() throws Exception {
    String printed = Child.run(SMALL_HEAP, Endurance.ManyThreads.class, "16", "10000");
    System.out.println("16 threads: " + printed.trim());
    assertTrue(number("opened (\\d+)", printed) > 3, printed);
    assertTrue(number("left (\\d+)", printed) == 0, printed);
    assertTrue(number("grew by (-?\\d+)", printed) < 16_000_000, printed);
  }
}
