"""java_peer.py OUTPUT: JavaCalls.java as rows of java_bench's table (Google Benchmark's JSON). Without a JDK it writes an empty
table and says so."""
import glob
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile


def measure():
    library = "build-bench/lib"
    if not shutil.which("javac") or not os.path.exists(f"{library}/libjobmedic_jni.so"):
        print("skipped: the rows of Java need a JDK and libjobmedic_jni.so", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as classes:
        sources = [*glob.glob("bindings/java/src/main/java/io/jobmedic/*.java"), "tests/bench/JavaCalls.java"]
        subprocess.run(["javac", "-d", classes, *sources], check=True)
        command = ["java", "-XX:+UseSerialGC", f"-Djobmedic.library={library}", "-cp", classes, "JavaCalls"]
        said = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout
    for line in said.splitlines():
        claim, *times = line.split("\t")
        times = [float(time) for time in times]
        middle = statistics.median(times)
        for aggregate, value in (("median", middle), ("cv", statistics.pstdev(times) / middle)):
            name = f"{claim}/from Java"
            yield {"run_name": name, "name": name, "aggregate_name": aggregate, "real_time": value, "cpu_time": value,
                   "time_unit": "ns"}


with open(sys.argv[1], "w", encoding="utf-8") as output:
    json.dump({"benchmarks": list(measure())}, output)
