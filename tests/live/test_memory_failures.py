"""Jobs that really die of memory, healed by what jobmedic answers to their scheduler."""
import concurrent.futures
import dataclasses
import os
import re

import pytest

from scheduler import Job, Scheduler
from tool import DATA, jobmedic

MOST_RETRIES = 3
# What each dies of first, by the rule (a regex: which thread of the driver finds its heap full is chance).
DYING = {
    "ExecutorHeapOutOfMemory": Job("executor_heap", "collect_list.py", {"spark.executor.memory": "512m"}),
    "DriverMaxResultSize": Job("result_size", "collect_pages.py", {"spark.driver.maxResultSize": "64m"}, (100, 1.0)),
    "PythonMemoryError": Job("python_worker", "python_buffer.py", {"spark.executor.pyspark.memory": "256m"}),
    "Driver(Heap|Thread)OutOfMemory": Job("driver_heap", "collect_pages.py", {"spark.driver.memory": "512m"}, (600, 0.0)),
}
# Its result is larger than the limit, and unpacked larger than the driver.
TWO_LIMITS = Job("two_limits", "collect_pages.py", {"spark.driver.maxResultSize": "64m", "spark.driver.memory": "512m"},
                 (1000, 0.09))
BUG = Job("bug", "misspelt_column.py", {})


@pytest.fixture(scope="module", params=["fallback", "model"] if os.environ.get("JOBMEDIC_ALL_RUNS") else ["fallback"])
def method(request):
    """Who recommends: the documented fallback policy where nobody trained anything, or a model of other jobs' history."""
    return request.param


@pytest.fixture(scope="module")
def scheduler(spark, method, tmp_path_factory):
    scheduler = Scheduler(spark, tmp_path_factory.mktemp(method))
    if method == "model":
        history = DATA / "spark-retries/attempts.jsonl"
        if not history.exists():
            pytest.skip(f"no {history}")
        jobmedic("history", "import", history, "--store", scheduler.store)
        jobmedic("train", "--store", scheduler.store, "--seed", "1")
    return scheduler


@pytest.fixture(scope="module")
def tries(scheduler):
    """By job name; side by side, as on a real platform, which also halves the time."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [TWO_LIMITS, *DYING.values(), BUG]
        return dict(zip((job.name for job in jobs), pool.map(lambda job: scheduler.run(job, "today"), jobs)))


def changed(before, after):
    return {name for name in after if after[name] != before.get(name)}


def shown(tried):
    """A line a try: its configuration, and what jobmedic said where it failed."""
    lines = []
    for each in tried:
        said = each.remediation or {"classification": {}}
        lines.append(f"  {each.config} {each.seconds:.0f} s {said['classification'].get('rule', 'finished')} "
                     f"{said.get('recommendation', {}).get('method', '')}")
    return "\n".join(lines)


def report(job, tried):
    print(f"\n{job.name}: {len(tried) - 1} retries (of {MOST_RETRIES})\n{shown(tried)}")


@pytest.mark.parametrize("rule, job", DYING.items(), ids=[job.name for job in DYING.values()])
def test_a_job_that_dies_of_memory_is_classified_patched_and_finishes(method, tries, rule, job):
    report(job, tries[job.name])
    first, *retries = tries[job.name]
    verdict = first.remediation["classification"]
    assert verdict["category"] == "memory_config" and re.fullmatch(rule, verdict["rule"]), verdict
    assert first.remediation["recommendation"]["decision"] == "retry_with_patch"
    # A model leaves to the fallback what its history never varied; the executors' heap it did.
    assert first.remediation["recommendation"]["method"] in ((method,) if "ExecutorHeap" in rule else (method, "fallback"))
    assert retries and retries[-1].succeeded and len(retries) <= MOST_RETRIES, shown(tries[job.name])
    assert changed(first.config, retries[0].config)


def test_a_job_that_needs_two_parameters_changed_gets_both(scheduler, tries):
    report(TWO_LIMITS, tries[TWO_LIMITS.name])
    first, *retries = tries[TWO_LIMITS.name]
    assert first.remediation["classification"]["rule"] == "DriverMaxResultSize"
    assert retries and retries[-1].succeeded and len(retries) <= MOST_RETRIES, shown(tries[TWO_LIMITS.name])
    healed = retries[-1].config
    needed = sorted(changed(first.config, healed))
    assert len(needed) == 2, healed
    halves = [dataclasses.replace(TWO_LIMITS, name=f"only-{name}", config={**healed, other: first.config[other]})
              for name, other in (needed, reversed(needed))]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:  # with one of the two alone it dies
        ended = [each.succeeded for each in pool.map(lambda job: scheduler.attempt(job, "today", 1), halves)]
    assert ended == [False, False]


def test_a_job_with_a_bug_is_not_retried(tries):
    assert [each.succeeded for each in tries[BUG.name]] == [False]
    remediation = tries[BUG.name][0].remediation
    assert remediation["classification"]["category"] == "user_code"
    assert remediation["retry"]["restart"] is False
    assert "patch_id" not in remediation
