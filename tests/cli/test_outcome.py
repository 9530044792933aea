"""outcome record: what became of a retry, and what the next run gets for it."""
import json

import pytest

from subject import ATTEMPT, RULES

RETRY = ["--job", "nightly_sessions", "--run", "2026-11-21", "--attempt", "2"]


@pytest.fixture
def healed(tool, write, store):
    """Remediates the attempt that fails first; the id of its patch."""
    write("attempt.json", ATTEMPT)
    write("driver.stderr", "TestHeapError: full\n")
    write("rules.json", RULES)
    write("next.json", {**ATTEMPT, "attempt": 2, "outcome": None})
    return tool("remediate", "--store", store, "--attempt", "attempt.json", "--log", "driver.stderr", "--rules", "rules.json",
                "--format", "json").document()["patch_id"]


@pytest.fixture
def outcome(tool, store):
    return lambda *arguments, **options: tool("outcome", "record", "--store", store, *arguments, **options)


def test_a_success_keeps_the_patch_and_says_until_when(tool, store, healed, outcome):
    page = outcome(*RETRY, "--succeeded", "--cost-usd", "1.1", "--duration-s", "300", "--exit-code", "0").page()
    assert "attempt 2 of nightly_sessions succeeded: recorded" in page
    assert f"patch {healed} kept for nightly_sessions until 20" in page
    assert "this was recorded already" in outcome(*RETRY, "--succeeded").page()
    config = tool("config", "get", "--store", store, "--attempt", "next.json", "--format", "json").document()
    assert config["applied"] == [healed]


def test_a_failure_retires_the_patch_and_the_trail_says_why(tool, store, healed, outcome):
    document = outcome(*RETRY, "--failed", "--format", "json").document()
    assert document["schema"] == "jobmedic.outcome/1" and document["what"] == "recorded"
    assert [(p["id"], p["learnt"]) for p in document["patches"]] == [(healed, "retired")]
    config = tool("config", "get", "--store", store, "--attempt", "next.json", "--format", "json").document()
    assert config["applied"] == []
    change = tool("config", "history", "--store", store, "--limit", "1", "--format", "json").document()["changes"][0]
    assert (change["by"], change["action"]) == ("jobmedic outcome", "retire")
    assert change["reason"] == "attempt 2 of run 2026-11-21 of job nightly_sessions failed"


def test_an_outcome_comes_as_a_file_or_through_standard_input(write, healed, outcome):
    retry = {**ATTEMPT, "attempt": 2, "outcome": {"succeeded": True}}
    write("second.json", retry)
    assert outcome("second.json", "--format", "json").document()["what"] == "recorded"
    assert outcome("-", "--format", "json", stdin=json.dumps(retry).encode()).document()["what"] == "known"


def test_a_contradiction_is_refused_and_corrected_for_a_reason(tool, store, healed, outcome):
    outcome(*RETRY, "--failed").page()
    assert outcome(*RETRY, "--succeeded").failure() == \
        "attempt 2 of run 2026-11-21 of job nightly_sessions is recorded with succeeded: false, not true: " \
        "correct it (--correct), and say why"
    assert "say it (--reason)" in outcome(*RETRY, "--succeeded", "--correct").failure()
    page = outcome(*RETRY, "--succeeded", "--correct", "--by", "ana", "--reason", "the alarm was false").page()
    assert "corrected" in page and f"patch {healed} restored for nightly_sessions" in page
    trail = tool("config", "history", "--store", store).page()
    assert "ana  correct outcome" in trail and "the alarm was false" in trail and "/outcome/succeeded: true" in trail


def test_how_long_a_patch_is_kept_is_a_setting(write, healed, outcome):
    write("loop.json", {"keep_successful_days": 0})
    assert "retired" in outcome(*RETRY, "--succeeded", "--loop", "loop.json").page()
    write("loop.json", {"keep_successful_days": -1})
    assert outcome(*RETRY, "--succeeded", "--loop", "loop.json").failure().startswith("loop.json: /keep_successful_days: ")


def test_what_is_missing_is_named(outcome):
    assert "either --succeeded or --failed" in outcome(*RETRY).failure()
    assert "either --succeeded or --failed" in outcome(*RETRY, "--failed", "--succeeded").failure()
    outcome("second.json", *RETRY, "--failed").failure(2)
    assert "It ran with no stored patch." in outcome("--job", "new", "--succeeded").page()
