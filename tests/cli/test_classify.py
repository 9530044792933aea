import pytest

from subject import ATTEMPT, RULES

LOG = "INFO starting\nWARN slow\nTestHeapError: full of rows\nINFO bye\n"


@pytest.fixture
def rules(write):
    return write("rules.json", RULES)


def test_the_document_carries_verdict_and_evidence(tool, write, rules):
    write("driver.stderr", LOG)
    document = tool("classify", "--rules", rules, "--format", "json", "driver.stderr").document()
    assert document["schema"] == "jobmedic.classification/1"
    assert (document["classified"], document["rule"], document["category"]) == (True, "TestHeap", "memory_config")
    assert document["evidence"] == {"log": "driver.stderr", "line": 3, "offset": 24, "text": "TestHeapError: full of rows",
                                    "captures": {"what": "full of rows"}}


def test_the_page_shows_what_a_person_on_call_needs(tool, write, rules):
    write("driver.stderr", LOG)
    page = tool("classify", "--rules", rules, "driver.stderr").page()
    for words in ("The heap of the test is full.", "driver.stderr:3", "TestHeapError: full of rows",
                  "Give the test more memory.", "rule TestHeap"):
        assert words in page


def test_unclassified_is_an_answer(tool, write):
    write("driver.stderr", "all is well\n")
    write("driver.stdout", "")
    document = tool("classify", "--format", "json", "driver.stdout", "driver.stderr").document()
    assert document["classified"] is False
    assert tool("classify", "driver.stdout", "driver.stderr").page() == \
        "no rule matched in 2 logs (driver.stdout, driver.stderr; 12 B): unclassified\n"


@pytest.mark.parametrize("argument, name", [("executor-3.stderr=job.txt", "executor-3.stderr"), ("job.txt", "job.txt")])
def test_a_log_is_named_by_the_caller_or_by_its_file(tool, write, rules, argument, name):
    write("job.txt", LOG)
    document = tool("classify", "--rules", rules, "--format", "json", argument).document()
    assert document["evidence"]["log"] == name
    assert document["logs"] == [name]


def test_a_single_log_whose_name_says_no_role_is_tried_by_every_rule(tool, write):
    picky = {**RULES, "rules": [{**RULES["rules"][0], "log": "executor-*.stderr"}]}
    write("picky.json", picky)
    write("whatever.txt", LOG)
    write("driver.stderr", LOG)
    assert tool("classify", "--rules", "picky.json", "--format", "json", "whatever.txt").document()["rule"] == "TestHeap"
    assert not tool("classify", "--rules", "picky.json", "--format", "json", "driver.stderr").document()["classified"]


def test_a_folder_is_its_logs_in_the_order_of_names(tool, write, rules):
    for name in ("b.stderr", "a.stderr", ".hidden", "attempt.json"):
        write(f"logs/{name}", LOG)
    document = tool("classify", "--rules", rules, "--format", "json", "logs").document()
    assert document["logs"] == ["a.stderr", "b.stderr"]
    assert document["evidence"]["log"] == "a.stderr"


def test_a_log_comes_through_standard_input(tool, rules):
    document = tool("classify", "--rules", rules, "--format", "json", "driver.stderr=-", stdin=LOG.encode()).document()
    assert document["evidence"]["line"] == 3


def test_two_logs_of_one_name_are_refused_with_the_way_out(tool, write):
    write("a/driver.stderr", LOG)
    write("b/driver.stderr", LOG)
    assert tool("classify", "a/driver.stderr", "b/driver.stderr").failure() == \
        'two logs are named "driver.stderr": name one of them, as in executor-1.stderr=b/driver.stderr'


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe" * 1000, b"TestHeapError: \x1b[31mred\x07 \xff\n", b"no newline at the end",
                                     b"x" * 3_000_000], ids=["empty", "binary", "escapes", "truncated", "one long line"])
def test_any_bytes_are_a_log(tool, write, rules, content):
    write("driver.stderr", content)
    tool("classify", "--rules", rules, "driver.stderr").page()
    tool("classify", "--rules", rules, "--format", "json", "driver.stderr").document()


def test_a_missing_log_is_named(tool):
    assert tool("classify", "gone.log").failure() == "gone.log: No such file or directory"


def test_an_empty_folder_is_named(tool, tmp_path):
    (tmp_path / "empty").mkdir()
    assert tool("classify", "empty").failure() == "empty: no logs in this folder"


def test_malformed_rules_are_named_with_the_place(tool, write):
    write("driver.stderr", LOG)
    write("broken.json", "{")
    write("bad.json", {**RULES, "rules": [{**RULES["rules"][0], "regex": "a(b"}]})
    assert tool("classify", "--rules", "broken.json", "driver.stderr").failure().startswith("broken.json: ")
    problem = tool("classify", "--rules", "bad.json", "driver.stderr").failure()
    assert problem.startswith("bad.json: ") and '"TestHeap"' in problem and "column" in problem


def test_the_attempt_decides_where_a_rule_asks_for_it(tool, write):
    write("rules.json", {**RULES, "rules": [{**RULES["rules"][0], "when": {"labels": {"queue": "etl"}}}]})
    write("driver.stderr", LOG)
    write("attempt.json", ATTEMPT)
    assert not tool("classify", "--rules", "rules.json", "--format", "json", "driver.stderr").document()["classified"]
    assert tool("classify", "--rules", "rules.json", "--attempt", "attempt.json", "--format", "json",
                "driver.stderr").document()["classified"]
