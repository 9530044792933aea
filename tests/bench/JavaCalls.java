// FOLDER APPLY-CLAIM CLASSIFY-CLAIM: the calls of bindings_bench.cpp from Java, on the files FOLDER/0 (document), 1 (patch) and
// 2 (log). Prints a line each: its name, and seven times, tab by tab, the nanoseconds of one call; the garbage collector's
// pauses are counted.
import io.jobmedic.Engine;
import io.jobmedic.Jobmedic;
import io.jobmedic.Log;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

public final class JavaCalls {
  private static final String FROM_JAVA = "/jobmedic from Java";
  private static final String COPYING = "/limit: Java copying the same in and out";

  private static int used; // the compiler must not leave a call out

  public static void main(String[] arguments) throws IOException {
    String document = Files.readString(Path.of(arguments[0], "0"));
    String patch = Files.readString(Path.of(arguments[0], "1"));
    byte[] changed = bytes(Jobmedic.applyPatch(document, patch));
    measure(arguments[1] + FROM_JAVA, () -> Jobmedic.applyPatch(document, patch));
    measure(arguments[1] + COPYING, () -> {
      used += bytes(document).clone().length + bytes(patch).clone().length;
      return text(changed.clone());
    });
    try (Engine engine = Engine.create("{}")) {
      byte[] log = Files.readAllBytes(Path.of(arguments[0], "2"));
      byte[] verdict = bytes(engine.classify(Log.of("driver.stdout", log)));
      measure(arguments[2] + FROM_JAVA, () -> engine.classify(Log.of("driver.stdout", log)));
      measure(arguments[2] + COPYING, () -> {
        used += log.clone().length;
        return text(verdict.clone());
      });
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

  private static void measure(String name, Supplier<String> call) {
    run(call, 100_000); // for the JIT compiler
    StringBuilder line = new StringBuilder(name);
    for (int repetition = 0; repetition < 7; ++repetition) {
      line.append('\t').append(run(call, 30_000));
    }
    System.out.println(line);
  }

  private static double run(Supplier<String> call, int count) {
    long start = System.nanoTime();
    for (int i = 0; i < count; ++i) {
      used += call.get().length();
    }
    return (System.nanoTime() - start) / (double) count;
  }
}
