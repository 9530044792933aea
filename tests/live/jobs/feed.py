"""Reads a feed of ARGUMENT 1 rows, finds it unusable and says so with an exception of its own (ARGUMENTS 2 and 3), unless
the world has changed (ARGUMENT 2 is empty)."""
import sys

from pyspark.sql import SparkSession

rows, exception, message = int(sys.argv[1]), sys.argv[2], sys.argv[3]
spark = SparkSession.builder.getOrCreate()
print(spark.range(rows).selectExpr("sum(id)").first()[0], "in the feed")
if exception:
    raise type(exception, (Exception,), {})(message)
