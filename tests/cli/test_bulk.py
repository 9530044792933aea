"""classify --jobs: many failures, one JSON line each."""
import json
import os
import subprocess

import pytest

from subject import ATTEMPT, DATA, RULES, TOOL

LOG = "INFO starting\nTestHeapError: full of rows\n"


@pytest.fixture
def bulk(tool, write):
    write("rules.json", RULES)

    def run(*arguments, jobs=2, **options):
        answer = tool("classify", "--rules", "rules.json", "--jobs", jobs, *arguments, **options)
        assert (answer.code, answer.err) == (0, "")
        return [json.loads(line) for line in answer.out.splitlines()]
    return run


def test_each_argument_is_one_failure_and_answers_in_order(bulk, write):
    paths = [f"run-{i:03}" for i in range(300)]
    for i, path in enumerate(paths):
        write(f"{path}/driver.stderr", LOG if i % 3 else "all is well\n")
    for jobs in (1, 4):
        lines = bulk(*paths, jobs=jobs)
        assert [line["path"] for line in lines] == paths
        assert [line["classified"] for line in lines] == [bool(i % 3) for i in range(300)]


def test_a_line_is_the_document_that_classify_gives(bulk, tool, write):
    write("plain/driver.stderr", LOG)
    write("plain/executor-0.stderr", "nothing\n")
    write("one/whatever.txt", LOG)
    write("mixed/driver.stderr", LOG)
    write("mixed/notes.log", "x\n")
    write("large/driver.stderr", "INFO x\n" * 300_000 + LOG)
    write("alone.txt", LOG)
    paths = ["plain", "one", "mixed", "large", "alone.txt"]
    for path, line in zip(paths, bulk(*paths), strict=True):
        assert line.pop("path") == path
        line.pop("sources", None)  # a small folder is read at once, and is its only source
        alone = tool("classify", "--rules", "rules.json", "--format", "json", path).document()
        assert line == {name: value for name, value in alone.items() if name != "sources"}


def test_the_sub_folders_of_a_folder_are_the_failures_where_asked(bulk, write):
    for name in ("b", "a", ".hidden"):
        write(f"all/{name}/driver.stderr", LOG)
    write("all/readme.txt", "x")
    assert [line["path"] for line in bulk("--each", "all")] == ["all/a", "all/b"]


def test_paths_come_through_standard_input(bulk, write):
    write("a/driver.stderr", LOG)
    write("b c/driver.stderr", LOG)
    assert [line["path"] for line in bulk("-", stdin=b"a\n\nb c")] == ["a", "b c"]
    assert bulk("-") == []


def test_what_cannot_be_read_is_told_in_its_line_and_stops_nothing(bulk, write, tmp_path):
    write("good/driver.stderr", LOG)
    (tmp_path / "empty").mkdir()
    write("broken/driver.stderr", LOG)
    write("broken/attempt.json", "{")
    lines = bulk("gone", "good", "empty", "broken")
    assert lines[0] == {"path": "gone", "error": "gone: No such file or directory"}
    assert lines[1]["rule"] == "TestHeap"
    assert lines[2] == {"path": "empty", "error": "empty: no logs in this folder"}
    assert lines[3]["error"].startswith("broken/attempt.json: ")
    assert bulk("--each", "empty", "gone") == [{"path": "empty", "error": "empty: no folders in this folder"},
                                               {"path": "gone", "error": "gone: No such file or directory"}]


def test_the_attempt_beside_the_logs_is_used(bulk, write):
    rule = {**RULES["rules"][0], "when": {"labels": {"queue": "etl"}}}
    exit_code = {**RULES["rules"][0], "name": "Killed", "regex": "", "matches": [], "ignores": [], "when": {"exit_code": [137]}}
    write("rules.json", {**RULES, "rules": [rule, exit_code]})
    for folder in ("known", "stranger", "killed", "odd"):
        write(f"{folder}/driver.stderr", LOG)
    write("known/attempt.json", ATTEMPT)
    write("killed/meta.json", {"exit_code": 137})
    write("odd/meta.json", {"exit_code": "many"})
    lines = bulk("known", "stranger", "killed", "odd")
    assert [line.get("rule") for line in lines] == ["TestHeap", None, "Killed", None]
    assert lines[3]["notes"] == ['meta.json was not used: /exit_code: expected an integer, found "many"']


def test_secrets_are_masked_in_bulk_too(bulk, write):
    write("a/driver.stderr", "TestHeapError: password=hunter2\n")
    assert bulk("a")[0]["evidence"]["text"] == "TestHeapError: password=****"


def test_lines_that_cannot_be_written_are_an_error(write, tmp_path):
    for i in range(500):
        write(f"all/{i}/driver.stderr", LOG)
    with open("/dev/full", "wb") as full:
        done = subprocess.run([TOOL, "classify", "--jobs", "3", "--each", "all"], stdout=full, stderr=subprocess.PIPE,
                              cwd=tmp_path, env={**os.environ, "HOME": str(tmp_path)}, timeout=60)
    assert done.returncode == 1
    assert done.stderr == b"jobmedic: standard output: No space left on device\n"


@pytest.mark.parametrize("arguments", [["--jobs", "0", "a"], ["--each", "a"], ["--jobs", "2"], ["--jobs", "2", "--attempt", "x", "a"]])
def test_wrong_usage_is_told(tool, arguments):
    tool("classify", *arguments).failure(code=2)


@pytest.mark.skipif(not (DATA / "spark-failures").exists(), reason="no recorded runs on this machine")
def test_recorded_runs_get_the_verdicts_that_classify_gives(tool):
    answer = tool("classify", "--jobs", "2", "--each", DATA / "spark-failures")
    lines = {os.path.basename(line["path"]): line for line in map(json.loads, answer.out.splitlines())}
    assert len(lines) == 111
    assert list(lines) == sorted(lines)
    for run in ("s007", "s157"):
        alone = tool("classify", "--format", "json", DATA / "spark-failures" / run).document()
        assert lines[run].get("rule") == alone.get("rule")
