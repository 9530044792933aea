"""patch_peer.py OUTPUT: Python's jsonpatch at what patch_bench.cpp applies, as a row of its table (Google Benchmark's JSON).
Without jsonpatch it writes an empty table and says so."""
import json
import statistics
import sys
import timeit

try:
    import jsonpatch
except ImportError:
    jsonpatch = None

NAME = "apply 3 operations to 30 members/Python's jsonpatch"
DOCUMENT = json.dumps({
    "spark.executor.memory": "2g", "spark.executor.cores": "4", "spark.driver.memory": "2g",
    "spark.sql.shuffle.partitions": "200", **{f"spark.hadoop.fs.s3a.option-{i}": f"value {i * 37}" for i in range(26)}})
PATCH = json.dumps([{"op": "replace", "path": "/spark.executor.memory", "value": "6g"},
                    {"op": "replace", "path": "/spark.executor.cores", "value": "2"},
                    {"op": "add", "path": "/spark.executor.memoryOverhead", "value": "1g"}])


def apply():
    return json.dumps(jsonpatch.JsonPatch.from_string(PATCH).apply(json.loads(DOCUMENT), in_place=True))


def measure():
    if jsonpatch is None:
        print("skipped: the row of Python's jsonpatch needs python3-jsonpatch", file=sys.stderr)
        return []
    calls = 2000
    seconds = [each / calls for each in timeit.repeat(apply, number=calls, repeat=7)]
    run = {"run_name": NAME, "time_unit": "us"}
    spread = statistics.stdev(seconds) / statistics.mean(seconds)
    return [{**run, "aggregate_name": "median", "cpu_time": statistics.median(seconds) * 1e6},
            {**run, "aggregate_name": "cv", "cpu_time": spread}]


with open(sys.argv[1], "w", encoding="utf-8") as output:
    json.dump({"benchmarks": measure()}, output)
