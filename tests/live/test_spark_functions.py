"""More than 100,000 excerpts of real logs, classified inside Spark by one executor and by two: the verdicts of the tool. And real
event logs, collected there: the same attempts as in a single process."""
import json
import os
import subprocess
import sys

import pytest

from java_package import BUILD, java_environment
from scheduler import JOBS, LINKED, PLATFORM
from tool import DATA, ROOT, TOOL

sys.path.insert(0, str(ROOT / "bindings/python"))

SOURCE = ROOT / "tests/live/java/io/jobmedic/spark/ClassifyExcerpts.java"
EVENTS = DATA / "spark-event-logs"
COLLECTOR = {"schema": "jobmedic.collector/1", "sources": [{"name": "events", "kind": "event_log", "path": f"{EVENTS}/{{job}}"}]}
READ = """
import json, sys, pyarrow.parquet
for line in zip(*pyarrow.parquet.read_table(sys.argv[1]).to_pydict().values()): print(json.dumps(line))
"""


EACH = 100  # of the excerpts are also shown to the tool: a folder for each would be too many


class Excerpts:
    """The table, and what a single process says: documents by id."""

    def __init__(self, spark, folder):
        from jobmedic import Engine
        self.table = folder / "table"
        subprocess.run([spark.python, JOBS / "excerpts.py", DATA, self.table, folder / "rows.jsonl"], check=True)
        rows = [json.loads(line) for line in (folder / "rows.jsonl").read_text().splitlines()]
        self.count = len(rows)
        with Engine() as engine:
            self.verdicts = [engine.classify({name: content.encode()}) for name, content in rows]
        assert self.said_by_the_tool(rows, folder / "folders") == self.verdicts[::EACH]
        self.collect(folder)

    def said_by_the_tool(self, rows, folder):
        for number, (name, content) in enumerate(rows[::EACH]):
            (folder / f"{number:06}").mkdir(parents=True)
            (folder / f"{number:06}" / name).write_text(content, encoding="utf-8")
        printed = subprocess.run([TOOL, "classify", "--jobs", "1", "--each", folder], check=True, stdout=subprocess.PIPE,
                                 env={**os.environ, "XDG_CACHE_HOME": str(BUILD / "test-cache")}).stdout
        said = [json.loads(line) for line in printed.splitlines()]
        return [{name: value for name, value in each.items() if name not in ("path", "sources")} for each in said]

    def collect(self, folder):
        from jobmedic import Engine
        attempts = [{"schema": "jobmedic.attempt/1", "job": log.name, "run": "past", "attempt": 1, "engine": "spark"}
                    for log in sorted(EVENTS.iterdir()) if log.suffix not in (".md", ".csv")]
        self.attempts = folder / "attempts.jsonl"
        self.attempts.write_text("".join(json.dumps(attempt) + "\n" for attempt in attempts))
        with Engine() as engine:
            self.collected = [engine.collect(attempt, COLLECTOR) for attempt in attempts]
        assert any(each["attempt"].get("metrics") for each in self.collected)


@pytest.fixture(scope="module")
def excerpts(spark, tmp_path_factory):
    if not (DATA / "spark-failures").exists() or not (DATA / "loghub").exists() or not EVENTS.exists():
        pytest.skip(f"no spark-failures, loghub or spark-event-logs in {DATA}")
    return Excerpts(spark, tmp_path_factory.mktemp("excerpts"))


def submit(spark, folder, executors, *command, **environment):
    """{what: seconds} that a program in a cluster of so many executors printed."""
    home = folder / "home"
    home.mkdir()
    for name in LINKED:
        (home / name).symlink_to(spark.home / name)
    config = {**PLATFORM, "spark.master": f"local-cluster[{executors},1,1024]", "spark.driver.memory": "1g"}
    options = [f"--conf={name}={value}" for name, value in config.items()]
    done = subprocess.run([home / "bin/spark-submit", *options, *command], env={**java_environment(spark, home), **environment},
                          capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr[-5000:]
    return [line.split() for line in done.stdout.splitlines()]


def rows(spark, table):
    printed = subprocess.run([spark.python, "-c", READ, table], check=True, stdout=subprocess.PIPE).stdout
    return [json.loads(line) for line in printed.splitlines()]


def tell(language, executors, excerpts, what, seconds):
    print(f"\n{language}, {what}, {executors} executors: {excerpts.count / float(seconds):,.0f} excerpts/s")


def lines(folder):
    return [json.loads(line) for part in sorted(folder.glob("part-*")) for line in part.read_text().split("\n") if line]


def ordered(documents):
    return sorted(json.dumps(document, sort_keys=True) for document in documents)


def same(told, excerpts):
    return sum(json.loads(verdict) == excerpts.verdicts[number] for number, verdict in told)


@pytest.mark.parametrize("executors", [1, 2])
def test_the_java_udf_and_the_partitions_helper_give_the_tools_verdicts(spark, java, excerpts, tmp_path, executors):
    assert excerpts.count >= 100_000
    program = java.compiled(f"classify_excerpts_{executors}", [SOURCE])
    engines, *times = submit(spark, tmp_path, executors, "--class", "io.jobmedic.spark.ClassifyExcerpts", "--jars", java.jar, program,
                             excerpts.table, tmp_path, excerpts.attempts, json.dumps(COLLECTOR))
    assert engines == ["engines", str(executors), "executors", str(executors)]
    for what, seconds in times[:2]:
        tell("Java", executors, excerpts, what, seconds)
    told = rows(spark, tmp_path / "udf")
    assert (len(told), same(told, excerpts)) == (excerpts.count, excerpts.count)
    assert ordered(lines(tmp_path / "map_partitions")) == ordered(excerpts.verdicts)
    assert ordered(lines(tmp_path / "collect")) == ordered(excerpts.collected)


@pytest.mark.parametrize("executors", [1, 2] if os.environ.get("JOBMEDIC_ALL_RUNS") else [2])
def test_the_pandas_udf_gives_the_tools_verdicts(spark, excerpts, tmp_path, executors):
    package = f"{ROOT}/bindings/python"
    ((what, seconds),) = submit(spark, tmp_path, executors, f"--conf=spark.executorEnv.PYTHONPATH={package}",
                                JOBS / "classify_excerpts.py", excerpts.table, tmp_path, excerpts.attempts,
                                json.dumps(COLLECTOR), PYTHONPATH=package, JOBMEDIC_LIBRARY=f"{BUILD}/lib/libjobmedic.so")
    tell("Python", executors, excerpts, what, seconds)
    told = rows(spark, tmp_path / what)
    assert (len(told), same(told, excerpts)) == (excerpts.count, excerpts.count)
    assert ordered(lines(tmp_path / "collect")) == ordered(excerpts.collected)
