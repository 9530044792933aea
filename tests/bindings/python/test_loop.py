"""What a scheduler does in-process beside remediate(): outcomes, stored patches, the kill switch, metrics, events."""

import json

import pytest

import jobmedic
from jobmedic import Engine

MEMORY = "/spark.executor.memory"


@pytest.fixture
def engine(tmp_path):
    with Engine(store=f"sqlite:{tmp_path}/store.db") as engine:
        yield engine


@pytest.fixture
def patch(failed_job):
    return {
        "schema": "jobmedic.patch/1",
        "scope": {"job": failed_job.attempt["job"], "engine": "spark"},
        "patch": [{"op": "add", "path": MEMORY, "value": "6g"}],
    }


def retry_of(attempt, succeeded):
    """All that a scheduler need say."""
    names = {name: attempt[name] for name in ("schema", "job", "run")}
    return {**names, "attempt": attempt["attempt"] + 1, "outcome": {"succeeded": succeeded}}


def test_an_outcome_keeps_or_retires_the_patch_of_its_retry(engine, failed_job):
    patch = engine.remediate(failed_job.attempt, failed_job.logs)["patch_id"]
    kept = engine.record_outcome(retry_of(failed_job.attempt, True))
    assert (kept["what"], [(p["id"], p["learnt"]) for p in kept["patches"]]) == ("recorded", [(patch, "kept")])
    assert engine.record_outcome(retry_of(failed_job.attempt, True))["what"] == "known"
    with pytest.raises(jobmedic.InvalidArgumentError, match="succeeded: true, not false"):
        engine.record_outcome(retry_of(failed_job.attempt, False))
    corrected = engine.record_outcome(retry_of(failed_job.attempt, False), correct=True, by="ana", reason="a mistake")
    assert (corrected["what"], corrected["patches"][0]["learnt"]) == ("corrected", "retired")
    assert engine.get_config(failed_job.next_attempt())["applied"] == []


def test_a_patch_is_put_explained_and_in_the_trail(engine, failed_job, patch):
    saved = engine.put_patch(patch, by="ana", reason="month end")
    steps = engine.explain_config(failed_job.next_attempt())["patches"]
    assert [(step["id"], step["outcome"]) for step in steps] == [(saved["id"], "applied")]
    assert [(c["by"], c["action"], c["reason"]) for c in engine.changes()] == [("ana", "put", "month end")]
    engine.put_patch({**saved, "disabled": True})
    assert engine.get_config(failed_job.next_attempt())["applied"] == []
    assert len(engine.changes(limit=1, patch=saved["id"])) == 1
    with pytest.raises(jobmedic.PatchError):
        engine.put_patch({**patch, "patch": [{"op": "add", "path": "/spark.jars", "value": "evil.jar"}]})


def test_the_kill_switch_stops_and_resumes(engine, failed_job, patch):
    engine.put_patch(patch)
    stopped = engine.stop_automation(by="ana", reason="a release")
    assert (stopped["stopped"], stopped["by"], stopped["reason"]) == (True, "ana", "a release")
    assert engine.get_config(failed_job.next_attempt())["applied"] == []
    assert engine.resume_automation()["stopped"] is False
    assert len(engine.get_config(failed_job.next_attempt())["applied"]) == 1


def test_metrics_are_read_by_the_parser_of_prometheus(engine, failed_job):
    parser = pytest.importorskip("prometheus_client.parser", reason="needs Debian's python3-prometheus-client")
    engine.remediate(failed_job.attempt, failed_job.paths)
    engine.classify(failed_job.logs)
    engine.record_outcome(retry_of(failed_job.attempt, True))
    families = {family.name: family for family in parser.text_string_to_metric_families(engine.metrics())}
    assert all(family.documentation and family.type in ("counter", "gauge", "histogram") for family in families.values())
    (answer,) = families["jobmedic_remediations"].samples
    assert (answer.labels["category"], answer.labels["decision"], answer.value) == ("memory_config", "retry_with_patch", 1)
    assert [(s.labels["category"], s.value) for s in families["jobmedic_classifications"].samples] == [("memory_config", 2)]
    latency = families["jobmedic_operation_duration_seconds"]
    assert latency.type == "histogram"
    counts = {s.labels["operation"]: s.value for s in latency.samples if s.name.endswith("_count")}
    assert counts == {"classify": 2, "recommend": 1, "remediate": 1, "get_config": 0}
    buckets = [s.value for s in latency.samples if s.name.endswith("_bucket") and s.labels["operation"] == "remediate"]
    assert buckets == sorted(buckets) and buckets[-1] == 1
    assert families["jobmedic_build_info"].samples[0].labels["version"] == jobmedic.version()


def test_events_come_as_documents_up_to_the_level_asked_for(engine, failed_job):
    told = []
    engine.set_events(told.append)
    engine.remediate(failed_job.attempt, failed_job.logs)
    assert told == []
    engine.reload()
    assert (told[0]["event"], told[0]["level"], told[0]["schema"]) == ("rules_reloaded", "info", "jobmedic.event/1")
    engine.set_events(told.append, level=3)
    engine.remediate({**failed_job.attempt, "run": "another"}, failed_job.logs)
    assert [event["event"] for event in told[1:]] == ["classify", "recommend", "save", "decide"]
    engine.set_events(None)
    engine.reload()
    assert len(told) == 5
    assert json.dumps(told)


def test_a_job_that_uses_a_quarter_of_its_memory_is_given_less(engine):
    run = {"schema": "jobmedic.attempt/1", "job": "small", "engine": "batch", "config": {"memory_mib": 4096}}
    done = {"metrics": {"peak_rss_bytes": 2**30}, "outcome": {"succeeded": True}}
    engine.import_history({**run, "run": str(number), **done} for number in range(3))
    answer = engine.rightsize({**run, "run": "next"})
    assert (answer["decision"], answer["mode"], answer["settings"][0]["after"]) == ("patch", "dry_run", "2048")
    saved = engine.rightsize({**run, "run": "next"}, apply=True)["patch_id"]
    assert engine.get_config({**run, "run": "next"})["applied"] == [saved]
