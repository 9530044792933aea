"""bindings_peer.py OUTPUT: what bindings_bench.cpp calls in C, called from Python and from Java, and what copying the same
documents in and out costs there, as rows of its table (Google Benchmark's JSON), with what a call costs more than the C call
of the same round. Without a JDK the rows of Java are skipped."""
import glob
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import timeit

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "build-bench/lib"
os.environ.setdefault("JOBMEDIC_LIBRARY", str(LIBRARY / "libjobmedic.so"))
sys.path.insert(0, str(ROOT / "bindings/python"))

import jobmedic  # noqa: E402

JOB = ROOT / "examples/data/failed-job"
LINE = b"26/11/21 03:12:07 INFO TaskSetManager: Finished task 7.0 in stage 2.0 (TID 31) in 12 ms\n"
LOG = LINE * (4000 // len(LINE) + 1)
DOCUMENT = json.loads((JOB / "attempt.json").read_text())["config"]
PATCH = [{"op": "add", "path": "/spark.executor.memory", "value": "1920m"}]
APPLY = "a call of apply_patch(), a configuration of 10 members"
CLASSIFY = "a call of classify(), 4 KB in which nothing failed"


ROUNDS = 15


def in_c(claim):
    """The seconds of a call by the C ABI, measured now."""
    said = subprocess.run([ROOT / "build-bench/bin/bench_bindings", f"--benchmark_filter={re.sub('[()]', '.', claim)}/jobmedic$",
                           "--benchmark_min_time=0.05", "--benchmark_format=json"],
                          check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    return json.loads(said)["benchmarks"][0]["real_time"] * 1e-9


def in_python(function, calls=10_000):
    return timeit.timeit(function, number=calls) / calls


class Java:
    """JavaCalls, which measures what it is asked for, when it is asked."""

    def __init__(self, folder):
        for number, part in enumerate((json.dumps(DOCUMENT).encode(), json.dumps(PATCH).encode(), LOG)):
            pathlib.Path(folder, str(number)).write_bytes(part)
        sources = [*glob.glob(f"{ROOT}/bindings/java/src/main/java/io/jobmedic/*.java"), ROOT / "tests/bench/JavaCalls.java"]
        subprocess.run(["javac", "-d", folder, *sources], check=True)
        self.process = subprocess.Popen(["java", "-XX:+UseSerialGC", f"-Djobmedic.library={LIBRARY}", "-cp", folder, "JavaCalls",
                                         folder], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __call__(self, name):
        self.process.stdin.write(name + "\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline()) * 1e-9

    def close(self):
        self.process.stdin.close()
        if self.process.wait() != 0:
            raise SystemExit("JavaCalls failed")


def row(name, seconds, beside_c=None):
    """Of the seconds that a call took in each round; `beside_c`: those of the same rounds in C."""
    middle = statistics.median(seconds)
    values = {"median": middle * 1e6, "cv": statistics.pstdev(seconds) / middle}
    rows = [{"run_name": name, "aggregate_name": aggregate, "real_time": value, "cpu_time": value, "time_unit": "us"}
            for aggregate, value in values.items()]
    if beside_c:
        rows[0]["seconds_more"] = statistics.median(ours - c for ours, c in zip(seconds, beside_c))
    return rows


def measure(claim, callers):
    """The rows of the callers, (who, function) each, in turn: the host's speed changes from one second to the next."""
    times = {who: [] for who, _ in [("C", None), *callers]}
    for _ in range(ROUNDS):
        times["C"].append(in_c(claim))
        for who, caller in callers:
            times[who].append(caller())
    return [each for who, _ in callers
            for each in row(f"{claim}/{who}", times[who], None if who.startswith("limit") else times["C"])]


def main():
    java = None
    with tempfile.TemporaryDirectory() as folder, jobmedic.Engine() as engine:
        if shutil.which("javac") and (LIBRARY / "libjobmedic_jni.so").exists():
            java = Java(folder)
        else:
            print('skipped: the rows "from Java" need a JDK: openjdk-17-jdk-headless (Debian), then the build once more',
                  file=sys.stderr)
        logs = {"driver.stdout": LOG}
        changed, verdict = json.dumps(jobmedic.apply_patch(DOCUMENT, PATCH)), json.dumps(engine.classify(logs))

        def callers(call, copies, name):
            yield "jobmedic from Python", lambda: in_python(call)
            yield "limit: json of the same in Python", lambda: in_python(copies)
            if java:
                yield "jobmedic from Java", lambda: java(name)
                yield "limit: Java copying the same in and out", lambda: java(f"{name}-copies")

        benchmarks = [
            *measure(APPLY, list(callers(lambda: jobmedic.apply_patch(DOCUMENT, PATCH),
                                         lambda: (json.dumps(DOCUMENT), json.dumps(PATCH), json.loads(changed)), "apply"))),
            *measure(CLASSIFY, list(callers(lambda: engine.classify(logs), lambda: json.loads(verdict), "classify")))]
        if java:
            java.close()
    with open(sys.argv[1], "w", encoding="utf-8") as output:
        json.dump({"benchmarks": benchmarks}, output)


main()
