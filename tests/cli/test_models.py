"""train, models list, show, promote, rollback: versions, their audits, and which one is in service."""
import json
import pathlib
import random
import sqlite3
import time

import pytest

from killed import killed_at
from subject import TOOL


def history(jobs=8, runs=4):
    """Executors that die of their heap until they get what the job needs."""
    rng = random.Random(1)
    for job in range(jobs):
        need = 600 * 2 ** (4 * rng.random())
        for run in range(runs):
            memory = need * rng.uniform(0.3, 0.9)
            for attempt in range(1, 5):
                works = memory >= need
                yield {"schema": "jobmedic.attempt/1", "job": f"job{job}", "run": f"run{run}", "attempt": attempt,
                       "engine": "spark", "config": {"spark.executor.memory": f"{int(memory)}m"},
                       "metrics": {"input_bytes": int(need * 3e5), "peak_jvm_heap_bytes": int(min(memory, need)) << 20},
                       "started_at": f"2026-11-{1 + run:02}T{attempt:02}:00:00Z", "duration_s": 60,
                       "outcome": {"succeeded": True, "cost_usd": memory / 1000} if works else
                       {"succeeded": False, "cost_usd": memory / 1000, "rule": "ExecutorHeapOutOfMemory",
                        "category": "memory_config"}}
                if works:
                    break
                memory *= 1.4


@pytest.fixture
def store(tool, write):
    """The URL of a store with a history to learn from."""
    if not (pathlib.Path(TOOL).parents[1] / "lib" / "libjobmedic_torch.so").exists():
        pytest.skip("libjobmedic_torch.so is not built")
    write("history.jsonl", "\n".join(json.dumps(attempt) for attempt in history()))
    tool("history", "import", "history.jsonl", "--store", "sqlite:jobmedic.db").page()
    return "sqlite:jobmedic.db"


def train(tool, store, version, *arguments, epochs=20):
    """A quick training: these tests are not about how good it is."""
    return tool("train", "--store", store, "--max-epochs", epochs, "--model-version", version, *arguments)


def in_service(tool, store):
    models = tool("models", "list", "--store", store, "--format", "json").document()["models"]
    return [model["version"] for model in models if model["serving"]]


def test_versions_are_trained_listed_shown_promoted_and_rolled_back(tool, store):
    page = train(tool, store, "one").page()
    assert page.startswith("Model one is trained and in service.\n")
    for name in ("better_than_serving", "better_than_fallback", "calibration", "monotonicity", "feature_shift", "latency",
                 "edge_inputs"):
        assert name in page

    answer = train(tool, store, "two", "--seed", "2", "--no-promote", "--format", "json")
    report = json.loads(answer.out)
    assert answer.code == (1 if report["blocked_by"] else 0)
    assert (report["version"], report["promoted"], report["compared_with"]) == ("two", False, "one")
    assert report["from"] == "2026-11-01T01:00:00Z" and report["to"].startswith("2026-11-04T")
    assert in_service(tool, store) == ["one"]
    page = tool("models", "list", "--store", store).page()
    assert "in service" in page and "2026-11-01 to 2026-11-04" in page and "two" in page

    page = tool("models", "show", "--store", store).page()
    assert page.startswith("Model one of ") and "calibration" in page and "its audits let it" in page
    document = tool("models", "show", "two", "--store", store, "--format", "json").document()
    assert document["schema"] == "jobmedic.model_version/1" and document["promotions"] == []
    assert len(document["report"]["audits"]) == 7

    # A version may be promoted by hand, against its audits only by force and with a reason.
    blocked = bool(report["blocked_by"])
    promote = ["models", "promote", "two", "--store", store, "--by", "ada"]
    if blocked:
        assert "--force --reason" in tool(*promote).failure()
    assert "instead of one" in tool(*promote, "--force", "--reason", "a try").page()
    assert in_service(tool, store) == ["two"]
    promotion = tool("models", "show", "two", "--store", store, "--format", "json").document()["promotions"][0]
    assert (promotion["by"], promotion["reason"]) == ("ada", "a try")
    assert promotion["kind"] == ("forced" if blocked else "promoted")

    document = tool("models", "rollback", "--store", store, "--by", "bob", "--reason", "heals less", "--format",
                    "json").document()
    assert {name: document[name] for name in ("version", "kind", "by", "reason")} == \
        {"version": "one", "kind": "rolled back", "by": "bob", "reason": "heals less"}
    assert in_service(tool, store) == ["one"]
    assert tool("models", "rollback", "--store", store).failure() == \
        'model "one" was the first in service: there is none before it'


def test_versions_that_are_not_there_are_named(tool, store):
    assert "has no model in service" in tool("models", "show", "--store", store).failure()
    assert 'has no model "nine"' in tool("models", "show", "nine", "--store", store).failure()
    assert 'has no model "nine"' in tool("models", "promote", "nine", "--store", store).failure()
    assert "nothing to roll back" in tool("models", "rollback", "--store", store).failure()


def test_a_training_that_is_killed_leaves_the_version_in_service_and_the_store_as_they_were(tool, store, tmp_path):
    begin = time.monotonic()
    train(tool, store, "one", epochs=60).page()
    seconds = time.monotonic() - begin
    killed = 0
    for moment in range(8):
        command = [TOOL, "train", "--store", store, "--seed", str(moment + 2), "--max-epochs", "60"]
        killed += killed_at([*command, "--model-version", f"killed-{moment}"], seconds * (moment + 0.5) / 8, tmp_path)
        models = tool("models", "list", "--store", store, "--format", "json").document()["models"]
        # A version is there wholly or not at all.
        assert {model["version"] for model in models} - {f"killed-{i}" for i in range(moment + 1)} == {"one"}
        assert all(model["bytes"] > 0 and len(model["report"]["audits"]) == 7 for model in models)
        if len(models) == 1:
            assert in_service(tool, store) == ["one"]
    assert killed >= 4
    assert "is trained" in train(tool, store, "after", "--seed", "99").out


def test_an_old_report_without_audits_is_shown(tool, store, tmp_path):
    train(tool, store, "old").page()
    connection = sqlite3.connect(tmp_path / "jobmedic.db")
    connection.execute("UPDATE models SET report = '{\"version\": \"old\", \"examples\": 3}'")
    connection.commit()
    connection.close()
    assert "old" in tool("models", "list", "--store", store).page()
    assert "examples" in tool("models", "show", "--store", store).page()
    assert "audits" in tool("models", "promote", "old", "--store", store).failure()


def test_damaged_weights_are_not_promoted(tool, store, tmp_path):
    train(tool, store, "one", "--no-promote").page()
    connection = sqlite3.connect(tmp_path / "jobmedic.db")
    connection.execute("UPDATE models SET weights = x'00' || substr(weights, 2)")
    connection.commit()
    connection.close()
    force = ["--force", "--reason", "no"]
    assert "is damaged" in tool("models", "promote", "one", "--store", store, *force).failure()
    assert in_service(tool, store) == []
