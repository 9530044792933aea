"""Asks a row for a column that it does not have, on the executor."""
from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
print(spark.range(10).selectExpr("id as price").rdd.map(lambda row: row.prize).sum())
