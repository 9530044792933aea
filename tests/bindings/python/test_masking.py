"""Passwords, keys and tokens leave the library masked, unless they have to work."""

import pytest

from jobmedic import Engine, Error

LOG = b"Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap space while password=hunter2\n"
ATTEMPT = {
    "schema": "jobmedic.attempt/1", "job": "nightly", "run": "r1", "attempt": 1, "engine": "spark",
    "labels": {"api_key": "hunter2"},
    "config": {"spark.executor.memory": "2g", "spark.ssl.keyPassword": "hunter2"},
    "outcome": {"succeeded": False},
}


def test_answers_are_masked_and_the_next_configuration_is_whole(tmp_path):
    with Engine(store=f"sqlite:{tmp_path}/store.db") as engine:
        assert "hunter2" not in str(engine.classify({"driver.stderr": LOG}))
        assert "hunter2" not in str(engine.remediate(ATTEMPT, {"driver.stderr": LOG}))
        engine.import_history([{**ATTEMPT, "run": "r0"}])
        config = engine.get_config({**ATTEMPT, "attempt": 2})["config"]
        assert config["spark.ssl.keyPassword"] == "hunter2"
    assert b"hunter2" not in (tmp_path / "store.db").read_bytes()


def test_masking_is_configured_with_the_engine():
    with Engine(secrets={"mask": False}) as engine:
        assert "hunter2" in str(engine.classify({"driver.stderr": LOG}))


def test_an_error_quotes_no_secret():
    with Engine() as engine, pytest.raises(Error) as problem:
        engine.classify({"x": LOG}, {**ATTEMPT, "labels": {"password": 12345678}})
    assert "12345678" not in str(problem.value)
