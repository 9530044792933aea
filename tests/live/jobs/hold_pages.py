"""Holds so many MB of text in the heap of the one executor at once; argument: MB."""
import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
pages = spark.range(0, int(sys.argv[1]), 1, 1).selectExpr("repeat(hex(id % 16), 1000000) as page")
for _ in range(2):
    print(pages.selectExpr("collect_list(page) as pages").selectExpr("size(pages)").first()[0], "pages in one list")
