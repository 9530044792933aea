package io.jobmedic.spark;

import io.jobmedic.Log;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;

/**
 * ClassifyExcerpts TABLE OUT ATTEMPTS COLLECTOR: a verdict on each excerpt, by the UDF and by the mapPartitions helper, and what a
 * collector finds for each line of the file ATTEMPTS. Prints what it took, in seconds, and how many engines there were in how many
 * executors.
 */
public final class ClassifyExcerpts {
  private static final String CONFIG = "{}";

  private ClassifyExcerpts() {}

  public static void main(String[] arguments) {
    SparkSession spark = SparkSession.builder().getOrCreate();
    LogClassifier classifier = LogClassifier.of(new JavaSparkContext(spark.sparkContext()), CONFIG);
    spark.udf().register("classify", classifier.udf(), DataTypes.StringType);
    Dataset<Row> logs = spark.read().parquet(arguments[0]);
    List<String> engines = logs.mapPartitions(whereEnginesAre(), Encoders.STRING()).distinct().collectAsList(); // and warm them up
    long executors = engines.stream().map(each -> each.split(" ")[0]).distinct().count();
    System.out.println("engines " + engines.size() + " executors " + executors);

    time("udf", () -> logs.selectExpr("id", "classify(name, content) AS verdict").write().parquet(arguments[1] + "/udf"));
    Failures<Row> oneLog = row -> List.of(Log.of(row.getString(1), row.getString(2).getBytes(StandardCharsets.UTF_8)));
    time("map_partitions", () -> logs.mapPartitions(classifier.classify(oneLog), Encoders.STRING()).write()
        .text(arguments[1] + "/map_partitions"));
    time("collect", () -> spark.read().textFile(arguments[2]).mapPartitions(classifier.collect(new Attempts(), arguments[3]),
        Encoders.STRING()).write().text(arguments[1] + "/collect"));
    spark.stop();
  }

  /** A record is an attempt, whose logs the collector finds. */
  private static final class Attempts implements Failures<String> {
    private static final long serialVersionUID = 1;

    @Override
    public List<Log> logs(String attempt) {
      return List.of();
    }

    @Override
    public String attempt(String attempt) {
      return attempt;
    }
  }

  private static MapPartitionsFunction<Row, String> whereEnginesAre() {
    return rows -> Collections.singleton(SparkEnv.get().executorId() + " " + System.identityHashCode(Engines.of(CONFIG))).iterator();
  }

  private static void time(String what, Runnable query) {
    long start = System.nanoTime();
    query.run();
    System.out.printf("%s %.2f%n", what, (System.nanoTime() - start) / 1e9);
  }
}
