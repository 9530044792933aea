"""Fixtures: the package of this checkout, one real failure, and a store with a trained model."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "bindings" / "python"
DATA = Path(os.environ.get("JOBMEDIC_TEST_DATA", ROOT.parent / "shared" / "data"))
sys.path.insert(0, str(PACKAGE))


def first_existing(*paths):
    for path in paths:
        if path.exists():
            return path
    pytest.skip("not on this machine: " + ", ".join(map(str, paths)))


@pytest.fixture(scope="session", autouse=True)
def private_cache(tmp_path_factory):
    """Compiled rules stay out of the user's home."""
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))


class FailedJob:
    """A Spark run that really failed: its attempt, and its logs as a folder."""

    def __init__(self, folder):
        self.paths = sorted(path for path in folder.iterdir() if path.suffix in (".stdout", ".stderr"))
        self.logs = {path.name: path.read_bytes() for path in self.paths}
        if (folder / "attempt.json").exists():
            self.attempt = json.loads((folder / "attempt.json").read_text())
            return
        meta = json.loads((folder / "meta.json").read_text())
        self.attempt = {
            "schema": "jobmedic.attempt/1",
            "job": "nightly_sessions",
            "run": "2026-11-21",
            "attempt": 1,
            "engine": "spark",
            "config": meta["config"],
            "outcome": {"succeeded": False, "exit_code": meta["exit_code"]},
        }

    def next_attempt(self, job=None):
        attempt = {key: value for key, value in self.attempt.items() if key not in ("outcome", "metrics", "duration_s")}
        return {**attempt, "run": "the next", "job": job or attempt["job"]}


@pytest.fixture(scope="session")
def failed_job():
    return FailedJob(first_existing(ROOT / "examples/data/failed-job", DATA / "spark-failures/s179"))


@pytest.fixture(scope="session")
def history():
    return first_existing(ROOT / "examples/data/history.jsonl", DATA / "spark-retries/attempts.jsonl")


def run_python(code, *arguments):
    """What `code` prints as JSON in a process of its own; its standard error where it fails."""
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE)}
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True, env=environment, timeout=600
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


TRAIN = """
import json, sys
from jobmedic import Engine
seen, events = [], []
with Engine(store="sqlite:" + sys.argv[1]) as engine:
    engine.set_events(events.append)
    counts = engine.import_history(sys.argv[2])
    report = engine.train(lambda done, what: seen.append((done, what)), seed=1, max_epochs=20)
    info = engine.info()
print(json.dumps({"counts": counts, "report": report, "progress": seen, "info": info, "events": events}))
"""


@pytest.fixture(scope="session")
def training(tmp_path_factory, history):
    """Trains in a process of its own, so that this one stays without libtorch."""
    import jobmedic

    module = Path(jobmedic.library_path()).parent / "libjobmedic_torch.so"
    if not module.exists():
        pytest.skip(f"{module} is not built")
    store = tmp_path_factory.mktemp("trained") / "history.db"
    return {**run_python(TRAIN, store, history), "store": store}


@pytest.fixture
def trained_store(training, tmp_path):
    """A copy of its own for each test: a URL."""
    shutil.copy(training["store"], tmp_path / "history.db")
    return f"sqlite:{tmp_path}/history.db"


@pytest.fixture
def package_in_environment(monkeypatch):
    """Programs started by the test find the package."""
    monkeypatch.setenv("PYTHONPATH", str(PACKAGE))
