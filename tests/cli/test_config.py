"""config: the patches a store keeps, who changed them, and the switch that stops all automation."""
import json
import os
import sqlite3
import subprocess

import pytest

from subject import ATTEMPT, TOOL

MEMORY = "/spark.executor.memory"


@pytest.fixture
def put(tool, write, store):
    """put("6g", ...): saves a patch of the executor's memory for nightly_sessions; its document."""
    def save(value="6g", *options, **members):
        write("patch.json", {"schema": "jobmedic.patch/1", "scope": {"job": "nightly_sessions", "engine": "spark"},
                             "patch": [{"op": "add", "path": MEMORY, "value": value}], **members})
        return tool("config", "put", "patch.json", "--store", store, *options, "--format", "json").document()
    return save


@pytest.fixture
def config(tool, store):
    return lambda *arguments: tool("config", *arguments, "--store", store)


@pytest.fixture
def answered(tool, write, store):
    write("next.json", {**ATTEMPT, "attempt": 2, "outcome": None})
    return lambda command="get": tool("config", command, "--store", store, "--attempt", "next.json", "--format", "json").document()


def test_a_patch_is_shown_with_its_changes_and_can_be_disabled(put, config, answered):
    saved = put("6g", "--by", "ana", "--reason", "month end", uses_left=3)
    assert answered()["config"]["spark.executor.memory"] == "6g"
    assert config("disable", saved["id"], "--by", "bob", "--reason", "too much", "--format", "json").document()["disabled"] is True
    assert answered()["config"] == ATTEMPT["config"]
    page = config("show", saved["id"]).page()
    for words in ("nightly_sessions", "uses left   3", "is disabled", "ana", "month end", "bob", "too much", "/disabled: true"):
        assert words in page
    config("enable", saved["id"]).page()
    assert answered()["applied"] == [saved["id"]]
    assert "is disabled" not in config("list").page()


def test_a_patch_that_is_not_there_is_told(config):
    for command in ("show", "disable", "enable"):
        assert 'no patch "p-9"' in config(command, "p-9").failure()


def test_a_patch_may_only_set_parameters_within_their_bounds(put, tool, write, store, config):
    write("bad.json", {"schema": "jobmedic.patch/1", "scope": {"engine": "spark"},
                       "patch": [{"op": "add", "path": MEMORY, "value": "900g"}]})
    assert tool("config", "put", "bad.json", "--store", store).failure() == \
        f'bad.json: patch: "{MEMORY}": "900g" is not permitted; permitted is 512m to 65536m'
    write("bad.json", {"schema": "jobmedic.patch/1", "scope": {"engine": "spark"},
                       "patch": [{"op": "add", "path": "/spark.app.name", "value": "x"}]})
    assert "is no parameter that may be changed" in tool("config", "put", "bad.json", "--store", store).failure()
    assert config("list", "--format", "json").document()["patches"] == []


def test_what_applied_and_what_did_not_is_explained(put, answered, config):
    old = put("3g", expires_at="2020-01-01T00:00:00Z")
    low = put("4g")
    layer = put("5g", layer=True)
    high = put("6g", priority=1)
    off = put("7g", disabled=True, priority=2)
    document = answered("explain")
    assert document["schema"] == "jobmedic.explanation/1"
    assert document["config"] == answered()["config"]
    assert [(p["id"], p["outcome"]) for p in document["patches"]] == [
        (old["id"], "skipped"), (low["id"], "superseded"), (layer["id"], "applied"), (high["id"], "applied"), (off["id"], "skipped")]
    assert document["patches"][2]["changes"] == {"before": {"spark.executor.memory": "2g"}, "after": {"spark.executor.memory": "5g"}}
    assert document["patches"][3]["changes"] == {"before": {"spark.executor.memory": "5g"}, "after": {"spark.executor.memory": "6g"}}
    assert document["patches"][4]["reason"] == "is disabled"


def test_the_page_of_an_explanation_says_why(put, tool, store, answered):
    put("3g", expires_at="2020-01-01T00:00:00Z")
    put("4g")
    last = put("6g", priority=1)
    answered()
    page = tool("config", "explain", "--store", store, "--attempt", "next.json").page()
    for words in ("2g  ->  6g", "expired at 2020-01-01T00:00:00Z", f"{last['id']} counts more", "job nightly_sessions"):
        assert words in page


def test_the_trail_tells_every_change_and_a_rollback_undoes_them(put, config, answered):
    first = put("6g")
    put("8g", "--reason", "more", id=first["id"])
    changes = config("history", "--format", "json").document()["changes"]
    assert [(c["number"], c["action"], c.get("reason")) for c in changes] == [(2, "put", "more"), (1, "put", None)]
    assert changes[0]["before"]["patch"][0]["value"] == "6g" and changes[0]["after"]["patch"][0]["value"] == "8g"
    assert "@" in changes[0]["by"]
    page = config("rollback", "1", "--by", "ana", "--reason", "8g is too much").page()
    assert "after change 1; 1 had to change" in page and "8g is too much" in page
    assert answered()["config"]["spark.executor.memory"] == "6g"
    config("rollback", "0").page()
    assert answered()["config"] == ATTEMPT["config"]
    assert config("history", "--patch", first["id"], "--limit", "2").page().count("rollback") == 2
    assert "no change 99: give a number from 0 to 4" in config("rollback", "99").failure()


def test_the_kill_switch_stops_everything_at_once(put, tool, config, write, store, answered):
    put("6g")
    document = config("stop", "--by", "ana", "--reason", "a release goes wrong", "--format", "json").document()
    assert document["schema"] == "jobmedic.automation/1" and document["stopped"] is True
    stopped = answered()
    assert stopped["config"] == ATTEMPT["config"] and stopped["stopped"]["reason"] == "a release goes wrong"
    words = f"automation is stopped since {document['since']} by ana: a release goes wrong"
    assert words in tool("config", "get", "--store", store, "--attempt", "next.json").page()
    assert words in config("list").page()
    assert words in tool("config", "explain", "--store", store, "--attempt", "next.json").page()
    write("attempt.json", ATTEMPT)
    write("driver.stderr", "java.lang.OutOfMemoryError: Java heap space\n")
    remediation = ["remediate", "--store", store, "--attempt", "attempt.json", "--log", "driver.stderr"]
    told = tool(*remediation, "--format", "json").document()
    assert told["stopped"]["by"] == "ana" and told["retry"]["restart"] is True and "patch_id" not in told
    assert words in " ".join(tool(*remediation).page().split())
    assert "at work" in config("resume").page()
    assert answered()["config"]["spark.executor.memory"] == "6g"
    assert [c["action"] for c in config("history", "--format", "json").document()["changes"]] == ["resume", "stop", "put"]


def test_a_shadow_says_what_it_would_do_and_a_trace_in_which_order(tool, write, config):
    write("attempt.json", ATTEMPT)
    write("driver.stderr", "java.lang.OutOfMemoryError: Java heap space\n")
    done = tool("remediate", "--store", "sqlite:shadow.db", "--attempt", "attempt.json", "--log", "driver.stderr", "--mode", "shadow",
                "--trace", "--format", "json")
    document = done.document()
    assert document["mode"] == "shadow" and document["would"] and "patch_id" not in document
    assert [line.split(": ")[1] for line in done.err.splitlines()] == ["classify", "recommend", "decide"]
    page = tool("remediate", "--store", "sqlite:shadow.db", "--attempt", "attempt.json", "--log", "driver.stderr", "--mode", "shadow").page()
    assert "shadow: nothing was changed" in page
    assert tool("config", "list", "--store", "sqlite:shadow.db", "--format", "json").document()["patches"] == []


def test_the_loop_is_set_by_a_file_and_its_mistakes_are_named(tool, write):
    write("attempt.json", ATTEMPT)
    write("driver.stderr", "java.lang.OutOfMemoryError: Java heap space\n")
    arguments = ["remediate", "--store", "sqlite:new.db", "--attempt", "attempt.json", "--log", "driver.stderr", "--loop", "loop.json"]
    write("loop.json", {"rollout_percent": 0})
    assert tool(*arguments, "--format", "json").document()["mode"] == "shadow"
    write("loop.json", {"rollout_percent": 101})
    assert tool(*arguments).failure().startswith("loop.json: /rollout_percent: ")


def test_a_list_is_read_a_page_at_a_time_and_says_how_much_is_left(put, config):
    saved = [put(f"{n}g")["id"] for n in range(1, 6)]
    assert config("list").page().count("nightly_sessions") == 5
    first = config("list", "--limit", "2").page()
    assert saved[0] in first and saved[1] in first and saved[2] not in first
    assert first.endswith(f"and 3 more: --after {saved[1]}\n")
    rest = config("list", "--after", saved[1]).page()
    assert saved[1] not in rest and all(one in rest for one in saved[2:]) and "more" not in rest
    assert config("list", "--after", saved[4]).page() == "no more patches\n"
    document = config("list", "--limit", "3", "--format", "json").document()
    assert [patch["id"] for patch in document["patches"]] == saved[:3] and document["more"] == 2
    assert "more" not in config("list", "--format", "json").document()
    assert 'no patch "p-9" to go on after' in config("list", "--after", "p-9").failure()


def peak_rss_bytes(folder, *arguments):
    with open(os.devnull, "wb") as nowhere, subprocess.Popen([TOOL, *arguments], cwd=folder, stdout=nowhere) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return used.ru_maxrss * 1024


def test_a_list_of_a_hundred_thousand_patches_takes_no_more_memory_than_one_of_a_thousand(put, store, tmp_path):
    if not store.startswith("sqlite:"):
        pytest.skip("fills a SQLite file by hand")
    patch = put("6g")

    def grow(to):
        with sqlite3.connect(tmp_path / store.partition(":")[2]) as file:
            columns = [row[1] for row in file.execute("PRAGMA table_info(patches)") if row[1] not in ("number", "id", "document")]
            file.execute(f"""
                WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {to})
                INSERT OR IGNORE INTO patches(id, document, {', '.join(columns)})
                SELECT printf('q-%08d', i), ?, {', '.join(columns)} FROM n JOIN patches ON patches.id = ?""", (json.dumps(patch), patch["id"]))
        file.close()
    grow(1000)
    small = [peak_rss_bytes(tmp_path, "config", "list", "--store", store, *a) for a in (["--format", "json"], [])]
    grow(100_000)
    large = [peak_rss_bytes(tmp_path, "config", "list", "--store", store, *a) for a in (["--format", "json"], [])]
    assert all(b < a + (8 << 20) for a, b in zip(small, large)), (small, large)
