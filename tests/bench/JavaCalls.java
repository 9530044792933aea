// FOLDER: the calls of bindings_bench.cpp from Java, on the files FOLDER/0 (document), 1 (patch) and 2 (log). For each line of
// standard input, "apply", "classify" or what either copies, "apply-copies" and "classify-copies", it answers with the
// nanoseconds of one call; the garbage collector's pauses are counted.
import io.jobmedic.Engine;
import io.jobmedic.Jobmedic;
import io.jobmedic.Log;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

public final class JavaCalls {
  private static final int CALLS = 10_000;

  private static int used; // the compiler must not leave a call out

  public static void main(String[] arguments) throws IOException {
    String document = Files.readString(Path.of(arguments[0], "0"));
    String patch = Files.readString(Path.of(arguments[0], "1"));
    byte[] log = Files.readAllBytes(Path.of(arguments[0], "2"));
    byte[] changed = bytes(Jobmedic.applyPatch(document, patch));
    try (Engine engine = Engine.create("{}")) {
      byte[] verdict = bytes(engine.classify(Log.of("driver.stdout", log)));
      Map<String, Supplier<String>> calls = Map.of(
          "apply", () -> Jobmedic.applyPatch(document, patch),
          "apply-copies", () -> {
            used += bytes(document).clone().length + bytes(patch).clone().length;
            return text(changed.clone());
          },
          "classify", () -> engine.classify(Log.of("driver.stdout", log)),
          "classify-copies", () -> {
            used += log.clone().length;
            return text(verdict.clone());
          });
      for (int round = 0; round < 10; ++round) {
        calls.values().forEach(JavaCalls::run); // for the JIT compiler
      }
      BufferedReader asked = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String name = asked.readLine(); name != null; name = asked.readLine()) {
        System.out.println(run(calls.get(name)));
      }
    }
    if (used == 0) {
      throw new AssertionError("nothing was answered");
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private static double run(Supplier<String> call) {
    long start = System.nanoTime();
    for (int i = 0; i < CALLS; ++i) {
      used += call.get().length();
    }
    return (System.nanoTime() - start) / (double) CALLS;
  }
}
