"""The whole chain over one real failure, without a model: the documented fallback answers."""

import threading

import pytest

import jobmedic
from jobmedic import Engine


@pytest.fixture
def store(tmp_path):
    return f"sqlite:{tmp_path}/store.db"


def test_the_failure_gets_its_true_category_with_the_line_that_tells(failed_job):
    with Engine() as engine:
        verdict = engine.classify(failed_job.logs, failed_job.attempt)
    assert verdict["schema"] == "jobmedic.classification/1"
    assert (verdict["classified"], verdict["category"]) == (True, "memory_config")
    evidence = verdict["evidence"]
    lines = failed_job.logs[evidence["log"]].decode().splitlines()
    assert evidence["text"].splitlines()[0] == lines[evidence["line"] - 1]


def test_bytes_paths_a_list_of_paths_and_pieces_give_the_same_verdict(failed_job):
    with Engine() as engine:
        expected = engine.classify(failed_job.logs, failed_job.attempt)
        assert engine.classify({path.name: path for path in failed_job.paths}, failed_job.attempt) == expected
        assert engine.classify(failed_job.paths, failed_job.attempt) == expected
        assert engine.classify([str(path) for path in failed_job.paths], failed_job.attempt) == expected
        with engine.scan(failed_job.attempt) as scan:
            for name, data in failed_job.logs.items():
                for at in range(0, len(data) or 1, 1000):
                    scan.feed(name, data[at : at + 1000])
            assert scan.result() == expected


def test_a_healed_job_gets_another_configuration_and_no_other_job_does(failed_job, store):
    with Engine(store=store) as engine:
        engine.record(failed_job.attempt)
        answer = engine.remediate(failed_job.attempt, failed_job.logs)
        assert answer["schema"] == "jobmedic.remediation/1"
        assert answer["retry"]["restart"] is True
        recommendation = answer["recommendation"]
        assert recommendation["decision"] == "retry_with_patch"
    with Engine(store=store) as later:  # another engine, as in another process
        config = later.get_config(failed_job.next_attempt())
        assert config["applied"] == [answer["patch_id"]]
        assert config["config"] == jobmedic.apply_patch(failed_job.attempt["config"], recommendation["patch"])
        assert config["config"] != failed_job.attempt["config"]
        other = later.get_config(failed_job.next_attempt(job="another"))
        assert (other["config"], other["applied"]) == (failed_job.attempt["config"], [])


def test_the_same_attempt_gets_the_answer_that_was_saved_first(failed_job, store):
    with Engine(store=store) as engine:
        first = engine.remediate(failed_job.attempt, failed_job.logs)
        assert engine.remediate(failed_job.attempt, failed_job.paths) == first
        assert engine.remediate_classified(failed_job.attempt, first["classification"]) == first


def test_a_recommendation_applies_to_the_configuration_and_needs_no_store(failed_job):
    with Engine() as engine:
        verdict = engine.classify(failed_job.logs, failed_job.attempt)
        answer = engine.recommend(failed_job.attempt, verdict)
    assert answer["method"] == "fallback"
    assert jobmedic.apply_patch(failed_job.attempt["config"], answer["patch"]) != failed_job.attempt["config"]


def test_rules_of_the_user_come_first_and_may_be_documents_or_paths(tmp_path):
    import json

    rule = {
        "name": "Mine",
        "source": "mine",
        "regex": "out of cheese",
        "summary": "No cheese.",
        "category": "data",
        "fault": "user",
        "restartable": False,
        "advice": "Buy cheese.",
        "matches": ["out of cheese"],
    }
    document = {"schema": "jobmedic.rules/1", "rules": [rule]}
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(document))
    for rules in ([document], [path], [str(path)]):
        with Engine(rules=rules) as engine:
            assert engine.classify({"driver.stderr": b"error: out of cheese\n"})["rule"] == "Mine"


def test_bytes_that_are_no_text_and_empty_logs_are_just_logs():
    with Engine() as engine:
        verdict = engine.classify({"driver.stderr": bytes(range(256)) * 50, "driver.stdout": b"", "": bytearray(b"\0")})
    assert verdict["classified"] is False


def test_errors_carry_their_place(tmp_path):
    with pytest.raises(jobmedic.SchemaError) as caught:
        Engine(shipped_rules=1)
    assert caught.value.detail["pointer"] == "/shipped_rules"
    with pytest.raises(jobmedic.StoreError, match="/no/such"):
        Engine(store="sqlite:/no/such/folder/store.db")
    with Engine() as engine:
        with pytest.raises(jobmedic.FileError) as caught:
            engine.classify(["/no/such/driver.stderr"])
        assert caught.value.detail == {"path": "/no/such/driver.stderr", "errno": 2}
        with pytest.raises(jobmedic.SchemaError, match="attempt: /job: is missing"):
            engine.classify([], {"schema": "jobmedic.attempt/1"})
        with pytest.raises(jobmedic.InvalidArgumentError, match="store"):
            engine.record({"schema": "jobmedic.attempt/1", "job": "a"})
        with pytest.raises(TypeError):
            engine.classify("driver.stderr")
        with pytest.raises(TypeError):
            engine.classify({"driver.stderr": 7})


def test_a_bad_line_of_a_history_is_named_and_nothing_is_stored(store, tmp_path):
    good = {"schema": "jobmedic.attempt/1", "job": "a", "run": "1", "attempt": 1}
    with Engine(store=store) as engine:
        with pytest.raises(jobmedic.SchemaError, match="line 2: /job: is missing") as caught:
            engine.import_history([good, {"schema": "jobmedic.attempt/1"}])
        assert caught.value.detail["line"] == 2
        assert engine.import_history([good]) == {"schema": "jobmedic.import/1", "attempts": 1, "changed": 1}
        assert engine.import_history([good])["changed"] == 0


def test_nothing_can_be_used_after_close_and_closing_twice_is_fine():
    engine = Engine()
    scan = engine.scan()
    engine.close()
    engine.close()
    assert engine.closed
    for use in (lambda: engine.classify([]), engine.info, engine.reload, engine.scan, engine.__enter__):
        with pytest.raises(jobmedic.ClosedError):
            use()
    scan.feed("driver.stderr", b"a scan outlives its engine\n")
    assert scan.result()["classified"] is False
    scan.close()
    with pytest.raises(jobmedic.ClosedError):
        scan.feed("driver.stderr", b"x")
    with pytest.raises(jobmedic.ClosedError):
        scan.result()


def test_close_during_a_call_takes_effect_when_the_call_is_over(failed_job):
    engine = Engine()
    engine.classify([])
    verdicts, refused = [], []

    def work():
        try:
            while True:
                verdicts.append(engine.classify(failed_job.logs)["category"])
        except jobmedic.ClosedError as closed:
            refused.append(closed)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    while not verdicts:
        pass
    engine.close()
    for thread in threads:
        thread.join()
    assert len(refused) == 4
    assert set(verdicts) == {"memory_config"}


def test_a_log_function_is_told_until_it_is_taken_away():
    told = []
    with Engine(torch_module="/no/such/module.so") as engine:
        engine.set_log(lambda level, message: told.append((level, message)))
        engine.warm_up()
        assert [level for level, _ in told] == [2]
        assert "/no/such/module.so" in told[0][1]
        engine.set_log(None)
        engine.warm_up()
        assert len(told) == 1


def test_info_says_what_is_in_use(store):
    with Engine(store=store) as engine:
        info = engine.info()
    assert info["version"] == jobmedic.version()
    assert "store" in info and "scanner" in info


def test_a_collector_brings_the_logs_and_what_an_event_log_tells_about_the_run(failed_job, tmp_path):
    events = tmp_path / "events"
    events.write_text(
        '{"Event":"SparkListenerEnvironmentUpdate","Spark Properties":{"spark.executor.memory":"3g"}}\n'
        '{"Event":"SparkListenerTaskEnd","Task End Reason":{"Reason":"Success"},"Task Metrics":{"JVM GC Time":1500}}\n'
    )
    collector = {
        "schema": "jobmedic.collector/1",
        "sources": [
            {"name": "job", "kind": "file", "path": str(failed_job.paths[0].parent), "required": True},
            {"name": "events", "kind": "event_log", "path": "{labels.events}"},
            {"name": "pod", "command": ["sh", "-c", "echo forbidden >&2; exit 1"]},
        ],
    }
    attempt = {**failed_job.attempt, "config": {}, "metrics": {}, "labels": {"events": str(events)}}
    with Engine() as engine:
        brought = engine.collect(attempt, collector)
        assert brought["schema"] == "jobmedic.collection/1"
        verdict = brought["classification"]
        assert verdict["rule"] == engine.classify(failed_job.logs, attempt)["rule"]
        assert [source["status"] for source in verdict["sources"]] == ["read", "read", "failed"]
        assert verdict["sources"][2]["error"] == "sh exited with 1: forbidden"
        assert brought["attempt"]["config"] == {"spark.executor.memory": "3g"}
        assert brought["attempt"]["metrics"]["gc_s"] == 1.5
        assert "attempt" not in engine.collect(collector={**collector, "sources": collector["sources"][:1]})
        with pytest.raises(jobmedic.InvalidArgumentError, match="no collector"):
            engine.collect(attempt)
        with pytest.raises(jobmedic.FileError, match="none of 2 sources"):
            engine.collect(None, {**collector, "sources": collector["sources"][1:]})
    with Engine(collector=collector) as engine:
        assert engine.collect(attempt) == brought
        assert engine.classify({}, attempt) == verdict
        assert engine.remediate(attempt, {})["classification"] == verdict


def test_compressed_files_are_read_and_damage_is_reported(failed_job, tmp_path):
    import gzip

    path = failed_job.paths[0]
    archive = gzip.compress(path.read_bytes())
    (tmp_path / "whole.gz").write_bytes(archive)
    (tmp_path / "half.gz").write_bytes(archive[: len(archive) // 2])
    with Engine() as engine:
        expected = engine.classify({"driver.stderr": path.read_bytes()})
        assert engine.classify({"driver.stderr": tmp_path / "whole.gz"}) == expected
        half = engine.classify({"driver.stderr": tmp_path / "half.gz"})
        assert half["sources"][0]["status"] in ("damaged", "failed") and "truncated" in half["sources"][0]["error"]
