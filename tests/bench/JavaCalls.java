// The calls of java_bench.cpp from Java. Prints a line each: its claim, a tab, and the nanoseconds of CPU time of one call, seven
// times; the JIT compiler's and the garbage collector's are counted.
import io.jobmedic.Engine;
import io.jobmedic.Jobmedic;
import io.jobmedic.Log;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

public final class JavaCalls {
  private static final String DOCUMENT = "{\"spark.executor.memory\":\"2g\",\"spark.executor.cores\":\"4\"}";
  private static final String PATCH = "[{\"op\":\"add\",\"path\":\"/spark.executor.memory\",\"value\":\"6g\"}]";
  private static final String CONFIG = "{\"shipped_rules\":false,\"rules\":[{\"schema\":\"jobmedic.rules/1\",\"rules\":[{"
      + "\"name\":\"Heap\",\"source\":\"mine\",\"regex\":\"Java heap space\",\"summary\":\"Heap.\",\"category\":\"memory_config\","
      + "\"fault\":\"user\",\"restartable\":false,\"advice\":\"More.\",\"matches\":[\"Java heap space\"]}]}]}";

  private static int used; // the compiler must not leave a call out

  public static void main(String[] arguments) {
    StringBuilder text = new StringBuilder();
    while (text.length() < 1000) {
      text.append("26/11/21 03:12:00 INFO TaskSetManager: Finished task\n");
    }
    byte[] log = text.append("java.lang.OutOfMemoryError: Java heap space\n").toString().getBytes(StandardCharsets.UTF_8);
    measure("one call: apply a patch to 2 members", () -> Jobmedic.applyPatch(DOCUMENT, PATCH));
    try (Engine engine = Engine.create(CONFIG)) {
      measure("one call: classify a log of 1 KB by one rule", () -> engine.classify(Log.of("driver.stderr", log)));
    }
    if (used == 0) {
      throw new AssertionError("nothing was answered");
    }
  }

  private static void measure(String claim, Supplier<String> call) {
    run(call, 200_000); // for the JIT compiler
    StringBuilder line = new StringBuilder(claim);
    for (int repetition = 0; repetition < 7; ++repetition) {
      line.append('\t').append(run(call, 50_000));
    }
    System.out.println(line);
  }

  private static double run(Supplier<String> call, int count) {
    long start = cpuTime();
    for (int i = 0; i < count; ++i) {
      used += call.get().length();
    }
    return (cpuTime() - start) / (double) count;
  }

  private static long cpuTime() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
  }
}
