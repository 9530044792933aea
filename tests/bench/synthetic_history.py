#!/usr/bin/env python3
"""A history as large as asked for, to see how long `jobmedic train` takes and how much memory it needs.

usage: synthetic_history.py EXAMPLES [SEED] > history.jsonl
       jobmedic history import history.jsonl --store sqlite:big.db
       /usr/bin/time -v jobmedic train --store sqlite:big.db

EXAMPLES counts pairs of a failed attempt and a later try of its run. Jobs of Spark run daily with inputs that grow and
waver; a run that was given too little memory dies of it and is tried again with more, up to three times. The configuration
holds a few settings beside those that jobmedic knows, half of the jobs have a plan.
"""
import datetime
import json
import math
import random
import sys

MIB = 1 << 20
OPERATORS = ["Scan parquet", "Filter", "Project", "Exchange hashpartitioning", "SortMergeJoin", "BroadcastHashJoin",
             "HashAggregate", "Sort", "Window", "Union", "Generate explode", "Expand"]
BEGIN = datetime.datetime(2026, 1, 1)


class Job:
    def __init__(self, number, rng):
        self.name = f"pipeline_{number % 50}.stage_{number}"
        self.need_mib = 400 * 2 ** rng.uniform(0, 5)   # for an ordinary input
        self.input = 10 ** rng.uniform(8, 12)
        self.slope = rng.uniform(0.2, 1.0)             # octaves of memory per octave of input
        self.cores = rng.choice([1, 2, 4])
        self.memory = max(512, 64 * round(self.need_mib * rng.uniform(0.6, 1.4) / 64))
        self.owner = f"team-{number % 17}"
        self.operators = rng.choices(OPERATORS, k=rng.randint(3, 20)) if number % 2 else []

    def plan(self, rng):
        return "\n".join(f"+- {name} [id#{rng.randint(1, 999)}, column_{i}]" for i, name in enumerate(self.operators))

    def run(self, number, rng):
        """The attempts of one run."""
        octaves = rng.gauss(number / 400, 0.6)
        need = self.need_mib * 2 ** (self.slope * octaves + rng.gauss(0, 0.05))
        memory = self.memory
        started = BEGIN + datetime.timedelta(days=number, seconds=rng.randint(0, 80000))
        plan = self.plan(rng)
        for attempt in range(1, 5):
            works = memory >= need or rng.random() < 0.02
            seconds = rng.uniform(200, 900) if works else rng.uniform(60, 500)
            used = min(memory, need)
            yield {"schema": "jobmedic.attempt/1", "job": self.name, "run": f"{self.name}-{number:06d}", "attempt": attempt,
                   "engine": "spark", "labels": {"owner": self.owner, "queue": "nightly" if number % 2 else "adhoc"},
                   "config": {"spark.executor.memory": f"{memory}m", "spark.executor.cores": str(self.cores),
                              "spark.executor.instances": "4", "spark.app.name": self.name,
                              "spark.eventLog.enabled": "true", "spark.serializer": "KryoSerializer"},
                   "metrics": {"input_bytes": round(self.input * 2 ** octaves), "peak_jvm_heap_bytes": round(used * MIB),
                               "peak_executor_rss_bytes": round(used * 1.3 * MIB), "spilled_bytes": round(need * 1e5),
                               "gc_s": round(seconds * used / memory * 0.3, 2), "executor_cpu_s": round(seconds * 3, 1)},
                   "plan": plan, "started_at": started.strftime("%Y-%m-%dT%H:%M:%SZ"), "duration_s": round(seconds, 1),
                   "outcome": {"succeeded": True, "cost_usd": memory * seconds / 1e8} if works else
                   {"succeeded": False, "cost_usd": memory * seconds / 1e8, "exit_code": 52,
                    "rule": "ExecutorHeapOutOfMemory", "category": "memory_config"}}
            if works:
                return
            started += datetime.timedelta(seconds=seconds + 60)
            memory = min(64 * math.ceil(memory * rng.uniform(1.1, 2) / 64), 32768)


def main():
    examples = int(sys.argv[1])
    rng = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    jobs = [Job(number, rng) for number in range(max(20, examples // 250))]
    made, day = 0, 0
    while made < examples:
        for job in jobs:
            tries = list(job.run(day, rng))
            for attempt in tries:
                sys.stdout.write(json.dumps(attempt) + "\n")
            made += len(tries) * (len(tries) - 1) // 2
        day += 1


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main()
