"""classify_peer.py OUTPUT: RegexLoop.java over the ordinary logs of classify_bench, as a row of its table (Google Benchmark's
JSON). Without Java or data it writes an empty table and says so."""
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile

CLAIM = "classify 2 MB of ordinary logs, the shipped rules"


def measure():
    root = os.environ.get("JOBMEDIC_TEST_DATA", "../shared/data")
    logs = sorted(glob.glob(os.path.join(root, "loghub", "**", "*.log"), recursive=True))
    if not shutil.which("java") or not logs:
        print("skipped: the java.util.regex row needs Java and loghub", file=sys.stderr)
        return []
    regexes = []
    for path in sorted(glob.glob("src/classify/rules/*.json")):
        with open(path, encoding="utf-8") as file:
            for rule in json.load(file).get("rules", []):
                flags = "(?%s)" % rule["flags"] if rule.get("flags") else ""
                if rule.get("regex"):
                    regex = rule["regex"]
                    regexes.append(flags + (regex if isinstance(regex, str) else "|".join(f"(?:{one})" for one in regex)))
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as patterns:
        patterns.write("\n".join(regex for regex in regexes if "\n" not in regex))
        patterns.flush()
        said = subprocess.run(["java", "tests/bench/RegexLoop.java", patterns.name, *logs], check=True, text=True,
                              stdout=subprocess.PIPE).stdout.split()
    taken, size, seconds = int(said[0]), int(said[1]), float(said[2])
    name = f"{CLAIM}/java.util.regex loop"
    return [{"run_name": name, "name": name, "aggregate_name": "median", "real_time": seconds * 1e3,
             "cpu_time": seconds * 1e3, "time_unit": "ms", "bytes_per_second": size / seconds, "rules": taken}]


with open(sys.argv[1], "w", encoding="utf-8") as output:
    json.dump({"benchmarks": measure()}, output)
