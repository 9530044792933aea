"""jobmedic rules list, lint, test."""
import json

import pytest

from subject import ATTEMPT, DATA, RULES

RULE = RULES["rules"][0]


def rules_of(*changes):
    return {**RULES, "rules": [{**RULE, **change} for change in changes]}


def failed(run, rule, cost):
    return {**ATTEMPT, "run": run, "outcome": {"succeeded": False, "cost_usd": cost, "rule": rule, "category": "data"}}


def test_list_shows_the_users_rules_before_the_shipped_ones(tool, write):
    write("mine.json", RULES)
    lines = tool("rules", "list", "--rules", "mine.json").page().splitlines()
    assert lines[0].split() == ["rule", "category", "run", "again", "source", "file"]
    assert lines[1].split() == ["TestHeap", "memory_config", "fails", "again", "spark", "mine.json"]
    assert " shipped " in lines[2]
    assert lines[-1] == f"{len(lines) - 2} rules, the first that matches decides"


def test_list_as_a_document_holds_what_a_person_decides_by(tool, write):
    write("mine.json", RULES)
    document = tool("rules", "list", "--rules", "mine.json", "--category", "memory_config", "--format", "json").document()
    assert document["schema"] == "jobmedic.rule_list/1"
    assert document["rules"][0] == {"name": "TestHeap", "category": "memory_config", "restartable": False, "fault": "user",
                                    "source": "spark", "log": "*", "file": "mine.json", "shipped": False,
                                    "summary": RULE["summary"], "advice": RULE["advice"]}
    assert {rule["category"] for rule in document["rules"]} == {"memory_config"}


def test_list_counts_what_a_history_says_about_each_rule(tool, write):
    write("mine.json", RULES)
    attempts = [failed("1", "TestHeap", 1.5), failed("2", "TestHeap", 2.0), failed("3", "Gone", 1.0), failed("4", "", 0.25),
                {**failed("5", "TestHeap", 9.0), "outcome": {"succeeded": True, "cost_usd": 9.0}}]
    write("history.jsonl", "".join(json.dumps(attempt) + "\n" for attempt in attempts))
    tool("history", "import", "history.jsonl", "--store", "sqlite:h.db").page()
    arguments = ("rules", "list", "--rules", "mine.json", "--store", "sqlite:h.db")
    document = tool(*arguments, "--format", "json").document()
    assert (document["rules"][0]["failures"], document["rules"][0]["cost_usd"]) == (2, 3.5)
    assert document["rules"][1]["failures"] == 0
    assert document["unclassified"] == {"failures": 1, "cost_usd": 0.25}
    assert document["not_listed"] == [{"name": "Gone", "failures": 1, "cost_usd": 1.0}]
    page = tool(*arguments).page()
    assert page.splitlines()[1].split()[-2:] == ["2", "$3.50"]
    assert "1 failures unclassified ($0.25)" in page
    assert "1 failures by Gone, not listed here ($1.00)" in page


def test_list_needs_a_store_that_exists_and_a_known_category(tool):
    assert "none.db" in tool("rules", "list", "--store", "sqlite:none.db").failure()
    tool("rules", "list", "--category", "memroy").failure(2)


def test_lint_says_all_findings_one_a_line_and_ends_with_1(tool, write):
    write("mine.json", rules_of({"name": "A", "regex": "AcmeA("}, {"name": "B", "category": "memroy"},
                                {"name": "C", "regex": "AcmeC", "matches": ["AcmeD"], "advice": ""}))
    answer = tool("rules", "lint", "--rules", "mine.json")
    assert (answer.code, answer.err) == (1, "")
    lines = answer.out.splitlines()
    assert lines[0].startswith('error    mine.json: rule 1 "A": regex, column 7: ')
    assert lines[1].startswith('error    mine.json: rule 2 "B": category: expected one of ')
    assert lines[2] == 'error    mine.json: rule 3 "C": matches: "AcmeD" is not matched'
    assert lines[3] == 'warning  mine.json: rule 3 "C": has no advice'
    assert lines[4] == "3 rules: 3 errors, 1 warning"
    assert len(lines) == 5


def test_lint_as_a_document_is_one_line_and_ends_with_1_too(tool, write):
    write("mine.json", rules_of({"regex": "AcmeA("}))
    answer = tool("rules", "lint", "--rules", "mine.json", "--format", "json")
    assert answer.code == 1
    document = json.loads(answer.out)
    assert (document["schema"], document["rules"], document["errors"]) == ("jobmedic.lint/1", 1, 1)
    finding = document["findings"][0]
    assert (finding["severity"], finding["file"], finding["number"], finding["rule"], finding["check"]) == \
        ("error", "mine.json", 1, "TestHeap", "document")


def test_lint_without_errors_ends_with_0(tool, write):
    write("mine.json", RULES)
    assert tool("rules", "lint", "--rules", "mine.json").page() == "1 rule: 0 errors, 0 warnings\n"
    assert ": 0 errors, " in tool("rules", "lint").page().splitlines()[-1]


def test_lint_help_explains_the_exit_code(tool):
    assert "Exit code: 0 no errors" in tool("rules", "lint", "--help").page()


@pytest.fixture
def labelled(write):
    """Four failures and two innocents; TestHeap is right about the first two and one innocent."""
    for name, log, label in [
            ("a", "TestHeapError: full\n", {"category": "memory_config", "restartable": False, "exit_code": 1}),
            ("b", "TestHeapError: full\n", {"category": "memory_config", "restartable": True}),
            ("c", "TestHeapError: full\nsecond\n", {"category": "data", "restartable": False, "exit_code": 1}),
            ("d", "nothing said\n", {"category": "data", "restartable": False}),
            ("e", "all is well\n", {"category": "none", "restartable": None, "exit_code": 0}),
            ("f", "TestHeapError: caught\n", {"category": "none"})]:
        write(f"labelled/{name}/driver.stderr", log)
        write(f"labelled/{name}/meta.json", label)
    write("mine.json", RULES)
    return "labelled"


def test_test_prints_confusion_figures_and_misses(tool, labelled):
    page = tool("rules", "test", labelled, "--rules", "mine.json").page()
    lines = page.splitlines()
    assert lines[0].split() == ["true", "\\", "given", "memory", "data", "none"]
    assert [line.split() for line in lines[1:4]] == [["memory_config", "2", ".", "."], ["data", "1", ".", "1"],
                                                     ["none", "1", ".", "1"]]
    assert [" ".join(line.split()) for line in lines[5:9]] == [
        "category right 3 of 6 (50.0 %)", "restartable right 2 of 4 (50.0 %)", "unclassified 1 of 4 (25.0 %)",
        "innocents fooled 1 of 2 (50.0 %)"]
    assert lines[10:] == [
        "b: is memory_config, restartable; given memory_config, not restartable by TestHeap at driver.stderr:1: TestHeapError: full",
        "c: is data, not restartable; given memory_config, not restartable by TestHeap at driver.stderr:1: TestHeapError: full",
        "d: is data, not restartable; given none: unclassified",
        "f: is none; given memory_config, not restartable by TestHeap at driver.stderr:1: TestHeapError: caught"]


def test_test_as_a_document(tool, labelled):
    document = tool("rules", "test", labelled, "--rules", "mine.json", "--format", "json").document()
    assert document["schema"] == "jobmedic.rules_test/1"
    assert {name: document[name] for name in ("failures", "innocents", "accuracy", "category_right", "restartable_right",
                                              "restartable_judged", "unclassified", "innocents_fooled")} == {
        "failures": 4, "innocents": 2, "accuracy": 0.5, "category_right": 3, "restartable_right": 2,
        "restartable_judged": 4, "unclassified": 1, "innocents_fooled": 1}
    assert document["confusion"]["data"] == {"memory_config": 1, "none": 1}
    assert document["misses"][1] == {
        "name": "c", "expected": {"category": "data", "restartable": False},
        "given": {"category": "memory_config", "restartable": False, "rule": "TestHeap",
                  "evidence": {"log": "driver.stderr", "line": 1, "text": "TestHeapError: full"}}}


@pytest.mark.parametrize("minimum, code", [("50", 0), ("50.1", 1)])
def test_test_fails_below_the_accuracy_asked_for(tool, labelled, minimum, code):
    answer = tool("rules", "test", labelled, "--rules", "mine.json", "--min-accuracy", minimum)
    assert (answer.code, answer.err) == (code, "")
    assert "category right" in answer.out


def test_test_takes_a_share_for_the_mistake_it_is(tool, labelled):
    tool("rules", "test", labelled, "--min-accuracy", "0.98").failure(2)


def test_test_reads_json_lines_of_excerpts(tool, write):
    write("mine.json", RULES)
    write("reports.jsonl", "".join(json.dumps(line) + "\n" for line in [
        {"text": "TestHeapError: full", "category": "memory_config", "restartable": False},
        {"text": "all is well", "category": "none", "restartable": None}]))
    document = tool("rules", "test", "reports.jsonl", "--rules", "mine.json", "--format", "json").document()
    assert (document["failures"], document["innocents"], document["accuracy"], document["misses"]) == (1, 1, 1.0, [])


@pytest.mark.parametrize("name, content, message", [
    ("l.jsonl", '{"text": "x", "category": "data"}\n{"text": "x", "category": "memroy"}\n',
     'l.jsonl:2: /category: expected a category or "none", found "memroy"'),
    ("l.jsonl", '{"text": "x", "category": "data", "restartable": "no"}\n',
     'l.jsonl:1: /restartable: expected true or false, found "no"'),
    ("l.jsonl", "{", "l.jsonl:1: byte 1: "),
    ("l/a/meta.json", {"restartable": True}, "l/a/meta.json: /category: "),
    ("l/a/driver.stderr", "x", "l/a/meta.json: No such file or directory"),
    ("l/notes.txt", "x", "l: nothing labelled here: expected folders of logs with a meta.json, or a *.jsonl"),
    ("l.jsonl", "", "l.jsonl: nothing labelled here: expected folders of logs with a meta.json, or a *.jsonl")])
def test_a_bad_label_is_told_with_its_place(tool, write, name, content, message):
    write(name, content)
    assert tool("rules", "test", name.split("/")[0]).failure().startswith(message)


@pytest.mark.skipif(not (DATA / "spark-failures").exists(), reason="no spark-failures")
def test_the_recorded_failures_are_a_labelled_folder(tool):
    document = tool("rules", "test", DATA / "spark-failures", "--format", "json").document()
    assert (document["failures"], document["innocents"]) == (98, 13)
    assert document["innocents_fooled"] == 0
