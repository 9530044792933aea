"""rules suggest, accept, review, correct: rules learned from failures that no rule knew."""
import json
import os
import shutil

import pytest

from subject import ATTEMPT, DATA, RULES

LEASE = "12:00 INFO Main: starting\n12:01 ERROR Main: job failed\nacme.JobError: job failed\n" \
        "Caused by: acme.LeaseGoneException: lease {} of vault north is gone\n"
CRASH = "12:01 ERROR Main: job failed\nacme.LedgerNodeLostException: shard {} is gone\n"
NAME = "LeaseGoneExceptionLeaseVaultNorth"


@pytest.fixture
def failures(tool, write):
    """The URL of a store with three failures that no rule knew: twice one cause, once another."""
    for run, log in (("a", LEASE.format(17)), ("b", LEASE.format(9)), ("c", CRASH.format(3))):
        write("attempt.json", {**ATTEMPT, "run": run})
        write("driver.stderr", log)
        document = tool("remediate", "--store", "sqlite:jobmedic.db", "--attempt", "attempt.json", "--log", "driver.stderr",
                        "--format", "json").document()
        assert document["classification"]["classified"] is False
        assert document["telling"][0]["exception"] in ("acme.LeaseGoneException", "acme.LedgerNodeLostException")
    return "sqlite:jobmedic.db"


def classified(tool, write, log, *rules):
    write("driver.stderr", log)
    return tool("classify", *rules, "driver.stderr", "--format", "json").document().get("rule")


def test_an_unclassified_failure_shows_what_its_logs_say(tool, write):
    write("attempt.json", ATTEMPT)
    write("driver.stderr", LEASE.format(5))
    page = tool("remediate", "--store", "sqlite:new.db", "--attempt", "attempt.json", "--log", "driver.stderr").page()
    assert "logs say    acme.LeaseGoneException: lease 5 of vault north is gone" in page


def test_failures_of_a_store_are_grouped_and_ranked_by_cost(tool, failures):
    document = tool("rules", "suggest", "--store", failures, "--format", "json").document()
    assert document["schema"] == "jobmedic.rules/1"
    lease, ledger = document["rules"]
    assert lease["name"] == NAME
    assert lease["suggestion"]["failures"] == 2 and lease["suggestion"]["cost_usd"] == pytest.approx(3.66)
    assert [name["run"] for name in lease["suggestion"]["would_classify"]] == ["a", "b"]
    assert lease["suggestion"]["needs_choice"] is True
    assert (ledger["category"], ledger["restartable"]) == ("transient_infra", True)
    page = tool("rules", "suggest", "--store", failures).page()
    for words in (NAME + "  2 failures, $3.66", "acme.LeaseGoneException: lease 17 of vault north is gone",
                  f"jobmedic rules accept {NAME} --rules my-rules.json --store {failures} --category CATEGORY"):
        assert words in page


def test_an_accepted_suggestion_classifies_what_it_came_from(tool, write, failures, tmp_path):
    tool("rules", "suggest", "--store", failures, "--out", "suggestions.json").page()
    done = tool("rules", "accept", NAME, "--rules", "mine.json", "--from", "suggestions.json", "--category", "resource_limit",
                "--summary", "The lease ended.", "--format", "json").document()
    assert done == {"schema": "jobmedic.accepted/1", "rule": NAME, "file": "mine.json", "category": "resource_limit",
                    "restartable": False, "failures": 2, "cost_usd": pytest.approx(3.66)}
    rule = json.loads((tmp_path / "mine.json").read_text())["rules"][0]
    assert rule["summary"] == "The lease ended." and "suggestion" not in rule
    assert classified(tool, write, LEASE.format(23), "--rules", "mine.json") == NAME
    assert classified(tool, write, CRASH.format(3), "--rules", "mine.json") != NAME


def test_accepting_straight_from_the_store_and_what_is_left_then(tool, failures):
    assert "is gone" in tool("rules", "suggest", "--store", failures).page()
    tool("rules", "accept", NAME, "--rules", "mine.json", "--store", failures, "--category", "transient_infra",
         "--restartable", "false").page()
    left = tool("rules", "suggest", "--store", failures, "--rules", "mine.json", "--format", "json").document()
    assert [rule["category"] for rule in left["rules"]] == ["transient_infra"]


def test_the_rest_of_a_rule_file_stays_as_it_was(tool, failures, tmp_path, write):
    mine = '{"schema": "jobmedic.rules/1", "rules" :[\n    ' + json.dumps(RULES["rules"][0]) + '\n  ], "note":"[]{} \\"ours\\""\n}\n'
    write("mine.json", mine)
    os.chmod(tmp_path / "mine.json", 0o640)
    os.symlink("mine.json", tmp_path / "link.json")
    tool("rules", "suggest", "--store", failures, "--out", "s.json").page()
    tool("rules", "accept", NAME, "--rules", "link.json", "--from", "s.json", "--category", "data").page()
    after = (tmp_path / "mine.json").read_text()
    head, tail = mine[:mine.index("\n  ]")], mine[mine.index("\n  ]"):]
    assert after.startswith(head + ",\n    {") and after.endswith("}" + tail)
    assert (tmp_path / "link.json").is_symlink() and (tmp_path / "mine.json").stat().st_mode & 0o777 == 0o640
    assert [rule["name"] for rule in json.loads(after)["rules"]] == ["TestHeap", NAME]


@pytest.mark.parametrize("arguments, problem", [
    (["Nobody", "--from", "s.json", "--category", "data"], f's.json: no suggestion "Nobody"; there are {NAME}, '),
    ([NAME, "--from", "s.json"], f'"{NAME}" says nothing of its kind: choose --category (memory_config, '),
    ([NAME, "--from", "s.json", "--category", "bad"], f'mine.json: rule 2 "{NAME}": category: expected one of '),
    ([NAME], "give one of --store and --from: where the suggestion is"),
    (["TestHeap", "--from", "s.json"], 'mine.json: has a rule "TestHeap" already'),
    ([NAME, "--from", "gone.json"], "gone.json: No such file or directory")])
def test_what_cannot_be_accepted_is_told_and_changes_nothing(tool, failures, write, tmp_path, arguments, problem):
    tool("rules", "suggest", "--store", failures, "--out", "s.json").page()
    write("mine.json", RULES)
    before = (tmp_path / "mine.json").read_bytes()
    assert tool("rules", "accept", *arguments, "--rules", "mine.json").failure().startswith(problem)
    assert (tmp_path / "mine.json").read_bytes() == before
    assert sorted(name for name in os.listdir(tmp_path) if name.startswith("mine.json")) == ["mine.json"]


def test_a_rule_file_that_is_no_rules_is_left_alone(tool, failures, write, tmp_path):
    tool("rules", "suggest", "--store", failures, "--out", "s.json").page()
    write("mine.json", "{broken")
    assert tool("rules", "accept", NAME, "--rules", "mine.json", "--from", "s.json", "--category", "data").failure() \
        .startswith("mine.json: ")
    assert (tmp_path / "mine.json").read_text() == "{broken"


def test_a_candidate_that_an_innocent_log_would_fool_is_not_suggested(tool, write):
    write("runs/one/driver.stderr", LEASE.format(4))
    write("good/driver.stderr", "12:00 INFO Main: retried after acme.LeaseGoneException: lease 2 of vault north is gone\n")
    suggested = tool("rules", "suggest", "runs", "--format", "json").document()["rules"]
    assert [rule["name"] for rule in suggested] == [NAME]
    assert suggested[0]["suggestion"]["would_classify"] == [{"job": "one", "run": "", "attempt": 1}]
    held = tool("rules", "suggest", "runs", "--innocent", "good", "--format", "json").document()["rules"]
    assert NAME not in [rule["name"] for rule in held]


@pytest.mark.parametrize("arguments, problem", [
    ([], "no failures to learn from: give --store URL, or folders of logs"),
    (["nowhere"], "nowhere: no such folder"), (["empty"], "empty: no logs in this folder or in folders in it"),
    (["--store", "sqlite:nowhere.db"], "store sqlite:nowhere.db: ")])
def test_where_nothing_can_be_learned_from_is_told(tool, tmp_path, arguments, problem):
    (tmp_path / "empty").mkdir()
    assert tool("rules", "suggest", *arguments).failure().startswith(problem)


def history(write, rule, healed, runs=3):
    lines = []
    for run in range(runs):
        lines.append({**ATTEMPT, "run": str(run), "outcome": {"succeeded": False, "cost_usd": 1.5, "rule": rule, "category": "data"}})
        lines.append({**ATTEMPT, "run": str(run), "attempt": 2, "outcome": {"succeeded": healed, "cost_usd": 2.0}})
    write("history.jsonl", "\n".join(map(json.dumps, lines)))


def test_a_verdict_that_history_contradicts_is_listed_and_corrected(tool, write, tmp_path):
    write("mine.json", RULES)
    history(write, "TestHeap", True)
    tool("history", "import", "history.jsonl", "--store", "sqlite:s.db").page()
    review = ["rules", "review", "--store", "sqlite:s.db", "--rules", "mine.json"]
    document = tool(*review, "--format", "json").document()
    assert document["schema"] == "jobmedic.review/1"
    [found] = document["rules"]
    assert (found["rule"], found["restartable"], found["retries"], found["succeeded"], found["cost_usd"]) == \
        ("TestHeap", False, 3, 3, 6.0)
    page = tool(*review).page()
    assert "3 of 3 unchanged retries succeeded ($6.00)" in page
    assert "jobmedic rules correct TestHeap --restartable true --rules my-rules.json" in page
    tool(*review, "--accept", "TestHeap").page()
    [rule] = json.loads((tmp_path / "mine.json").read_text())["rules"]
    assert rule["restartable"] is True
    assert rule["correction"] == {"was": False, "unchanged_retries": 3, "succeeded": 3}
    assert tool(*review).page() == "no verdict that history contradicts, no regex that gave up\n"
    assert tool(*review, "--accept", "TestHeap").failure() == 'history does not contradict rule "TestHeap"'


def test_a_corrected_shipped_rule_keeps_its_place_in_the_order(tool, write, tmp_path):
    write("driver.stderr", "Traceback (most recent call last):\nModuleNotFoundError: No module named 'acme'\n")
    before = tool("classify", "driver.stderr", "--format", "json").document()
    later = before["other_matches"][0]["rule"]
    correct = ["rules", "correct", later, "--rules", "mine.json", "--restartable"]
    value = "true"
    if tool(*correct, value).code != 0:
        value = "false"
        tool(*correct, value).page()
    [rule] = json.loads((tmp_path / "mine.json").read_text())["rules"]
    assert rule["name"] == later and rule["restartable"] is (value == "true")
    after = tool("classify", "--rules", "mine.json", "driver.stderr", "--format", "json").document()
    assert (after["rule"], after["other_matches"][0]["rule"]) == (before["rule"], later)


@pytest.mark.parametrize("arguments, problem", [
    (["Nobody", "--restartable", "true"], 'no rule "Nobody", neither in mine.json nor shipped'),
    (["TestHeap", "--restartable", "false"], 'rule "TestHeap" says not restartable already')])
def test_what_cannot_be_corrected_is_told(tool, write, arguments, problem):
    write("mine.json", RULES)
    assert tool("rules", "correct", *arguments, "--rules", "mine.json").failure() == problem


@pytest.mark.skipif(not (DATA / "spark-failures").exists(), reason="no spark-failures (JOBMEDIC_TEST_DATA)")
def test_recorded_failures_that_no_rule_knows_are_classified_once_their_rules_are_accepted(tool, tmp_path):
    """With the shipped pack left out, every recorded failure is unknown: what is learned from them alone?"""
    runs, good, root = {}, [], tmp_path / "runs"
    for run in sorted((DATA / "spark-failures").iterdir()):
        if not (run / "meta.json").exists():
            continue
        category = json.loads((run / "meta.json").read_text())["category"]
        target = (tmp_path / "good" if category == "none" else root) / run.name
        shutil.copytree(run, target, ignore=shutil.ignore_patterns("*.json"))
        if category == "none":
            good.append(run.name)
        else:
            runs[run.name] = target
    document = tool("rules", "suggest", "runs", "--innocent", "good", "--no-shipped-rules", "--most", "500", "--out",
                    "suggestions.json", "--format", "json").document()
    expected = {}
    for rule in document["rules"]:
        for attempt in rule["suggestion"]["would_classify"]:
            expected[attempt["job"]] = rule["name"]
    assert len(expected) >= 0.85 * len(runs)
    sample = sorted(expected)[::7]
    by_name = {rule["name"]: rule for rule in document["rules"]}
    for name in sorted({expected[run] for run in sample}):
        choice = ["--category", "user_code"] if by_name[name]["suggestion"]["needs_choice"] else []
        tool("rules", "accept", name, "--rules", "mine.json", "--from", "suggestions.json", *choice).page()
    accepted = {expected[run] for run in sample}
    for run in sample:
        verdict = tool("classify", "--rules", "mine.json", runs[run], "--format", "json").document()
        assert verdict["classified"] and expected[run] in {verdict["rule"], *(it["rule"] for it in verdict["other_matches"])}
    for run in good[:4]:
        verdict = tool("classify", "--rules", "mine.json", tmp_path / "good" / run, "--format", "json").document()
        assert not accepted & {verdict.get("rule"), *(it["rule"] for it in verdict["other_matches"])}
