"""Gathers 400 MB of text into one row: the heap of the one executor has to hold it, and once more to write it."""
from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
pages = spark.range(0, 400, 1, 1).selectExpr("repeat(hex(id % 16), 1000000) as page")
print(pages.selectExpr("collect_list(page) as pages").selectExpr("size(pages)").first()[0], "pages in one list")
