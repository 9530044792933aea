"""classify_excerpts.py TABLE OUT ATTEMPTS COLLECTOR: a verdict on each excerpt, and what a collector finds for each line of the
file ATTEMPTS, by jobmedic's pandas UDFs. Prints what it took, in seconds."""
import json
import sys
import time

from pyspark.sql import SparkSession

from jobmedic.spark import classify_udf, collect_udf

table, out, attempts, collector = sys.argv[1:]
spark = SparkSession.builder.getOrCreate()
logs = spark.read.parquet(table)
verdict = classify_udf(spark)
logs.limit(64).select(verdict("name", "content")).collect()  # the workers and their engines are there
started = time.monotonic()
logs.select("id", verdict("name", "content").alias("verdict")).write.parquet(out + "/pandas_udf")
print(f"pandas_udf {time.monotonic() - started:.2f}")
collect = collect_udf(spark, json.loads(collector))
spark.read.text(attempts).select(collect("value")).write.text(out + "/collect")
spark.stop()
