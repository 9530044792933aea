package io.jobmedic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** The JVM watches every call of the native side. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class CheckJniTest {
  private static final List<Class<?>> SUITE = List.of(ClassifyTest.class, LoopTest.class, ConfigurationsTest.class,
      ErrorsTest.class, Utf8Test.class, HandlesTest.class, TrainTest.class, ForecastTest.class);

  /** Runs the other tests; ends well if they do. */
  public static final class Suite {
    private Suite() {}

    public static void main(String[] arguments) {
      LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
          .selectors(SUITE.stream().map(each -> selectClass(each)).collect(Collectors.toList())).build();
      SummaryGeneratingListener summary = new SummaryGeneratingListener();
      LauncherFactory.create().execute(request, summary);
      summary.getSummary().printFailuresTo(new PrintWriter(System.out, true), 20);
      System.out.println(summary.getSummary().getTestsSucceededCount() + " passed");
      System.exit(summary.getSummary().getTotalFailureCount() == 0 ? 0 : 1);
    }
  }

  @Test
  void every_other_test_passes_under_check_jni_without_a_warning() throws Exception {
    String printed = Child.run(List.of("-Xcheck:jni", "-Xmx512m"), Suite.class);
    List<String> warnings = printed.lines().filter(line -> line.startsWith("WARNING") || line.startsWith("FATAL"))
        .collect(Collectors.toList());
    assertEquals(List.of(), warnings);
    assertTrue(printed.matches("(?s).*\\b[2-9]\\d passed\n"), printed);
  }
}
