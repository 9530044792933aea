"""The loop closed: outcomes of retries flow into the history, training on it makes a model, and that answers better than the
fallback it began with."""
import json
import pathlib

import pytest

from subject import ATTEMPT, RULES, TOOL

STORE = "sqlite:jobmedic.db"
JOBS = 16


def need_mib(job):
    """The executor heap that the job works with: 3.3 to 7.3 GiB, for the fallback from 1 GiB always too much at once."""
    return 3300 + 4000 * (job * 7 % JOBS) // JOBS


def attempt(job, run, number, config, succeeded=None):
    need, memory = need_mib(job), mib(config)
    document = {**ATTEMPT, "job": f"job-{job}", "run": run, "attempt": number, "config": config, "labels": {"queue": "etl"},
                "started_at": f"2026-11-{1 + job % 28:02}T0{number}:00:00Z",
                "metrics": {"input_bytes": need * 300_000, "peak_jvm_heap_bytes": min(need, memory) << 20}, "duration_s": 60}
    if succeeded is None:
        return {**document, "outcome": None}
    return {**document, "outcome": {"succeeded": succeeded, "cost_usd": memory / 60_000, "exit_code": 0 if succeeded else 1}}


def mib(config):
    text = config["spark.executor.memory"]
    return int(text[:-1]) * (1024 if text.endswith("g") else 1)


@pytest.fixture
def remediate(tool, write):
    write("rules.json", RULES)
    write("driver.stderr", "TestHeapError: full\n")

    def answer(failed, *options, store=STORE):
        write("failed.json", failed)
        return tool("remediate", "--store", store, "--attempt", "failed.json", "--log", "driver.stderr", "--rules", "rules.json",
                    "--no-shipped-rules", "--format", "json", *options).document()
    return answer


@pytest.fixture
def run_until_it_works(tool, write, remediate):
    """What a scheduler does; every outcome reaches the store by remediate or outcome record. The tries it took."""
    def run(job, name="first"):
        config = {"spark.executor.memory": "1g"}
        for number in range(1, 5):
            write("next.json", attempt(job, name, number, {"spark.executor.memory": "1g"}))
            config = tool("config", "get", "--store", STORE, "--attempt", "next.json", "--format", "json").document()["config"] \
                if number > 1 else config
            succeeded = mib(config) >= need_mib(job)
            done = attempt(job, name, number, config, succeeded)
            if succeeded:
                write("done.json", done)
                tool("outcome", "record", "done.json", "--store", STORE).page()
                return number
            assert remediate(done)["retry"]["restart"]
        pytest.fail("never healed")
    return run


def test_outcomes_become_a_history_that_trains_a_model_which_heals_at_once_what_the_fallback_does_not(tool, remediate,
                                                                                                     run_until_it_works):
    if not (pathlib.Path(TOOL).parents[1] / "lib" / "libjobmedic_torch.so").exists():
        pytest.skip("libjobmedic_torch.so is not built")
    tries = [run_until_it_works(job) for job in range(JOBS)]
    assert min(tries) == 3, "the fallback needs two retries or more"
    recorded = json.loads(tool("train", "--store", STORE, "--seed", "1", "--format", "json").out)
    assert recorded["promoted"], recorded["blocked_by"]
    assert recorded["attempts"] == sum(tries)

    healed = {"fallback": 0, "model": 0}
    for job in range(JOBS):
        # A later run of the job that fails as the first did: what is its one recommendation worth?
        failed = attempt(job, "second", 1, {"spark.executor.memory": "1g"}, succeeded=False)
        learned = remediate(failed, "--mode", "dry_run")["recommendation"]
        assert learned["method"] == "model"
        healed["model"] += mib({**failed["config"], **patched(learned)}) >= need_mib(job)
        unlearned = remediate(failed, "--mode", "dry_run", store="sqlite:empty.db")["recommendation"]
        assert unlearned["method"] == "fallback"
        healed["fallback"] += mib({**failed["config"], **patched(unlearned)}) >= need_mib(job)
    assert healed["fallback"] == 0
    assert healed["model"] >= 0.75 * JOBS, healed


def patched(recommendation):
    return {operation["path"][1:]: operation["value"] for operation in recommendation["patch"]}

