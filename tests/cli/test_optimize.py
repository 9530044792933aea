"""jobmedic optimize: ask and tell, one JSON object a line."""
import json
import math
import os
import subprocess

import pytest

from subject import TOOL

SPACE = {"schema": "jobmedic.space/1", "parameters": [
    {"name": "memory", "type": "integer", "min": 512, "max": 65536, "scale": "log", "step": 64, "unit": "MiB"},
    {"name": "fraction", "type": "real", "min": 0.3, "max": 0.8},
    {"name": "codec", "type": "categorical", "values": ["lz4", "zstd"]}]}


def value_of(parameters):
    return (math.log2(parameters["memory"] / 4096) ** 2 + 10 * (parameters["fraction"] - 0.6) ** 2 +
            (parameters["codec"] == "lz4"))


def play(tmp_path, trials, seed=7, answer=value_of):
    """Asks and tells through pipes, a line at a time, as a caller would: hangs where a line is not flushed."""
    (tmp_path / "space.json").write_text(json.dumps(SPACE))
    lines = []
    with subprocess.Popen([TOOL, "optimize", "--space", "space.json", "--trials", str(trials), "--seed", str(seed)],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=tmp_path, text=True, bufsize=1) as process:
        for trial in range(1, trials + 1):
            asked = json.loads(process.stdout.readline())
            assert asked["trial"] == trial
            lines.append(asked["parameters"])
            value = answer(asked["parameters"])
            process.stdin.write(json.dumps({"trial": trial, "value": value}) + "\n")
        end = json.loads(process.stdout.readline())
        assert process.wait(60) == 0
    return lines, end["best"]


def test_it_asks_waits_and_ends_with_the_best(tmp_path):
    asked, best = play(tmp_path, 20)
    values = [value_of(parameters) for parameters in asked]
    assert best["value"] == min(values)
    assert best["parameters"] == asked[values.index(min(values))]
    for parameters in asked:
        assert parameters["memory"] % 64 == 0 and 512 <= parameters["memory"] <= 65536
        assert parameters["codec"] in ("lz4", "zstd")


def test_the_same_seed_and_values_give_the_same_trials(tmp_path):
    assert play(tmp_path, 12, seed=3) == play(tmp_path, 12, seed=3)


def test_a_failed_trial_is_null_or_nan_and_never_the_best(tmp_path):
    failed = iter([None, float("nan"), float("inf")])
    asked, best = play(tmp_path, 8, answer=lambda parameters: next(failed, 1.5))
    assert best["value"] == 1.5
    assert best["parameters"] in asked[3:]


@pytest.mark.parametrize("lines, problem", [
    ([], "trial 1: the input ended before trial 1 of 3"),
    (['{"trial":1,"value":1}'], "trial 2: the input ended before trial 2 of 3"),
    (['{"trial":2,"value":1}'], "trial 1: /trial: expected 1, found 2"),
    (['{"trial":1}'], "trial 1: /value: is missing"),
    (['{"trial":1,"value":"low"}'], 'trial 1: /value: expected a number, found "low"'),
    (["0.7"], "trial 1: document: expected an object, found 0.7"),
    (["{trial 1"], "trial 1: byte 1: "),
    (["x" * 70_000], "trial 1: the line is longer than 64 KiB")], ids=lambda p: str(p)[:40])
def test_what_is_no_answer_is_told_with_the_trial(tool, write, lines, problem):
    write("space.json", SPACE)
    answer = tool("optimize", "--space", "space.json", "--trials", "3", stdin="\n".join(lines).encode())
    assert answer.failure().startswith(problem)
    assert "best" not in answer.out


def test_if_every_trial_failed_there_is_no_best(tool, write):
    write("space.json", SPACE)
    answer = tool("optimize", "--space", "space.json", "--trials", "2",
                  stdin=b'{"trial":1,"value":null}\n\n{"trial":2,"value":NaN}\n')
    assert answer.failure() == "all 2 trials failed: there is no best one"


@pytest.mark.parametrize("space", ["{", {"schema": "jobmedic.space/1", "parameters": []},
                                   {"schema": "jobmedic.space/1", "parameters": [{"name": "a", "type": "real", "min": 2, "max": 1}]}])
def test_a_malformed_space_is_named(tool, write, space):
    write("space.json", space)
    assert tool("optimize", "--space", "space.json", "--trials", "1").failure().startswith("space.json: ")


def test_a_listener_that_went_away_ends_it(tmp_path):
    (tmp_path / "space.json").write_text(json.dumps(SPACE))
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = subprocess.run([TOOL, "optimize", "--space", "space.json", "--trials", "2"], cwd=tmp_path, stdout=write_end,
                          stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=60)
    os.close(write_end)
    assert (done.returncode, done.stderr) == (1, b"jobmedic: standard output: Broken pipe\n")
