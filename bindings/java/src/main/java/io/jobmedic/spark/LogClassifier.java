package io.jobmedic.spark;

import io.jobmedic.Engine;
import io.jobmedic.Log;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.function.BiFunction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.api.java.UDF2;

/**
 * The classifier as functions for Spark. The engine's configuration, with the rules in it, is broadcast; every executor opens one
 * engine of it. Answers are documents as text, for {@code from_json} and {@code get_json_object}.
 *
 * <pre>{@code
 * LogClassifier classifier = LogClassifier.of(new JavaSparkContext(spark.sparkContext()), config);
 * spark.udf().register("classify", classifier.udf(), DataTypes.StringType);
 * spark.sql("SELECT id, get_json_object(classify(name, content), '$.category') FROM logs");
 * }</pre>
 */
public final class LogClassifier implements Serializable {
  private static final long serialVersionUID = 1;

  /** jobmedic.engine/1. */
  private final Broadcast<String> config;

  private LogClassifier(Broadcast<String> config) {
    this.config = config;
  }

  /**
   * Broadcasts a configuration.
   *
   * @param context of the driver
   * @param config jobmedic.engine/1, "{}" for all defaults; rules of yours as documents, since a path means nothing on another
   *     machine
   * @return to be used in any number of queries
   */
  public static LogClassifier of(JavaSparkContext context, String config) {
    return new LogClassifier(context.broadcast(config));
  }

  /**
   * The verdict on one log: a name (ROLE[-N].STREAM, or "") and its text or bytes.
   *
   * @return to be registered with a string as its result, jobmedic.classification/1; null where the log is null
   */
  public UDF2<String, Object, String> udf() {
    return (name, content) -> content == null ? null : engine().classify(Log.of(name == null ? "" : name, bytes(content)));
  }

  /**
   * The verdicts on failures of several logs: for {@code Dataset.mapPartitions} with {@code Encoders.STRING()}.
   *
   * @param <T> the record
   * @param failures how a record tells of a failure
   * @return jobmedic.classification/1 for each record, in order
   */
  public <T> MapPartitionsFunction<T, String> classify(Failures<T> failures) {
    return records -> answers(records, (engine, record) -> engine.classify(failures.attempt(record), failures.logs(record)));
  }

  /**
   * Verdicts and training data of attempts whose logs lie where a collector finds them: Spark event logs, folders, archives. The
   * attempt comes back completed by what event logs tell (metrics, configuration): the features that a model learns from.
   *
   * @param <T> the record
   * @param failures how a record tells of a failure; its logs are not asked for
   * @param collector jobmedic.collector/1, its paths as the executors see them
   * @return jobmedic.collection/1 for each record, in order
   */
  public <T> MapPartitionsFunction<T, String> collect(Failures<T> failures, String collector) {
    return records -> answers(records, (engine, record) -> engine.collect(failures.attempt(record), collector));
  }

  private Engine engine() {
    return Engines.of(config.value());
  }

  private <T> Iterator<String> answers(Iterator<T> records, BiFunction<Engine, T, String> answer) {
    Engine engine = engine();
    return new Iterator<String>() {
      @Override
      public boolean hasNext() {
        return records.hasNext();
      }

      @Override
      public String next() {
        return answer.apply(engine, records.next());
      }
    };
  }

  private static byte[] bytes(Object content) {
    return content instanceof byte[] ? (byte[]) content : content.toString().getBytes(StandardCharsets.UTF_8);
  }
}
