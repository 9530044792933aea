import math

import pytest

import jobmedic
from jobmedic import Optimizer

SPACE = {
    "schema": "jobmedic.space/1",
    "parameters": [
        {"name": "x", "type": "real", "min": -1, "max": 1},
        {"name": "memory", "type": "integer", "min": 512, "max": 65536, "scale": "log", "step": 64, "unit": "MiB"},
    ],
}


def value(parameters):
    return (parameters["x"] - 0.3) ** 2 + (math.log2(parameters["memory"]) - 12) ** 2


def trials(seed, count):
    with Optimizer(SPACE, seed=seed) as optimizer:
        asked = []
        for _ in range(count):
            trial = optimizer.ask()
            asked.append(trial["parameters"])
            optimizer.tell(trial["trial"], value(trial["parameters"]))
        return asked, optimizer.best()


def test_thirty_trials_come_close_to_the_minimum_and_the_best_is_the_least_told():
    asked, best = trials(seed=1, count=30)
    assert best["value"] == min(map(value, asked)) < 0.1
    assert best["parameters"] == asked[best["trial"] - 1]


def test_the_same_seed_gives_the_same_trials():
    assert trials(5, 10) == trials(5, 10)


def test_a_failed_trial_is_no_best():
    with Optimizer(SPACE) as optimizer:
        optimizer.tell(optimizer.ask()["trial"], math.nan)
        assert optimizer.best() is None


def test_a_trial_that_is_not_open_is_refused():
    with Optimizer(SPACE) as optimizer:
        with pytest.raises(jobmedic.InvalidArgumentError, match="1 was never asked for"):
            optimizer.tell(1, 0.5)


def test_a_bad_space_is_refused_with_its_place():
    with pytest.raises(jobmedic.SchemaError) as caught:
        Optimizer({"schema": "jobmedic.space/1", "parameters": [{"name": "x", "type": "real", "min": 2, "max": 1}]})
    assert caught.value.detail["pointer"].startswith("/parameters/0")


def test_no_use_after_close():
    optimizer = Optimizer(SPACE)
    optimizer.close()
    for use in (optimizer.ask, optimizer.best, lambda: optimizer.tell(1, 0.0)):
        with pytest.raises(jobmedic.ClosedError):
            use()
