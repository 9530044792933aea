package io.jobmedic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** Nothing of jobmedic.h is out of Java's reach. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class NativeListTest {
  private static final Path ROOT = FailedJob.ROOT;
  /** What turns every answer and failure into Java's; no method of its own. */
  private static final Set<String> WITHIN = Set.of("jobmedic_error_status", "jobmedic_error_message", "jobmedic_error_detail",
      "jobmedic_error_free", "jobmedic_buffer_data", "jobmedic_buffer_size", "jobmedic_buffer_free");
  private static final Set<String> OF_JNI = Set.of("listenersCreate", "listenersFree");

  private static TreeSet<String> found(String regex, String text) {
    return Pattern.compile(regex).matcher(text).results().map((MatchResult each) -> each.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static TreeSet<String> declared() {
    return found("JOBMEDIC_API [\\w\\s]+?\\**\\s*(jobmedic_\\w+)\\(", FailedJob.text(ROOT.resolve("capi/jobmedic.h")));
  }

  /** engineSetLog -> jobmedic_engine_set_log. */
  private static String inC(String name) {
    return "jobmedic_" + name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  @Test
  void every_function_of_the_header_is_a_native_method_and_no_other_is() {
    TreeSet<String> bound = Arrays.stream(Native.class.getDeclaredMethods()).filter(each -> Modifier.isNative(each.getModifiers()))
        .map(Method::getName).filter(name -> !OF_JNI.contains(name)).map(NativeListTest::inC)
        .collect(Collectors.toCollection(TreeSet::new));
    bound.addAll(WITHIN);
    assertEquals(declared(), bound);
  }

  @Test
  void the_native_side_calls_every_function_of_the_header() throws IOException {
    StringBuilder sources = new StringBuilder();
    try (Stream<Path> files = Files.list(ROOT.resolve("bindings/java/native"))) {
      files.forEach(file -> sources.append(FailedJob.text(file)));
    }
    TreeSet<String> called = found("\\b(jobmedic_\\w+)\\b", sources.toString());
    called.retainAll(declared());
    assertEquals(declared(), called);
  }

  @Test
  void a_reading_has_the_headers_members_in_its_order_and_a_session_its_size() {
    String header = FailedJob.text(ROOT.resolve("capi/jobmedic.h"));
    String struct = header.substring(header.indexOf("struct jobmedic_reading {"), header.indexOf("} jobmedic_reading;"));
    String members = Arrays.stream(Reading.Member.values()).map(Enum::name).collect(Collectors.joining(" "));
    assertEquals(members.toLowerCase(Locale.ROOT), Pattern.compile("\\b\\w+(?=[,;])")
        .matcher(struct.replaceAll("(?s)/\\*.*?\\*/", "")).results().map(MatchResult::group).collect(Collectors.joining(" ")));
    try (Forecaster forecaster = Forecaster.create()) {
      assertEquals(Session.STATE_BYTES, forecaster.begin(null).state().length);
    }
  }

  @Test
  void the_abi_number_is_the_headers() {
    String header = FailedJob.text(ROOT.resolve("capi/jobmedic.h"));
    assertEquals(Set.of(String.valueOf(Native.ABI_VERSION)), found("#define JOBMEDIC_ABI_VERSION (\\d+)", header));
    Natives.load();
    assertEquals(Native.ABI_VERSION, Native.abiVersion());
  }
}
