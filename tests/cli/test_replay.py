"""replay: what policies would have done with recorded failures."""
import json

import pytest

from subject import DATA


def run(name, memory, succeeded):
    outcome = {"succeeded": succeeded, "cost_usd": memory / 1024}
    return {"schema": "jobmedic.attempt/1", "job": "nightly", "run": name, "engine": "spark",
            "labels": {"grid": "yes", "input": "monday"}, "config": {"spark.executor.memory": f"{memory}m"}, "duration_s": 3600,
            "outcome": outcome if succeeded else {**outcome, "category": "memory_config"}}


@pytest.fixture
def grid(tool, write):
    """The URL of a store with a job that needs 3 GiB."""
    write("grid.jsonl", "\n".join(json.dumps(run(name, memory, memory >= 3072))
                                  for name, memory in (("a", 1024), ("b", 3072), ("c", 4096))))
    tool("history", "import", "grid.jsonl", "--store", "sqlite:grid.db").page()
    return "sqlite:grid.db"


def test_policies_are_compared_in_the_order_given(tool, grid):
    document = tool("replay", "--store", grid, "--policy", "x3", "--policy", "double", "--format", "json").document()
    assert document["schema"] == "jobmedic.replay/1"
    assert [(row["policy"], row["healed_at_first"], row["healed"]) for row in document["rows"]] == \
        [("x3", 1, 1), ("double", 0, 1)]
    assert document["rows"][0]["cost_over_oracle"] == pytest.approx(1)
    assert document["rows"][1]["cost_over_oracle"] == pytest.approx((2 + 4) / 3)


def test_the_page_names_what_is_compared_and_with_what(tool, grid):
    page = tool("replay", "--store", grid, "--policy", "double").page()
    for words in ("1 failures of 1 jobs", "x2 (Nextflow, Pinterest)", "oracle", "56 %", "spark.executor.memory"):
        assert words in page


def test_help_teaches_what_is_measured(tool):
    page = tool("replay", "--help").page()
    for words in ("labels.grid", "labels.peak", "cold", "warm", "oracle", "[peak/8, peak)", "jobmedic replay --store"):
        assert words in page


@pytest.mark.parametrize("arguments, problem", [
    (["--policy", "treble"], 'no policy "treble": there are model, fallback, unchanged, maximum, double, xFACTOR, +MIB'),
    (["--policy", "double", "--memory", "ram"], 'the space has no parameter "ram"')])
def test_what_cannot_be_replayed_is_told(tool, grid, arguments, problem):
    assert tool("replay", "--store", grid, *arguments).failure() == problem


def test_a_history_without_answers_says_what_one_needs(tool, write):
    write("alone.jsonl", "\n".join(json.dumps({**run(name, memory, False), "labels": {}})
                                   for name, memory in (("a", 1024), ("b", 2048))))
    tool("history", "import", "alone.jsonl", "--store", "sqlite:alone.db").page()
    assert tool("replay", "--store", "sqlite:alone.db").failure().startswith("nothing to replay: of none of 2 recorded")


def test_folds_out_of_range_are_wrong_usage(tool, grid):
    assert "--folds" in tool("replay", "--store", grid, "--folds", "1").failure(code=2)


@pytest.mark.skipif(not (DATA / "spark-retries").exists(), reason="no test data")
def test_recorded_spark_failures_come_out_as_measured(tool):
    tool("history", "import", DATA / "spark-retries/attempts.jsonl", "--store", "sqlite:spark.db").page()
    document = tool("replay", "--store", "sqlite:spark.db", "--policy", "double", "--policy", "x4", "--format", "json").document()
    assert document["failures"] == 110
    shares = [(round(100 * row["healed_at_first"]), round(row["cost_over_oracle"], 2)) for row in document["rows"]]
    assert shares == [(63, 1.59), (92, 1.74)]
