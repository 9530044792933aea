package io.jobmedic.examples;

import io.jobmedic.Engine;
import io.jobmedic.Natives;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.launcher.SparkLauncher;

/**
 * SubmitAndHeal STORE LOGS JOB RUN APPLICATION [KEY=VALUE...]: a job from the command line, healed. $SPARK_HOME is Spark, whose
 * standalone worker leaves the executors' logs in its folder "work". Exits with 0 if the application succeeded in the end.
 *
 * <p>KEY=VALUE is the job's configuration, which jobmedic may change; the platform's (spark.master and the like) is left to
 * Spark's spark-defaults.conf.
 */
public final class SubmitAndHeal {
  private SubmitAndHeal() {}

  public static void main(String[] arguments) throws Exception {
    Path home = Path.of(System.getenv("SPARK_HOME"));
    Map<String, String> config = new LinkedHashMap<>();
    for (int i = 5; i < arguments.length; ++i) {
      String[] pair = arguments[i].split("=", 2);
      config.put(pair[0], pair[1]);
    }
    RetryingSparkLauncher.Application application = new RetryingSparkLauncher.Application() {
      @Override
      public SparkLauncher launcher() {
        return new SparkLauncher().setSparkHome(home.toString()).setAppResource(arguments[4]);
      }

      @Override
      public Path workDirectory() {
        return home.resolve("work");
      }
    };
    Natives.unpack();
    Path logs = Files.createDirectories(Path.of(arguments[1]));
    try (Engine engine = Engine.create("{\"store\": \"" + arguments[0] + "\"}")) {
      boolean succeeded = new RetryingSparkLauncher(engine, logs, 0.01).run(arguments[2], arguments[3], config, application);
      System.exit(succeeded ? 0 : 1);
    }
  }
}
