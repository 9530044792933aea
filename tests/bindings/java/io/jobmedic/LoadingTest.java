package io.jobmedic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the native library is found, each way in a JVM of its own. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LoadingTest {
  private static final Path FOLDER = Path.of(System.getProperty("jobmedic.library")).toAbsolutePath().normalize();

  @TempDir Path temporary;

  /** Prints where the library was found, or why it was not, asked twice. */
  public static final class Where {
    private Where() {}

    public static void main(String[] arguments) {
      if (arguments.length == 1) {
        Natives.unpack(Path.of(arguments[0]));
      } else if (arguments.length > 1) {
        Natives.unpack();
      }
      for (int i = 0; i < 2; ++i) {
        try {
          System.out.println(Natives.path() + " " + Jobmedic.applyPatch("{}", "[]"));
        } catch (UnsatisfiedLinkError problem) {
          System.out.println(problem.getMessage());
        }
      }
    }
  }

  private static String where(List<String> options, String... arguments) throws IOException, InterruptedException {
    List<String> lines = Child.bare(options, Where.class, arguments).lines().collect(Collectors.toList());
    assertEquals(2, lines.size(), lines.toString());
    assertEquals(lines.get(0), lines.get(1));
    return lines.get(0);
  }

  @Test
  void a_property_names_the_folder_or_the_file() throws Exception {
    String file = FOLDER.resolve("libjobmedic_jni.so").toString();
    assertEquals(file + " {}", where(List.of("-Djobmedic.library=" + FOLDER)));
    assertEquals(file + " {}", where(List.of("-Djobmedic.library=" + file), "unpack", "is outvoted"));
    assertTrue(where(List.of("-Djobmedic.library=/no/such")).contains("/no/such"));
  }

  @Test
  void the_library_path_is_searched() throws Exception {
    assertEquals("libjobmedic_jni.so {}", where(List.of("-Djava.library.path=/usr/lib:" + FOLDER)));
  }

  @Test
  void without_either_the_error_says_what_to_do() throws Exception {
    String said = where(List.of("-Djava.library.path=/usr/lib"));
    assertEquals("libjobmedic_jni.so is not in java.library.path (/usr/lib): name its folder in -Djobmedic.library, or ask for the"
        + " copy in the jar by Natives.unpack() or -Djobmedic.unpack=true", said);
  }

  @Test
  void the_copy_in_the_jar_is_unpacked_on_request_and_gone_afterwards() throws Exception {
    List<String> options = List.of("-Djava.io.tmpdir=" + temporary);
    assertTrue(where(options, "unpack", "it").matches(temporary + "/jobmedic-\\d+/libjobmedic_jni.so \\{}"));
    assertTrue(where(List.of("-Djava.io.tmpdir=" + temporary, "-Djobmedic.unpack=true")).endsWith(" {}"));
    try (Stream<Path> left = Files.list(temporary)) {
      assertEquals(List.of(), left.filter(each -> each.toString().contains("jobmedic-")).collect(Collectors.toList()));
    }
  }

  @Test
  void a_folder_of_the_users_keeps_the_copy_and_a_damaged_one_is_replaced() throws Exception {
    Path library = temporary.resolve("deep/er/libjobmedic_jni.so");
    assertEquals(library + " {}", where(List.of(), library.getParent().toString()));
    Object first = Files.getAttribute(library, "unix:ino");
    assertEquals(library + " {}", where(List.of("-Djobmedic.unpack=" + library.getParent())));
    assertEquals(first, Files.getAttribute(library, "unix:ino"));
    Files.write(library, new byte[] {1});
    assertEquals(library + " {}", where(List.of(), library.getParent().toString()));
  }
}
