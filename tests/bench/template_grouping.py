"""template_grouping.py [FOLDER]: do lines of one kind end up in one group? jobmedic's templates beside drain3's.

Grouping accuracy (Zhu et al. 2019): the share of lines whose group holds exactly the lines of their true kind. FOLDER
holds labelled systems as loghub has them, SYSTEM/SYSTEM_2k.log_structured.csv (default: loghub below
$JOBMEDIC_TEST_DATA or ../shared/data); the column Content goes in, EventId is the truth.

jobmedic has one set of settings for all systems. drain3 runs twice: with its defaults, and with what was published for
Drain per system (logpai/logparser, Drain benchmark: masking, similarity, depth). Without drain3 (PyPI) for this Python,
or for the one that $DRAIN3_PYTHON names, its columns are skipped. Builds build-bench/ if that was not done.
"""
import collections
import csv
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
IP, NAME = r"(\d+\.){3}\d+", r"([\w-]+\.){2,}[\w-]+"
# System: (masks, similarity, depth).
PUBLISHED = {
    "Android": ([r"(/[\w-]+)+", NAME, r"\b(\-?\+?\d+)\b|\b0[Xx][a-fA-F\d]+\b|\b[a-fA-F\d]{4,}\b"], 0.2, 6),
    "Apache": ([IP], 0.5, 4),
    "BGL": ([r"core\.\d+"], 0.5, 4),
    "HDFS": ([r"blk_-?\d+", r"(\d+\.){3}\d+(:\d+)?"], 0.5, 4),
    "HPC": ([r"=\d+"], 0.5, 4),
    "Hadoop": ([IP], 0.5, 4),
    "HealthApp": ([], 0.2, 4),
    "Linux": ([IP, r"\d{2}:\d{2}:\d{2}"], 0.39, 6),
    "Mac": ([NAME], 0.7, 6),
    "OpenSSH": ([IP, NAME], 0.6, 5),
    "OpenStack": ([r"((\d+\.){3}\d+,?)+", r"/.+?\s", r"\d+"], 0.5, 5),
    "Proxifier": ([r"<\d+\ssec", r"([\w-]+\.)+[\w-]+(:\d+)?", r"\d{2}:\d{2}(:\d{2})*", r"[KGTM]B"], 0.6, 3),
    "Spark": ([IP, r"\b[KGTM]?B\b", NAME], 0.5, 4),
    "Thunderbird": ([IP], 0.5, 4),
    "Windows": ([r"0x.*?\s"], 0.7, 5),
    "Zookeeper": ([r"(/|)(\d+\.){3}\d+(:\d+)?"], 0.5, 4),
}
DEFAULTS = ([], 0.4, 4)
# Runs in a Python that has drain3: [lines, masks, similarity, depth] -> [groups, seconds].
DRAIN3 = """
import json, sys, time
from drain3 import TemplateMiner
from drain3.masking import MaskingInstruction
from drain3.template_miner_config import TemplateMinerConfig
lines, masks, similarity, depth = json.load(sys.stdin)
best = None
for _ in range(3):
    config = TemplateMinerConfig()
    config.profiling_enabled = False
    config.drain_sim_th, config.drain_depth = similarity, depth
    config.masking_instructions = [MaskingInstruction(mask, "*") for mask in masks]
    miner = TemplateMiner(config=config)
    begin = time.perf_counter()
    groups = [miner.add_log_message(line)["cluster_id"] for line in lines]
    spent = time.perf_counter() - begin
    best = spent if best is None else min(best, spent)
json.dump([groups, best], sys.stdout)
"""


def accuracy(truth, groups):
    true_sizes, sizes = collections.Counter(truth), collections.Counter(groups)
    both = collections.Counter(zip(truth, groups))
    return sum(n for (kind, group), n in both.items() if n == true_sizes[kind] == sizes[group]) / len(truth)


def systems(folder):
    for path in sorted(folder.glob("*/*_2k.log_structured.csv")):
        with open(path, encoding="utf-8", errors="replace", newline="") as file:
            rows = list(csv.DictReader(file))
        yield path.parent.name, [row["Content"] for row in rows], [row["EventId"] for row in rows]


def jobmedic(tool, lines):
    text = "".join(line.replace("\n", " ") + "\n" for line in lines)
    done = subprocess.run([tool], input=text.encode(), capture_output=True, check=True)
    return done.stdout.decode().split(), float(done.stderr) * 1e-9


def drain3(python, lines, settings):
    done = subprocess.run([python, "-c", DRAIN3], input=json.dumps([lines, *settings]).encode(), capture_output=True,
                          check=True)
    groups, seconds = json.loads(done.stdout)
    return groups, seconds / len(lines)


def build():
    tool = ROOT / "build-bench/bin/template_grouping"
    for command in (["cmake", "-S", ROOT, "-B", ROOT / "build-bench", "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                     "-DJOBMEDIC_BENCH=ON"], ["cmake", "--build", ROOT / "build-bench", "--target", tool.name]):
        done = subprocess.run(command, capture_output=True)
        if done.returncode:
            sys.exit((done.stdout + done.stderr).decode()[-3000:])
    return tool


def main():
    data = pathlib.Path(os.environ.get("JOBMEDIC_TEST_DATA", ROOT / "../shared/data"))
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else data / "loghub"
    tool = os.environ.get("TEMPLATE_GROUPING") or build()
    python = os.environ.get("DRAIN3_PYTHON", sys.executable)
    peer = subprocess.run([python, "-c", "import drain3"], capture_output=True).returncode == 0
    columns = ["jobmedic"] + (["drain3, defaults", "drain3, per system"] if peer else [])
    print(f"{'grouping accuracy':18}" + "".join(f"{name:>20}" for name in columns) + f"{'time per line':>30}")
    sums, times, count = [0.0] * len(columns), [0.0] * len(columns), 0
    for name, lines, truth in systems(folder):
        results = [jobmedic(tool, lines)]
        if peer:
            results += [drain3(python, lines, settings) for settings in (DEFAULTS, PUBLISHED.get(name, DEFAULTS))]
        scores = [accuracy(truth, groups) for groups, _ in results]
        seconds = [each for _, each in results]
        print(f"{name:18}" + "".join(f"{score:20.3f}" for score in scores)
              + "    " + " / ".join(f"{each * 1e6:.2f} us" for each in seconds))
        sums = [a + b for a, b in zip(sums, scores)]
        times = [a + b for a, b in zip(times, seconds)]
        count += 1
    if not count:
        sys.exit(f"{folder}: no SYSTEM/*_2k.log_structured.csv here")
    print(f"{f'mean of {count}':18}" + "".join(f"{total / count:20.3f}" for total in sums)
          + "    " + " / ".join(f"{total / count * 1e6:.2f} us" for total in times))
    if not peer:
        print(f"skipped: drain3 (not installed for {python}; pip install drain3, or name another in DRAIN3_PYTHON)")


main()
