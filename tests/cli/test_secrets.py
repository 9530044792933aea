"""Passwords, keys and tokens are in no answer and in no store; what has to work keeps them."""
import json
import sqlite3

import pytest

from subject import ATTEMPT, RULES

LOG = "INFO --password hunter2\nTestHeapError: jdbc:x://etl:hunter2@db/sales?ssl=1 token=abcd1234efgh\n"
SECRETS = ("hunter2", "abcd1234efgh", "wJalrXUtnFEMI")
FAILED = {**ATTEMPT, "labels": {"user": "ana", "api_key": "wJalrXUtnFEMI"}, "plan": "Scan [password=hunter2]",
          "config": {"spark.executor.memory": "2g", "spark.hadoop.fs.s3a.secret.key": "wJalrXUtnFEMI"},
          "message": "login with --password hunter2"}


def assert_no_secret(text):
    for secret in SECRETS:
        assert secret not in text


@pytest.fixture
def failure(write):
    write("rules.json", RULES)
    write("driver.stderr", LOG)
    write("attempt.json", FAILED)


def test_evidence_and_captures_are_masked_and_stay_readable(tool, failure):
    document = tool("classify", "--rules", "rules.json", "--format", "json", "driver.stderr").document()
    assert document["evidence"]["text"] == "TestHeapError: jdbc:x://etl:****@db/sales?ssl=1 token=****"
    assert document["evidence"]["captures"] == {"what": "jdbc:x://etl:****@db/sales?ssl=1 token=****"}
    assert_no_secret(tool("classify", "--rules", "rules.json", "driver.stderr").page())


def test_a_person_may_ask_to_see_them_and_bring_patterns(tool, write, failure):
    shown = tool("classify", "--show-secrets", "--rules", "rules.json", "--format", "json", "driver.stderr").document()
    assert shown["evidence"]["text"] == LOG.splitlines()[1]
    write("mine.json", {"schema": "jobmedic.secrets/1", "shapes": [{"name": "sales", "starts": ["db/"], "then": "[a-z]+"}]})
    more = tool("classify", "--secrets", "mine.json", "--rules", "rules.json", "--format", "json", "driver.stderr").document()
    assert more["evidence"]["text"] == "TestHeapError: jdbc:x://etl:****@db/****?ssl=1 token=****"
    write("bad.json", {"schema": "jobmedic.secrets/1", "shapes": [{"name": "a", "starts": ["abc"], "then": "a(b"}]})
    assert tool("classify", "--secrets", "bad.json", "driver.stderr").failure().startswith("bad.json: /shapes/0/then: column 4: ")


def test_what_is_stored_is_masked_whichever_way_it_comes_in(tool, write, failure, tmp_path):
    store = ["--store", "sqlite:jobmedic.db"]
    write("history.jsonl", {**FAILED, "run": "2026-11-20"})
    tool("history", "import", "history.jsonl", *store).page()
    tool("record", *store, "--attempt", "attempt.json").page()
    remediate = ["remediate", *store, "--rules", "rules.json", "--attempt", "attempt.json", "--log", "driver.stderr"]
    assert_no_secret(json.dumps(tool(*remediate, "--format", "json").document()))
    assert_no_secret(tool(*remediate).page())
    assert_no_secret(tool("recommend", *store, "--attempt", "attempt.json").page())
    with sqlite3.connect(tmp_path / "jobmedic.db") as database:
        kept = "\n".join(database.iterdump())
    assert "2026-11-20" in kept and "TestHeap" in kept and "spark.hadoop.fs.s3a.secret.key" in kept
    assert_no_secret(kept)


def test_the_configuration_for_the_next_try_is_whole_but_its_page_is_masked(tool, write, store):
    write("attempt.json", {**FAILED, "attempt": 2})
    write("patch.json", {"schema": "jobmedic.patch/1", "scope": {"job": "nightly_sessions"},
                         "patch": [{"op": "add", "path": "/spark.executor.memory", "value": "4g"}]})
    tool("config", "put", "patch.json", "--store", store).page()
    get = ["config", "get", "--store", store, "--attempt", "attempt.json"]
    assert tool(*get, "--format", "json").document()["config"] == {
        "spark.executor.memory": "4g", "spark.hadoop.fs.s3a.secret.key": "wJalrXUtnFEMI"}
    page = tool(*get).page()
    assert_no_secret(page)
    assert "4g" in page and "****" in page


def test_a_password_in_a_patch_is_applied_but_not_shown(tool, write, store):
    write("attempt.json", {**ATTEMPT, "attempt": 2})
    write("patch.json", {"schema": "jobmedic.patch/1", "scope": {"job": "nightly_sessions"},
                         "patch": [{"op": "add", "path": "/spark.executor.password", "value": "hunter2"}]})
    write("space.json", {"schema": "jobmedic.space/1", "parameters": [
        {"name": "spark.executor.password", "type": "categorical", "values": ["hunter2"]}]})
    space = ["--space", "space.json"]
    saved = tool("config", "put", "patch.json", "--store", store, *space, "--format", "json")
    assert_no_secret(saved.out)
    for command in (["list"], ["history"], ["show", saved.document()["id"]],
                    ["explain", "--attempt", "attempt.json", *space]):
        for form in ("page", "json"):
            told = tool("config", *command, "--store", store, "--format", form)
            assert told.code == 0 and "spark.executor.password" in told.out
            assert_no_secret(told.out)
    applied = tool("config", "get", "--attempt", "attempt.json", "--store", store, *space, "--format", "json").document()
    assert applied["config"]["spark.executor.password"] == "hunter2"


def test_error_messages_quote_no_secret(tool, write):
    write("attempt.json", {**ATTEMPT, "labels": {"password": 12345678}})
    assert tool("record", "--store", "sqlite:x.db", "--attempt", "attempt.json").failure() == \
        "attempt.json: /labels/password: expected a string, found ****"
