#!/usr/bin/env python3
"""Nextflow traces of nf-core workflows as a history: one jobmedic.attempt/1 per completed task with a peak.

usage: nfcore_history.py TRACE.csv... > history.jsonl

The job is the process, `labels.peak` names the metric that holds what the task needed of its memory, so that
`jobmedic replay --engine generic` draws failures from it. Cost: requested GiB x hours x 0.01 USD. What the task read
(rchar) stands for its input.
"""
import csv
import datetime
import json
import math
import pathlib
import sys

MIB = 1 << 20


def started(row):
    text = row["start"] if row["start"] not in ("-", "") else row["submit"]
    return datetime.datetime.fromtimestamp(int(text) / 1000, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def attempt(workflow, row):
    memory = math.ceil(int(row["memory"]) / MIB)
    seconds = max(int(row["realtime"]) / 1000, 1)
    process = row["process"].split(":")[-1]
    return {"schema": "jobmedic.attempt/1", "job": row["process"], "run": f"{workflow}-{row['task_id']}", "attempt": 1,
            "engine": "nextflow", "labels": {"peak": "peak_rss_bytes", "process": process, "tool": process.split("_")[0]},
            "config": {"memory_mib": memory, "cores": int(row["cpus"])},
            "metrics": {"input_bytes": int(row["rchar"]), "peak_rss_bytes": int(row["peak_rss"])},
            "started_at": started(row), "duration_s": seconds,
            "outcome": {"succeeded": True, "cost_usd": memory / 1024 * seconds / 3600 * 0.01}}


def usable(row):
    return row["status"] == "COMPLETED" and all(row[name] not in ("-", "", "0") for name in ("peak_rss", "memory", "rchar"))


def main(paths):
    for path in map(pathlib.Path, paths):
        workflow = path.stem.removeprefix("trace_")
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if usable(row):
                    print(json.dumps(attempt(workflow, row)))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1:])
