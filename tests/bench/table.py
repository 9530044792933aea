"""table.py FILE...: Google Benchmark's JSON output of several repetitions as one table.

A benchmark is named "CLAIM/WHO". Claims keep the order in which they come; within one, jobmedic leads, peers follow, and
"limit: ..." (what a bare library call or the memory allows) is last. Times are medians of CPU time, or of real time
or a time of its own where a benchmark asked for it.
"""
import json
import re
import sys

UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}
SETTINGS = re.compile(r"(/(real_time|manual_time|process_time|min_time:[^/]*|iterations:\d+|repeats:\d+|threads:\d+))+$")


def read(path):
    """Yields (claim, who, seconds, spread, what it comes to in a second, as a text, seconds more than C in the same rounds)."""
    with open(path, encoding="utf-8") as file:
        runs = json.load(file)["benchmarks"]
    runs.sort(key=lambda run: (run.get("family_index", 0), run.get("per_family_instance_index", 0)))  # they ran interleaved
    spreads = {run["run_name"]: run for run in runs if run.get("aggregate_name") == "cv"}
    for run in runs:
        if run.get("aggregate_name") != "median":
            continue
        if run.get("error_occurred"):
            continue
        claim, _, who = SETTINGS.sub("", run["run_name"]).partition("/")
        clock = "real_time" if re.search("/(real|manual)_time", run["run_name"]) else "cpu_time"
        seconds = run[clock] * UNITS[run["time_unit"]]
        yield claim, who, seconds, spreads.get(run["run_name"], {}).get(clock, 0.0), shown_speed(run), run.get("seconds_more")


def shown_time(seconds):
    for unit in ("s", "ms", "us", "ns"):
        if seconds >= UNITS[unit] or unit == "ns":
            return f"{seconds / UNITS[unit]:.3g} {unit}"
    return ""


def shown_speed(run):
    if run.get("items_per_second"):
        return f"{run['items_per_second']:.0f}/s"
    return f"{run['bytes_per_second'] / 1e9:.2f} GB/s" if run.get("bytes_per_second") else ""


def rank(row):
    who = row[1]
    if who.startswith("jobmedic"):
        return 0 if who == "jobmedic" else 1
    return 3 if who.startswith("limit") else 2


def table(rows):
    claims = {}
    for row in rows:
        claims.setdefault(row[0], []).append(row)
    yield ("what", "who", "median", "spread", "speed", "against jobmedic")
    for claim, group in claims.items():
        group.sort(key=rank)
        ours = next((row[2] for row in group if row[1] == "jobmedic"), None)
        for index, (_, who, seconds, spread, speed, more) in enumerate(group):
            beside = against(seconds, ours, more) if ours and who != "jobmedic" else ""
            yield (claim if index == 0 else "", who, shown_time(seconds), f"{spread:.0%}", speed, beside)


def against(seconds, ours, more):
    """A binding adds to what it calls; anyone else takes so many times as long."""
    return f"{seconds / ours:.2f} x" if more is None else f"{more * 1e6:+.1f} us"


def main():
    lines = list(table([row for path in sys.argv[1:] for row in read(path)]))
    filled = [any(line[column] for line in lines[1:]) for column in range(len(lines[0]))]
    lines = [[cell for cell, keep in zip(line, filled) if keep] for line in lines]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    for line in lines:
        cells = [cell.ljust(width) if i < 2 else cell.rjust(width) for i, (cell, width) in enumerate(zip(line, widths))]
        if line[0] and line is not lines[0]:
            print()
        print("  ".join(cells).rstrip())


main()
