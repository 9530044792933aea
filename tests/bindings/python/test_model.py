"""Training and serving. libtorch is loaded in processes of their own, never in this one."""

import ctypes.util
import json
import shutil
from pathlib import Path

import pytest
from conftest import run_python

import jobmedic
from jobmedic import Engine


def test_training_reports_tells_its_progress_and_serves_the_new_model(training, history):
    lines = [line for line in history.read_bytes().splitlines() if line.strip()]
    assert training["counts"]["attempts"] == len(lines)
    done = [step[0] for step in training["progress"]]
    assert done == sorted(done) and 0 <= done[0] and done[-1] == 1
    version = training["report"]["version"]
    with Engine(store=f"sqlite:{training['store']}") as engine:
        assert version and version in str(engine.info()["model"])


def test_who_listens_is_told_whether_the_new_model_serves(training):
    promoted, version = training["report"]["promoted"], training["report"]["version"]
    told = [(event["level"], event["event"]) for event in training["events"] if event.get("model") == version]
    assert told[0] == (("info", "model_promoted") if promoted else ("warning", "model_refused"))
    assert (("info", "model_picked_up") in told) == promoted


def test_the_chain_with_a_model_predicts_and_heals(failed_job, trained_store):
    with Engine(store=trained_store) as engine:
        answer = engine.remediate(failed_job.attempt, failed_job.logs)
        recommendation = answer["recommendation"]
        assert (recommendation["method"], recommendation["served_by"]) == ("model", "builtin")
        for prediction in (recommendation["predicted"], recommendation["unchanged"]):
            assert 0 <= prediction["failure_probability"] <= 1 and prediction["cost_usd"] > 0
        config = engine.get_config(failed_job.next_attempt())["config"]
    assert config == jobmedic.apply_patch(failed_job.attempt["config"], recommendation["patch"])


def test_who_listens_is_told_of_an_answer_that_its_deadline_cut_short(failed_job, trained_store):
    events = []
    with Engine(store=trained_store, policy={"deadline_ms": 0}) as engine:
        engine.set_events(events.append)
        answer = engine.remediate(failed_job.attempt, failed_job.logs)
        assert "jobmedic_deadlines_missed_total 1\n" in engine.metrics()
    assert answer["recommendation"]["method"] == "fallback"
    missed = [event for event in events if event["event"] == "deadline_missed"]
    assert [(event["job"], event["attempt"]) for event in missed] == [(failed_job.attempt["job"], "1")]
    assert float(missed[0]["elapsed_s"]) >= 0


SERVE = """
import ctypes, json, sys
from jobmedic import Engine
store, attempt, category, other = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3], sys.argv[4]
if other:
    ctypes.CDLL(other)
verdict = {"schema": "jobmedic.classification/1", "classified": True, "rule": "R", "category": category,
           "restartable": False}
with Engine(store=store) as engine:
    warm = engine.warm_up()
    answer = engine.recommend(attempt, verdict)
print(json.dumps({"warm": warm, "answer": answer}))
"""


def serve(store, failed_job, other=""):
    return run_python(SERVE, store, json.dumps(failed_job.attempt), "memory_config", other)


def test_after_warm_up_libtorch_serves_the_model(failed_job, trained_store):
    done = serve(trained_store, failed_job)
    assert done["warm"] == {"schema": "jobmedic.warm_up/1", "libtorch": True, "reason": ""}
    assert done["answer"]["served_by"] == "libtorch"


def test_beside_another_libtorch_the_built_in_pass_serves_the_same_model(failed_job, trained_store, tmp_path):
    ours = ctypes.util.find_library("torch_cpu")
    folders = [Path("/usr/lib/x86_64-linux-gnu"), Path("/usr/lib/aarch64-linux-gnu"), Path("/usr/lib")]
    original = next((folder / ours for folder in folders if ours and (folder / ours).exists()), None)
    if original is None:
        pytest.skip("no libtorch_cpu.so to make a second copy of")
    second = tmp_path / "elsewhere" / "libtorch_cpu.so"
    second.parent.mkdir()
    shutil.copy(original, second)

    done = serve(trained_store, failed_job, second)
    assert done["warm"]["libtorch"] is False
    assert "another libtorch is loaded in this process" in done["warm"]["reason"]
    assert done["answer"]["served_by"] == "builtin"
    alone = serve(trained_store, failed_job)["answer"]
    assert done["answer"]["predicted"]["failure_probability"] == pytest.approx(
        alone["predicted"]["failure_probability"], abs=1e-4
    )
    assert done["answer"]["patch"] == alone["patch"]


CANCEL = """
import json, sys
from jobmedic import Engine
class Enough(Exception): pass
calls = []
def progress(done, what):
    calls.append(done)
    if len(calls) == 3: raise Enough("enough")
raised = None
with Engine(store=sys.argv[1]) as engine:
    before = engine.info()["model"]
    try: engine.train(progress, seed=1, max_epochs=20)
    except Enough as enough: raised = str(enough)
    after = engine.info()["model"]
print(json.dumps({"raised": raised, "calls": len(calls), "before": before, "after": after}))
"""


def test_an_exception_in_the_progress_cancels_the_training_and_comes_out(trained_store):
    done = run_python(CANCEL, trained_store)
    assert (done["raised"], done["calls"]) == ("enough", 3)
    assert done["before"] == done["after"]


def test_training_without_examples_says_so(tmp_path):
    with Engine(store=f"sqlite:{tmp_path}/empty.db") as engine:
        with pytest.raises(jobmedic.ModelError, match="nothing to learn from"):
            engine.train()


def test_a_damaged_model_is_refused(tmp_path):
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"\xff" * 100)
    with pytest.raises(jobmedic.ModelError):
        Engine(model=path)
