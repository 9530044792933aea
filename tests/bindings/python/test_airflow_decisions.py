"""What of an answer and of a try's log counts in Airflow; Airflow itself is in tests/live."""

import json

import pytest

from jobmedic import Engine
from jobmedic.airflow import _logs, _remedy

BUG = b"Traceback (most recent call last):\n  File \"rollup.py\", line 3, in <module>\n    row['prize']\nKeyError: 'prize'\n"
ATTEMPT = {"schema": "jobmedic.attempt/1", "job": "nightly.rollup", "run": "r1", "attempt": 1, "engine": "spark", "config": {}}


def worth(store, mode="act"):
    with Engine(store=store, loop={"mode": mode}) as engine:
        return _remedy.known_worth(engine.remediate(ATTEMPT, {"driver.stderr": BUG}))


def test_a_mode_that_only_watches_leaves_the_retry_to_airflow(tmp_path):
    assert worth(f"sqlite:{tmp_path}/acts.db") is False
    assert worth(f"sqlite:{tmp_path}/watches.db", "shadow") is None


def test_stopped_automation_leaves_the_retry_to_airflow(tmp_path):
    store = f"sqlite:{tmp_path}/store.db"
    with Engine(store=store) as engine:
        engine.stop_automation(by="ana", reason="maintenance")
    assert worth(store) is None


def lines(*records):
    return [json.dumps(record).encode() for record in records]


@pytest.mark.parametrize("signal, exit_code", [(-9, 137), (-15, 143)])
def test_the_exit_code_of_a_killed_process_is_that_of_its_signal(signal, exit_code):
    event = "Process terminated by signal. For more information, see https://airflow.apache.org/docs"
    logs = _logs.split(lines({"event": "rows read"}, {"event": event, "signal": signal, "signal_name": "SIG"}))
    assert (_logs.was_killed(logs), _logs.exit_code(logs)) == (True, exit_code)


def test_a_log_that_tells_of_a_decision_is_not_judged_again():
    assert _logs.decided(lines({"event": "jobmedic: retry in 1.5 s: likely to pass by itself"}))
    assert _logs.decided(lines({"event": "jobmedic: no retry: PythonMistake"}))
    assert not _logs.decided(lines({"event": "jobmedic: this try runs with spark.driver.memory 1g -> 2g"}))


def test_what_jobmedic_said_is_no_evidence_and_the_driver_is_told_apart():
    told = lines({"event": "java.lang.OutOfMemoryError", "logger": "airflow.providers.spark.SparkSubmitHook"},
                 {"event": "Could not read logs from s3://logs/attempt=1.log with error: Access Denied"},
                 {"event": "jobmedic: retry in 0 s: x"}, {"event": "::group::Pre Execute"}, {"event": "Task failed"})
    assert _logs.split(told) == {"driver.stderr": b"java.lang.OutOfMemoryError\n", "task.log": b"Task failed\n"}
    assert _logs.split([]) == {}
