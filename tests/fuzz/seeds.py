"""seeds.py FOLDER: writes what the fuzz targets start from: FOLDER/json and FOLDER/patch out of the unit tests' data,
FOLDER/rules out of the shipped rules, a few at a time, FOLDER/collect out of a small event log, plain and compressed,
FOLDER/store out of URLs, documents and bytes of a page, FOLDER/loop out of policies and options of outcomes."""
import gzip
import json
import pathlib
import sys

EVENTS = "".join(json.dumps(event) + "\n" for event in (
    {"Event": "SparkListenerApplicationStart", "Timestamp": 1763694720500},
    {"Event": "SparkListenerEnvironmentUpdate", "Spark Properties": {"spark.executor.memory": "2g"}},
    {"Event": "SparkListenerJobStart", "Job ID": 7, "Stage IDs": [9], "Properties": {"callSite.short": "count"}},
    {"Event": "SparkListenerTaskEnd", "Stage ID": 9, "Task Info": {"Index": 3, "Attempt": 0, "Task ID": 1},
     "Task End Reason": {"Reason": "ExceptionFailure", "Full Stack Trace": "java.io.IOException: full"},
     "Task Metrics": {"JVM GC Time": 5, "Input Metrics": {"Bytes Read": 7}}},
    {"Event": "SparkListenerStageCompleted", "Stage Info": {
        "Stage ID": 9, "Failure Reason": "Task 3 in stage 9.0 failed 4 times"}},
    {"Event": "SparkListenerJobEnd", "Job ID": 7, "Job Result": {
        "Result": "JobFailed", "Exception": {"Message": "Job aborted", "Stack Trace": []}}})).encode()
COLLECTOR = json.dumps({"schema": "jobmedic.collector/1", "sources": [
    {"name": "a", "command": ["yarn", "{id}"], "limit_bytes": 1, "timeout_s": 1.5, "required": True},
    {"name": "b", "kind": "glob", "path": "/{run}/*"}]}).encode()
# One frame of 18 stored bytes, as RFC 8878 spells it: Python has no zstd.
ZSTD = bytes.fromhex("28b52ffd2012910000") + b"line 1\nline 2\nend\n"

PATCH = {"schema": "jobmedic.patch/1", "id": "p", "scope": {"job": "j", "engine": "spark", "labels": {"team": "x"}},
         "patch": [{"op": "add", "path": "/spark.executor.memory", "value": "6g"}], "priority": 1, "layer": True,
         "expires_at": "2026-11-22T00:00:00Z", "uses_left": 3, "note": "n"}
FAILED = {"schema": "jobmedic.attempt/1", "job": "j", "run": "r", "attempt": 2, "engine": "spark", "labels": {"a": "b"},
          "config": {"spark.executor.memory": "2g"}, "metrics": {"m": 1.5}, "plan": "Scan", "duration_s": 3.5,
          "started_at": "2036-11-21T00:00:00Z",
          "outcome": {"succeeded": False, "cost_usd": 0.5, "exit_code": 1, "rule": "Heap", "category": "memory"}}
SUCCEEDED = FAILED | {"outcome": {"succeeded": True, "exit_code": 0}}
OUTCOMES = [b"o%c" % options + b"\0".join(json.dumps(part).encode() for part in (first, second))
            for options in range(4) for first in (FAILED, SUCCEEDED) for second in (FAILED, SUCCEEDED)]
URLS = ("sqlite:/nowhere/store.db", "postgresql://ana@db:5432/jobmedic", "postgresql:///jobmedic?host=/tmp&user=ana",
        "postgres://[::1]:5432,other:5433/jobmedic?connect_timeout=1", "postgresql://ana:secret@db/jobmedic",
        "postgresql:///jobmedic?%70assword=secret", "mysql://ana:secret@db/x")
STORES = [b"u" + url.encode() for url in URLS] + OUTCOMES + [
    b"p" + json.dumps(PATCH).encode(), b'k["/job","/engine"]', b"d\0\0\x1cJMed", b"d\0\x10\0\x0d\0\0\0\2\0\0"]

LOOP = {"mode": "shadow", "rollout_percent": 12.5, "rollout_label": "team", "quarantine_after": 3, "retry_budget": 5,
        "retry_budget_hours": 1.5, "keep_successful_days": 7, "retire_failed": False}
ENGINE = {"schema": "jobmedic.engine/1", "store": "sqlite:x.db", "rules": ["r.json"], "shipped_rules": False, "policy": {"alpha": 2},
          "loop": LOOP, "secrets": {"mask": True, "files": []}, "space": {"schema": "jobmedic.space/1", "parameters": []}}
OPTIONS = ({}, {"correct": True, "by": "ana", "reason": "it was another job's"}, {"correct": 1}, {"by": None})
LOOPS = [b"l" + json.dumps(LOOP).encode(), b"l{}", b'l{"mode":"act","retry_budget":1000001}', b"e" + json.dumps(ENGINE).encode()] + [
    b"o" + json.dumps(options).encode() + b"\0" + json.dumps(attempt).encode()
    for options in OPTIONS for attempt in (FAILED, SUCCEEDED, FAILED | {"outcome": None})]


def main():
    folder = pathlib.Path(sys.argv[1])
    (folder / "collect").mkdir(parents=True, exist_ok=True)
    archive = gzip.compress(EVENTS, mtime=0)
    for name, seed in {"events": b"\1" + EVENTS, "gzip": b"\0" + archive + archive, "half": b"\0" + archive[:200],
                       "zstd": b"\0" + ZSTD + ZSTD, "tail": b"\2" + EVENTS, "document": b"\3" + COLLECTOR,
                       "name": b"\4driver.log.2026-11-21-03.2.gz"}.items():
        (folder / "collect" / name).write_bytes(seed)
    for name, seeds in {"store": STORES, "loop": LOOPS}.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(seeds):
            (folder / name / f"seed-{number}").write_bytes(seed)
    for name in ("json", "patch", "rules"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for cases in sorted(pathlib.Path("tests/data/patch").glob("*.json")):
        for number, case in enumerate(json.loads(cases.read_text(encoding="utf-8"))):
            first, second = case.get("document", case.get("from")), case.get("to", case["patch"])
            texts = [json.dumps(first).encode(), json.dumps(second).encode()]
            (folder / "json" / f"{cases.stem}-{number}").write_bytes(texts[1])
            (folder / "patch" / f"{cases.stem}-{number}").write_bytes(b"\0".join(texts))
    for file in sorted(pathlib.Path("src/classify/rules").glob("*.json")):
        rules = json.loads(file.read_text(encoding="utf-8")).get("rules", [])
        for first in range(0, len(rules), 4):
            document = {"schema": "jobmedic.rules/1", "rules": rules[first:first + 4]}
            (folder / "rules" / f"{file.stem}-{first}").write_text(json.dumps(document), encoding="utf-8")


main()
