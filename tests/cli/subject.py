"""The tool as its users meet it: a process with arguments, streams and an exit code."""
import json
import os
import pathlib

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
