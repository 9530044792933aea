"""The tool as its users meet it: a process with arguments, streams and an exit code."""
import json
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = os.environ.get("JOBMEDIC_TOOL", str(ROOT / "build/bin/jobmedic"))
DATA = pathlib.Path(os.environ.get("JOBMEDIC_TEST_DATA", ROOT.parent / "shared/data"))

RULES = {"schema": "jobmedic.rules/1", "rules": [{
    "name": "TestHeap", "source": "spark", "log": "*", "regex": "TestHeapError: (?<what>.*)", "summary": "The heap of the test is full.",
    "category": "memory_config", "fault": "user", "restartable": False, "advice": "Give the test more memory.",
    "matches": ["TestHeapError: full"], "ignores": ["TestHeap"]}]}
ATTEMPT = {"schema": "jobmedic.attempt/1", "job": "nightly_sessions", "run": "2026-11-21", "attempt": 1, "engine": "spark",
           "labels": {"user": "ana", "queue": "etl"},
           "config": {"spark.executor.memory": "2g", "spark.executor.cores": "2"}, "metrics": {"input_bytes": 81923811},
           "duration_s": 812.4, "outcome": {"succeeded": False, "cost_usd": 1.83, "exit_code": 1}}


class Answer:
    def __init__(self, done):
        self.code = done.returncode
        self.out = done.stdout.decode()
        self.err = done.stderr.decode()

    def document(self):
        assert self.code == 0, self.err
        assert self.out.count("\n") == 1, "JSON is one line"
        return json.loads(self.out)

    def page(self):
        assert self.code == 0, self.err
        assert self.err == ""
        assert "\x1b" not in self.out, "colour is only for terminals"
        return self.out

    def failure(self, code=1):
        """The one line on standard error."""
        assert self.code == code, (self.out, self.err)
        assert self.err.startswith("jobmedic: ") and self.err.endswith("\n") and self.err.count("\n") == 1, self.err
        return self.err[len("jobmedic: "):-1]


@pytest.fixture
def tool(tmp_path):
    """tool("classify", ...): runs in a folder of its own, with a cache of compiled rules that all tests share."""
    def run(*arguments, stdin=b"", **options):
        environment = {**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(ROOT / "build/test-cache")}
        return Answer(subprocess.run([TOOL, *map(str, arguments)], input=stdin, capture_output=True, cwd=tmp_path,
                                     env=environment, timeout=120, **options))
    return run


@pytest.fixture
def write(tmp_path):
    """write("a.json", value): a file beside the tool; text and bytes as they are, the rest as JSON."""
    def write_file(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return name
    return write_file


@pytest.fixture
def store(tool, write):
    """The URL of a store with one attempt."""
    write("history-of-one.jsonl", ATTEMPT)
    tool("history", "import", "history-of-one.jsonl", "--store", "sqlite:jobmedic.db").page()
    return "sqlite:jobmedic.db"
