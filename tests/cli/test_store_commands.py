"""history, record, config get, recommend, remediate, models: what works on a store; under tests/postgresql on a PostgreSQL
server, as examples/operate.md says."""
import json
import os

import pytest

from subject import ATTEMPT, RULES


def line(**changes):
    return json.dumps({**ATTEMPT, **changes})


def test_a_history_is_imported_and_again_is_harmless(tool, write):
    write("history.jsonl", "\n".join([line(run="a"), "", line(run="b"), line(run="c") + "\r"]))
    arguments = ["history", "import", "history.jsonl", "--store", "sqlite:s.db"]
    assert tool(*arguments, "--format", "json").document() == {"schema": "jobmedic.import/1", "attempts": 3, "changed": 3}
    assert tool(*arguments).page() == "3 attempts read from history.jsonl, 0 of them new or changed\n"


def test_a_history_comes_through_standard_input(tool):
    document = tool("history", "import", "-", "--store", "sqlite:s.db", "--format", "json", stdin=line().encode()).document()
    assert document["attempts"] == 1


def test_a_malformed_line_is_named_and_nothing_is_imported(tool, write):
    bad = {**ATTEMPT, "outcome": {"succeeded": False, "cost_usd": "1.8 USD"}}
    write("history.jsonl", "\n".join([line(run=str(i)) for i in range(811)] + [json.dumps(bad)]))
    assert tool("history", "import", "history.jsonl", "--store", "sqlite:s.db").failure() == \
        'history.jsonl:812: /outcome/cost_usd: expected a number, found "1.8 USD"'
    write("good.jsonl", line(run="5"))
    assert tool("history", "import", "good.jsonl", "--store", "sqlite:s.db", "--format", "json").document()["changed"] == 1


def test_old_attempts_are_pruned_by_age_or_by_day(tool, write):
    write("history.jsonl", "\n".join([line(run="a", started_at="2020-01-01T00:00:00Z"),
                                      line(run="b", started_at="2022-01-01T00:00:00Z")]))
    tool("history", "import", "history.jsonl", "--store", "sqlite:s.db").page()
    prune = ["history", "prune", "--store", "sqlite:s.db"]
    assert tool(*prune, "--before", "2021-01-01T00:00:00Z", "--dry-run").page() == \
        "1 attempts before 2021-01-01T00:00:00Z and 0 remediations of them would be deleted\n"
    assert tool(*prune, "--older-than", "30", "--format", "json").document()["attempts"] == 2
    assert "--before or --older-than" in tool(*prune).failure(code=2)
    assert tool(*prune, "--before", "monday").failure() == '"monday" is no RFC 3339 time'


@pytest.mark.parametrize("command", [["recommend", "--job", "x"], ["models", "list"], ["config", "list"],
                                     ["train"]], ids=lambda c: c[0])
def test_a_store_that_is_not_there_is_not_made_by_reading(tool, tmp_path, command):
    assert "nowhere.db" in tool(*command, "--store", "sqlite:nowhere.db").failure()
    assert not (tmp_path / "nowhere.db").exists()


def test_a_damaged_store_and_a_foreign_url_are_refused(tool, write):
    write("text.db", "this is no database, however long one looks at it" * 100)
    assert "text.db" in tool("models", "list", "--store", "sqlite:text.db").failure()
    assert "mysql" in tool("models", "list", "--store", "mysql:here").failure()


def test_an_outcome_is_recorded_once(tool, write, store):
    write("second.json", {**ATTEMPT, "attempt": 2, "outcome": {"succeeded": True, "cost_usd": 1.1}})
    arguments = ["record", "--store", store, "--attempt", "second.json", "--format", "json"]
    assert tool(*arguments).document()["changed"] is True
    assert tool(*arguments).document()["changed"] is False


def test_a_patch_changes_the_configuration_of_its_scope_only(tool, write, store):
    write("patch.json", {"schema": "jobmedic.patch/1", "scope": {"job": "nightly_sessions"}, "note": "by hand",
                         "patch": [{"op": "replace", "path": "/spark.executor.memory", "value": "6g"}]})
    saved = tool("config", "put", "patch.json", "--store", store, "--format", "json").document()
    assert saved["schema"] == "jobmedic.patch/1" and saved["id"]
    listed = tool("config", "list", "--store", store, "--format", "json").document()
    assert [patch["id"] for patch in listed["patches"]] == [saved["id"]]
    assert "nightly_sessions" in tool("config", "list", "--store", store).page()

    write("next.json", {**ATTEMPT, "attempt": 2, "outcome": None})
    config = tool("config", "get", "--store", store, "--attempt", "next.json", "--format", "json").document()
    assert config["schema"] == "jobmedic.config/1"
    assert config["config"] == {"spark.executor.memory": "6g", "spark.executor.cores": "2"}
    page = tool("config", "get", "--store", store, "--attempt", "next.json").page()
    assert "2g  ->  6g" in page and saved["id"] in page

    write("other.json", {**ATTEMPT, "job": "other"})
    other = tool("config", "get", "--store", store, "--attempt", "other.json", "--format", "json").document()
    assert other["config"] == ATTEMPT["config"]


def test_without_a_model_a_memory_failure_gets_the_fallback(tool, write, store):
    write("verdict.json", {"schema": "jobmedic.classification/1", "classified": True, "rule": "SparkExecutorHeapOOM",
                           "category": "memory_config", "restartable": False})
    arguments = ["recommend", "--store", store, "--job", "nightly_sessions", "--classification", "verdict.json"]
    document = tool(*arguments, "--format", "json").document()
    assert document["schema"] == "jobmedic.recommendation/1"
    assert (document["decision"], document["method"]) == ("retry_with_patch", "fallback")
    page = tool(*arguments).page()
    assert page.startswith("Retry with a changed configuration.\n") and "->" in page


def test_an_unclassified_failure_without_a_model_keeps_its_retry(tool, store):
    document = tool("recommend", "--store", store, "--job", "nightly_sessions", "--format", "json").document()
    assert document["decision"] == "retry_unchanged"


def test_a_job_without_attempts_is_named(tool, store):
    assert tool("recommend", "--store", store, "--job", "nobody").failure() == \
        f'{store} has no attempt of job "nobody": import its history or give --attempt'


def test_a_failed_attempt_is_remediated_once(tool, write):
    write("rules.json", RULES)
    write("attempt.json", ATTEMPT)
    write("driver.stderr", "TestHeapError: full\n")
    arguments = ["remediate", "--store", "sqlite:new.db", "--rules", "rules.json", "--attempt", "attempt.json",
                 "--log", "driver.stderr"]
    document = tool(*arguments, "--format", "json").document()
    assert document["schema"] == "jobmedic.remediation/1"
    assert document["classification"]["rule"] == "TestHeap"
    assert document["retry"]["restart"] is True
    assert tool(*arguments, "--format", "json").document() == document
    page = tool(*arguments).page()
    for words in ("The heap of the test is full.", "driver.stderr:1", "Give the test more memory.", "Retry", "->"):
        assert words in page
    listed = tool("config", "list", "--store", "sqlite:new.db", "--format", "json").document()
    assert [patch["id"] for patch in listed["patches"]] == [document["patch_id"]]


def test_without_the_shipped_rules_only_the_users_know_a_failure(tool, write, store):
    write("driver.stderr", 'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space\nTestHeapError: full\n')
    write("rules.json", RULES)

    def remediate(run, *options):
        write("attempt.json", {**ATTEMPT, "run": run})
        return tool("remediate", "--store", store, "--attempt", "attempt.json", "--log", "driver.stderr", "--format", "json",
                    *options).document()
    assert remediate("all")["classification"]["rule"] != "TestHeap"
    assert remediate("mine", "--no-shipped-rules", "--rules", "rules.json")["classification"]["rule"] == "TestHeap"
    unknown = remediate("none", "--no-shipped-rules")
    assert unknown["classification"]["classified"] is False
    assert unknown["recommendation"]["decision"] == "retry_unchanged"
    assert unknown["telling"][0]["exception"] == "TestHeapError"


def test_no_models_yet_is_an_answer(tool, store):
    assert tool("models", "list", "--store", store, "--format", "json").document() == \
        {"schema": "jobmedic.models/1", "models": []}
    assert "jobmedic train" in tool("models", "list", "--store", store).page()


def test_nothing_to_learn_from_is_told(tool, store):
    assert tool("train", "--store", store, "--seed", "1").failure()


@pytest.mark.parametrize("content, problem", [
    ("{", "attempt.json: byte "), ('{"schema": "jobmedic.attempt/1"}', "attempt.json: /job: is missing"),
    ('{"schema": "jobmedic.attempt/1", "job": "a", "config": []}', "attempt.json: /config: expected an object")])
def test_a_malformed_attempt_is_named_with_the_place(tool, write, store, content, problem):
    write("attempt.json", content)
    assert tool("config", "get", "--store", store, "--attempt", "attempt.json").failure().startswith(problem)
    assert tool("record", "--store", store, "--attempt", "attempt.json").failure().startswith(problem)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_store_that_cannot_be_written_is_told(tool, write, store, tmp_path):
    if not store.startswith("sqlite:"):
        pytest.skip("a database has rights, not modes: tests/unit/store/postgresql_test.cpp")
    (tmp_path / "jobmedic.db").chmod(0o400)
    write("second.json", {**ATTEMPT, "attempt": 2})
    tool("record", "--store", store, "--attempt", "second.json").failure()
