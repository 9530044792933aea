package io.jobmedic.spark;

import io.jobmedic.Log;
import java.io.Serializable;
import java.util.List;

/**
 * How a record tells of a failure.
 *
 * @param <T> the record
 */
@FunctionalInterface
public interface Failures<T> extends Serializable {
  /**
   * The logs of the failed attempt.
   *
   * @param record one of a partition
   * @return as for {@link io.jobmedic.Engine#classify}; files must be readable where the executor runs
   */
  List<Log> logs(T record);

  /**
   * The attempt itself.
   *
   * @param record one of a partition
   * @return jobmedic.attempt/1, or null where nothing is known of it
   */
  default String attempt(T record) {
    return null;
  }
}
