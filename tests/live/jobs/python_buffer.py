"""Holds 400 MiB in a Python worker."""
from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
sizes = spark.sparkContext.parallelize([400 << 20], 1).map(lambda size: len(bytearray(size)))
print(sizes.first(), "bytes held")
