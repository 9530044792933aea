"""bindings_peer.py OUTPUT: what bindings_bench.cpp calls in C, called from Python and from Java, and what copying the same
documents in and out costs there, as rows of its table (Google Benchmark's JSON). Without a JDK the rows of Java are skipped."""
import glob
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
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


def rows(name, seconds):
    """Of the seconds that a call took in each repetition."""
    middle = statistics.median(seconds)
    for aggregate, value in (("median", middle * 1e6), ("cv", statistics.pstdev(seconds) / middle)):
        yield {"run_name": name, "aggregate_name": aggregate, "real_time": value, "cpu_time": value, "time_unit": "us"}


def timed(function, calls=10_000):
    function()
    return [each / calls for each in timeit.repeat(function, number=calls, repeat=7, timer=time.process_time)]


def in_python():
    """Python's documents are dicts: its copying is JSON, out of them and into them."""
    answer = json.dumps(jobmedic.apply_patch(DOCUMENT, PATCH))
    yield from rows(f"{APPLY}/jobmedic from Python", timed(lambda: jobmedic.apply_patch(DOCUMENT, PATCH)))
    yield from rows(f"{APPLY}/limit: json.dumps and loads of the same",
                    timed(lambda: (json.dumps(DOCUMENT), json.dumps(PATCH), json.loads(answer))))
    with jobmedic.Engine() as engine:
        logs = {"driver.stdout": LOG}
        verdict = json.dumps(engine.classify(logs))
        yield from rows(f"{CLASSIFY}/jobmedic from Python", timed(lambda: engine.classify(logs)))
        yield from rows(f"{CLASSIFY}/limit: json.loads of the same", timed(lambda: json.loads(verdict)))


def in_java():
    if not shutil.which("javac") or not (LIBRARY / "libjobmedic_jni.so").exists():
        print('skipped: the rows "from Java" need a JDK: openjdk-17-jdk-headless (Debian), then the build once more', file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as folder:
        for number, part in enumerate((json.dumps(DOCUMENT).encode(), json.dumps(PATCH).encode(), LOG)):
            pathlib.Path(folder, str(number)).write_bytes(part)
        sources = [*glob.glob(f"{ROOT}/bindings/java/src/main/java/io/jobmedic/*.java"), ROOT / "tests/bench/JavaCalls.java"]
        subprocess.run(["javac", "-d", folder, *sources], check=True)
        said = subprocess.run(["java", "-XX:+UseSerialGC", f"-Djobmedic.library={LIBRARY}", "-cp", folder, "JavaCalls", folder,
                               APPLY, CLASSIFY], check=True, text=True, stdout=subprocess.PIPE).stdout
    for line in said.splitlines():
        name, *times = line.split("\t")
        yield from rows(name, [float(nanoseconds) * 1e-9 for nanoseconds in times])


with open(sys.argv[1], "w", encoding="utf-8") as output:
    json.dump({"benchmarks": [*in_python(), *in_java()]}, output)
