"""forecast train --store, and models, forecast watch and evaluate with what is in service there."""
import pathlib
import sqlite3
import time

import pytest

from killed import killed_at
from subject import TOOL

STORE = "sqlite:jobmedic.db"
NO_SUCH_PROCESS = 2**22 - 1


@pytest.fixture
def recorded(write):
    """60 sessions, of which every fourth leaks into nine tenths of its budget and is killed there; as many stay just below."""
    if not (pathlib.Path(TOOL).parents[1] / "lib" / "libjobmedic_torch.so").exists():
        pytest.skip("libjobmedic_torch.so is not built")
    rows = ["session_id,device_type,sdk_version,t_s,cg_usage_kb,cg_cache_kb,cg_failcnt,killed,kill_t_s,started_at"]
    for s in range(60):
        leaks, full = s % 4 == 0, s % 4 == 1
        end = 60 + s % 20 if leaks else 100
        for i in range(end):
            used = 92160 - 900 * (end - 1 - i) if leaks else (88000 if full else 30000) + 300 * (i * s % 5)
            rows.append(f"{s},DT01,6.0,{15 * i},{max(used, 9000)},0,{int(used >= 92160)},{int(leaks)},"
                        f"{15 * end if leaks else ''},2026-11-{1 + s % 28:02}T08:00:00Z")
    write("traces.csv", "\n".join(rows) + "\n")
    write("devices.csv", "device_type,sdk_version,app_budget_mb\nDT01,6.0,100\n")
    return ["--traces", "traces.csv", "--devices", "devices.csv", "--budget", "0.06"]


def train(tool, recorded, version, *arguments, epochs=3):
    return tool("forecast", "train", *recorded, "--store", STORE, "--model-version", version, "--epochs", epochs, *arguments)


def in_service(tool, kind="forecast"):
    models = tool("models", "list", "--store", STORE, "--format", "json").document()["models"]
    return [model["version"] for model in models if model["serving"] and model["kind"] == kind]


def test_versions_are_trained_listed_shown_promoted_and_rolled_back(tool, recorded):
    page = train(tool, recorded, "one").page()
    assert page.startswith("Model one is in service.\nFrom 60 sessions, 15 of them killed, ")
    assert "better_than_serving" in page
    answer = train(tool, recorded, "two", "--no-promote", "--format", "json")
    report = answer.document()
    assert (report["version"], report["promoted"], report["compared_with"], report["blocked_by"]) == ("two", False, "one", [])
    assert (report["from"], report["to"]) == ("2026-11-01T08:00:00Z", "2026-11-28T08:00:00Z")
    assert in_service(tool) == ["one"] and in_service(tool, "recommend") == []

    page = tool("models", "list", "--store", STORE).page()
    assert page.startswith("  forecast version") and "in service" in page and "2026-11-01 to 2026-11-28" in page
    page = tool("models", "show", "--kind", "forecast", "--store", STORE).page()
    assert page.startswith("Model one of ") and "alert_budget" in page and "its audits let it" in page
    assert tool("models", "show", "two", "--store", STORE, "--format", "json").document()["kind"] == "forecast"
    assert "has no model in service" in tool("models", "show", "--store", STORE).failure()

    promoted = ["models", "promote", "two", "--store", STORE, "--by", "ada", "--reason", "tried"]
    assert tool(*promoted).page() == "Forecast model two is in service instead of one.\n"
    assert in_service(tool) == ["two"]
    document = tool("models", "rollback", "--kind", "forecast", "--store", STORE, "--by", "bob", "--format", "json").document()
    assert {name: document[name] for name in ("version", "of", "kind", "by")} == \
        {"version": "one", "of": "forecast", "kind": "rolled back", "by": "bob"}
    assert in_service(tool) == ["one"]
    assert "nothing to roll back" in tool("models", "rollback", "--store", STORE).failure()


def test_watch_and_evaluate_take_the_version_in_service(tool, recorded):
    evaluate = ["forecast", "evaluate", *recorded, "--store", STORE, "--bootstrap", 20, "--format", "json"]
    watch = ["forecast", "watch", "--store", STORE, "--pid", NO_SUCH_PROCESS]
    assert "cannot be opened" in tool(*watch).failure()
    train(tool, recorded, "one", "--no-promote").page()
    assert "has no forecast model in service" in tool(*watch).failure()
    assert "has no forecast model in service" in tool(*evaluate).failure()
    assert 'has no model "nine"' in tool(*evaluate, "--model-version", "nine").failure()
    tool("models", "promote", "one", "--store", STORE).page()
    assert "no such process" in tool(*watch).failure()
    document = tool(*evaluate).document()
    assert (document["version"], document["sessions"]) == ("one", 60)
    # Each session by the network that never saw it: the figures of the training.
    held_out = tool("models", "show", "one", "--store", STORE, "--format", "json").document()["report"]["held_out"]
    assert document["methods"]["model"] == pytest.approx(held_out)


def test_damaged_weights_are_neither_watched_with_nor_promoted(tool, recorded, tmp_path):
    train(tool, recorded, "one").page()
    connection = sqlite3.connect(tmp_path / "jobmedic.db")
    connection.execute("UPDATE models SET weights = x'00' || substr(weights, 2)")
    connection.commit()
    connection.close()
    assert "is damaged" in tool("forecast", "watch", "--store", STORE, "--pid", NO_SUCH_PROCESS).failure()
    train(tool, recorded, "two", "--no-promote").page()
    force = ["--force", "--reason", "no"]
    assert "is damaged" in tool("models", "promote", "one", "--store", STORE, *force).failure()
    assert "is in service instead of one" in tool("models", "promote", "two", "--store", STORE).page()


def test_a_training_that_is_killed_leaves_the_version_in_service_and_the_store_as_they_were(tool, recorded, tmp_path):
    begin = time.monotonic()
    train(tool, recorded, "one").page()
    seconds = time.monotonic() - begin
    killed = 0
    for moment in range(6):
        command = [TOOL, "forecast", "train", *recorded, "--store", STORE, "--epochs", "3"]
        killed += killed_at([*command, "--model-version", f"killed-{moment}"], seconds * (moment + 0.5) / 6, tmp_path)
        models = tool("models", "list", "--store", STORE, "--format", "json").document()["models"]
        # A version is there wholly or not at all.
        assert {model["version"] for model in models} - {f"killed-{i}" for i in range(moment + 1)} == {"one"}
        assert all(model["bytes"] > 0 and len(model["report"]["audits"]) == 6 for model in models)
        if len(models) == 1:
            assert in_service(tool) == ["one"]
    assert killed >= 3


def test_it_goes_to_a_store_or_to_a_file(tool, recorded):
    arguments = ["forecast", "train", *recorded]
    assert "--store URL or --output FILE" in tool(*arguments).failure()
    assert "--output" in tool(*arguments, "--store", STORE, "--output", "model").failure(2)
    assert "--output" in tool(*arguments, "--store", STORE, "--force").failure(2)
