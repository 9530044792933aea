"""python_peer.py OUTPUT: what python_bench.cpp calls in C, called from Python, as rows of its table (Google Benchmark's JSON)."""
import json
import os
import pathlib
import statistics
import sys
import time
import timeit

ROOT = pathlib.Path(__file__).resolve().parents[2]
os.environ.setdefault("JOBMEDIC_LIBRARY", str(ROOT / "build-bench/lib/libjobmedic.so"))
sys.path.insert(0, str(ROOT / "bindings/python"))

import jobmedic  # noqa: E402

LINE = b"26/11/21 03:12:07 INFO TaskSetManager: Finished task 7.0 in stage 2.0 (TID 31) in 12 ms\n"
LOGS = {"driver.stderr": LINE * (4000 // len(LINE) + 1)}
DOCUMENT, PATCH = {"spark.executor.memory": "2g"}, [{"op": "add", "path": "/spark.executor.memory", "value": "6g"}]


def rows(claim, function, calls):
    seconds = [each / calls for each in timeit.repeat(function, number=calls, repeat=7, timer=time.process_time)]
    run = {"run_name": f"{claim}/jobmedic from Python", "time_unit": "us"}
    return [{**run, "aggregate_name": "median", "cpu_time": statistics.median(seconds) * 1e6},
            {**run, "aggregate_name": "cv", "cpu_time": statistics.stdev(seconds) / statistics.mean(seconds)}]


with jobmedic.Engine() as engine, open(sys.argv[1], "w", encoding="utf-8") as output:
    measured = [*rows("a call of apply_patch(), 1 member", lambda: jobmedic.apply_patch(DOCUMENT, PATCH), 20_000),
                *rows("a call of classify(), 4 KB", lambda: engine.classify(LOGS), 10_000)]
    json.dump({"benchmarks": measured}, output)
