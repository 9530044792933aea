"""rightsize: jobs that succeed get what they need, and no more."""
import json

import pytest

from subject import DATA


def run(number, memory=4096, peak=1000, succeeded=True, **members):
    outcome = {"succeeded": succeeded, "cost_usd": 1}
    return {"schema": "jobmedic.attempt/1", "job": "nightly", "run": str(number), "engine": "batch",
            "config": {"memory_mib": memory, "cores": 4}, "duration_s": 100,
            "metrics": {"input_bytes": 1e9, **({"peak_rss_bytes": peak * 2**20} if succeeded else {})},
            "outcome": outcome if succeeded else {**outcome, "category": "memory_config"}, **members}


@pytest.fixture
def store(tool, write, empty_store):
    """The URL of a store whose one job uses a quarter of its memory."""
    write("history.jsonl", "\n".join(json.dumps(run(number)) for number in range(4)))
    tool("history", "import", "history.jsonl", "--store", empty_store).page()
    write("next.json", {**run(9), "outcome": None, "metrics": {"input_bytes": 1e9}})
    return empty_store


def config(tool, store):
    return tool("config", "get", "--store", store, "--attempt", "next.json", "--format", "json").document()


def test_without_apply_it_tells_and_changes_nothing(tool, store):
    page = tool("rightsize", "--store", store).page()
    assert "memory_mib" in page and "2048" in page and "nothing was saved (--apply saves it)" in page
    assert "4 runs used at most 1000" in page
    document = tool("rightsize", "--store", store, "--job", "nightly", "--dry-run", "--format", "json").document()
    assert (document["schema"], document["decision"], document["mode"]) == ("jobmedic.rightsizing/1", "patch", "dry_run")
    assert config(tool, store)["applied"] == []


def test_what_is_applied_is_a_patch_like_any_other_with_its_reason_in_the_trail(tool, store):
    document = tool("rightsize", "--store", store, "--attempt", "next.json", "--apply", "--format", "json").document()
    assert config(tool, store)["applied"] == [document["patch_id"]]
    assert int(config(tool, store)["config"]["memory_mib"]) == 2048
    trail = tool("config", "history", "--store", store).page()
    assert "jobmedic rightsize" in trail and "memory_mib 4096 -> 2048" in trail


def outcome_of(tool, write, store, attempt):
    """What is learnt of the patch that the attempt ran with, and what of its like."""
    write("ended.json", attempt)
    lessons = tool("outcome", "record", "ended.json", "--store", store, "--format", "json").document()["patches"]
    return [lesson["learnt"] for lesson in lessons]


def test_a_failure_gives_back_at_once_more_than_what_failed(tool, write, store):
    tool("rightsize", "--store", store, "--attempt", "next.json", "--apply").page()
    assert outcome_of(tool, write, store, run(5, 2048, succeeded=False)) == ["retired", "raised"]
    assert len(config(tool, store)["applied"]) == 1
    assert int(config(tool, store)["config"]["memory_mib"]) >= 1.5 * 2048


def test_a_run_near_its_limit_makes_the_next_one_larger_at_once(tool, write, store):
    tool("rightsize", "--store", store, "--attempt", "next.json", "--apply").page()
    patch = config(tool, store)["applied"]
    assert outcome_of(tool, write, store, run(5, 2048, peak=1100)) == ["kept"]
    assert int(config(tool, store)["config"]["memory_mib"]) == 2048
    assert outcome_of(tool, write, store, run(6, 2048, peak=2000)) == ["raised"]
    assert config(tool, store)["applied"] == patch
    assert int(config(tool, store)["config"]["memory_mib"]) > 1.1 * 2048
    assert "came close to its limit" in tool("config", "history", "--store", store).page()


def test_in_shadow_mode_an_outcome_raises_nothing(tool, write, store):
    tool("rightsize", "--store", store, "--attempt", "next.json", "--apply").page()
    write("ended.json", run(5, 2048, peak=2000))
    write("loop.json", {"mode": "shadow"})
    tool("outcome", "record", "ended.json", "--store", store, "--loop", "loop.json").page()
    assert int(config(tool, store)["config"]["memory_mib"]) == 2048


def test_shadow_mode_proposes_what_a_person_can_put_in_force(tool, write, store):
    write("loop.json", {"mode": "shadow"})
    arguments = ["rightsize", "--store", store, "--attempt", "next.json", "--apply", "--loop", "loop.json"]
    page = tool(*arguments).page()
    proposed = tool(*arguments, "--format", "json").document()
    patch = proposed["patch_id"]
    assert proposed["mode"] == "shadow" and f"proposed as patch {patch}" in page  # one a job
    assert config(tool, store)["applied"] == []
    report = tool("report", "--store", store, "--format", "json").document()
    assert report["proposals"]["open"] == 1 and report["automation"]["patches_disabled"] == 0
    tool("config", "enable", patch, "--store", store).page()
    assert config(tool, store)["applied"] == [patch]
    assert int(config(tool, store)["config"]["memory_mib"]) == 2048


def test_while_automation_is_stopped_nothing_is_saved(tool, store):
    tool("config", "stop", "--store", store, "--reason", "month end").page()
    stopped = tool("rightsize", "--store", store, "--attempt", "next.json", "--apply", "--format", "json").document()
    assert stopped["mode"] == "dry_run" and "month end" in stopped["reason"]
    tool("config", "resume", "--store", store).page()
    assert config(tool, store)["applied"] == []


def test_what_a_person_has_set_is_left_alone(tool, write, store):
    write("mine.json", {"schema": "jobmedic.patch/1", "scope": {"job": "nightly"},
                        "patch": [{"op": "add", "path": "/memory_mib", "value": 3072}]})
    tool("config", "put", "mine.json", "--store", store).page()
    document = tool("rightsize", "--store", store, "--attempt", "next.json", "--apply", "--format", "json").document()
    assert document["decision"] == "keep" and "of a person" in document["reason"]
    assert int(config(tool, store)["config"]["memory_mib"]) == 3072


def test_a_mistake_is_named(tool, write, store):
    assert tool("rightsize").failure() == "--store is needed: whose history it is"
    assert "knows no job \"other\"" in tool("rightsize", "--store", store, "--job", "other").failure()
    write("policy.json", {"least_runs": 0})
    assert "/least_runs" in tool("rightsize", "--store", store, "--policy", "policy.json").failure()
    assert "--apply" in tool("rightsize", "--store", store, "--apply", "--dry-run").failure(code=2)
    write("trace.csv", "process,rss\n")
    assert tool("rightsize", "replay", "trace.csv").failure().startswith('trace: no column "rchar"')


@pytest.mark.skipif(not (DATA / "nfcore-memory-traces").exists(), reason="no test data")
def test_replay_prints_the_baselines_beside_ours(tool):
    trace = DATA / "nfcore-memory-traces/trace_rnaseq.csv"
    document = tool("rightsize", "replay", trace, "--format", "json").document()
    assert document["schema"] == "jobmedic.rightsizing_replay/1"
    waste = {row["method"]: (round(row["wastage_gbh"]), row["failures"]) for row in document["replays"][0]["methods"]}
    assert waste["witt_lr_all"] == (81, 51) and waste["witt_lr_under"] == (58, 82) and waste["tovar"] == (195, 55)
    assert waste["jobmedic"][0] < 35 and waste["jobmedic"][1] < 51
    page = tool("rightsize", "replay", trace).page()
    assert "rnaseq" in page and "58 (82)" in page.replace("57.9", "58") and "of the best baseline" in page
