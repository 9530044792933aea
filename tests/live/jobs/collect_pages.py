"""Collects ARGUMENT 1 pages of 1 MiB to the driver. The share ARGUMENT 2 of each is noise, which does not compress on the
way: spark.driver.maxResultSize counts that, spark.driver.memory has to hold all."""
import sys

from pyspark.sql import SparkSession

PAGE = 1 << 20
pages, noise = int(sys.argv[1]), int(float(sys.argv[2]) * PAGE)

spark = SparkSession.builder.getOrCreate()
page = f"concat(randstr({noise}), repeat(' ', {PAGE - noise})) as page"
print(sum(len(row.page) for row in spark.range(0, pages, 1, 4).selectExpr(page).collect()), "letters in the report")
