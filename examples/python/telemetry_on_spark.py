"""telemetry_on_spark.py LAKE SESSIONS SECONDARY TRACES OUT: a lake of device characteristics curated, and the features of recorded
sessions, on a Spark cluster; needs this package and pandas where the executors run."""
import json
import pathlib
import sys

from pyspark.sql import SparkSession

from jobmedic.forecast import columns
from jobmedic.spark_forecast import curate, features

lake, sessions, secondary, traces, out = sys.argv[1:]
spark = SparkSession.builder.getOrCreate()

rows = spark.read.csv(lake, header=True)  # strings, as they are written
curation = curate(rows, keys=pathlib.Path(sessions).read_text(), secondary=pathlib.Path(secondary).read_text())
pathlib.Path(out, "devices.csv").write_text(curation["table"])
pathlib.Path(out, "report.json").write_text(json.dumps(curation["report"]))

numbers = {each["column"] for each in columns()["columns"]} | {"seq"}
header = spark.read.csv(traces, header=True).columns
schema = ", ".join(f"{name} {'double' if name in numbers else 'string'}" for name in header)
readings = spark.read.csv(traces, header=True, schema=schema)
features(readings).write.parquet(out + "/features")  # by the shipped model's limits; model=FILE or store=URL: another's
spark.stop()
