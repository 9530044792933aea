/**
 * Classification and feature extraction inside Apache Spark, where the logs of years outgrow one machine. Needs Spark 3 or 4 on
 * the class path (this jar brings none), and this jar on that of the executors: {@code spark-submit --jars jobmedic.jar}.
 */
package io.jobmedic.spark;
