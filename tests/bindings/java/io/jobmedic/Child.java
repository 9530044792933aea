package io.jobmedic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own, for what would disturb this one or must be seen from its beginning to its end. */
final class Child {
  private static final List<String> PROPERTIES = List.of("jobmedic.library", "jobmedic.root", "jobmedic.version");

  private Child() {}

  /** What a child with this one's class path and properties prints; fails unless it ends well. */
  static String run(List<String> options, Class<?> program, String... arguments) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>();
    for (String name : PROPERTIES) {
      all.add("-D" + name + "=" + System.getProperty(name, ""));
    }
    all.addAll(options);
    return bare(all, program, arguments);
  }

  /** The same without the properties, so without a library. */
  static String bare(List<String> options, Class<?> program, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
    command.addAll(List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
    command.addAll(options);
    command.add(program.getName());
    Collections.addAll(command, arguments);
    Path printed = Files.createTempFile("child-", ".txt");
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(printed.toFile());
      builder.environment().put("MALLOC_ARENA_MAX", "2"); // else what 16 threads have freed looks like a leak
      Process process = builder.start();
      assertTrue(process.waitFor(30, TimeUnit.MINUTES), () -> "still running: " + command);
      String text = Files.readString(printed);
      assertEquals(0, process.exitValue(), text);
      return text;
    } finally {
      Files.delete(printed);
    }
  }
}
