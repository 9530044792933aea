"""report: what the history says, as a page, as JSON, and in short."""
import html.parser
import json
import os
import pty
import subprocess

import pytest

from subject import ATTEMPT, RULES, TOOL

HOSTILE = ["<script>document.title='ran'</script>", "\"' onmouseover='x", "</title></style><b>", "\u202egnp.exe", "long" * 2500,
           "\U0001f525 \u4e2d\u6587", "nul\u0000inside", "{{title}}{{#x}}"]


def attempt(job, number=1, succeeded=False, **members):
    outcome = {"succeeded": succeeded, "cost_usd": 2, **({} if succeeded else {"rule": "Heap", "category": "memory_config"})}
    return {**ATTEMPT, "job": job, "attempt": number, "started_at": "2026-11-21T03:00:00Z", "outcome": outcome, **members}


@pytest.fixture
def filled(tool, write):
    """filled(attempts): the URL of a store with them."""
    def fill(attempts):
        write("report.jsonl", "\n".join(map(json.dumps, attempts)))
        tool("history", "import", "report.jsonl", "--store", "sqlite:report.db").page()
        return "sqlite:report.db"
    return fill


class Page(html.parser.HTMLParser):
    """The elements of a page, and its text."""
    def __init__(self, text):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)

    def handle_data(self, data):
        self.text += data


def test_the_page_is_written_and_its_figures_told_in_short(tool, filled, tmp_path):
    store = filled([attempt("a"), attempt("a", 2, succeeded=True), attempt("b")])
    page = tool("report", "--store", store, "--html", "report.html", "--title", "Our nights").page()
    for words in ("3 tries of 2 jobs, 2026-11-21 to 2026-11-21", "at the first retry 1 of 2 (too few to tell)",
                  "no run can be priced yet", "Written to report.html"):
        assert words in page
    written = Page((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert "Our nights" in written.text and "sqlite:report.db" in written.text
    assert "script" not in written.tags


def test_the_document_has_the_same_figures(tool, filled):
    store = filled([attempt("a"), attempt("a", 2, succeeded=True), attempt("b")])
    document = tool("report", "--store", store, "--format", "json").document()
    assert document["schema"] == "jobmedic.report/1"
    assert document["healing"]["at_first"]["hits"] == 1
    assert document["healing"]["at_first"]["of"] == 2
    assert document["categories"][0]["trend"] == [2]
    assert [row["retries"] for row in document["savings"]["rows"]] == [1, 2, 3]


def test_what_remediate_advised_and_record_saw_is_in_it(tool, filled, write):
    store = filled([attempt("other")])
    write("rules.json", RULES)
    write("driver.stderr", "TestHeapError: full\n")
    write("failed.json", attempt("nightly"))
    answer = tool("remediate", "--store", store, "--attempt", "failed.json", "--rules", "rules.json", "--log", "driver.stderr",
                  "--format", "json").document()
    assert answer["recommendation"]["decision"] == "retry_with_patch"
    write("next.json", {**attempt("nightly", 2), "outcome": None})
    config = tool("config", "get", "--store", store, "--attempt", "next.json", "--format", "json").document()["config"]
    write("retry.json", attempt("nightly", 2, succeeded=True, config=config))
    tool("record", "--store", store, "--attempt", "retry.json").page()
    document = tool("report", "--store", store, "--format", "json").document()
    assert document["healing"]["at_first_patched"]["hits"] == 1
    assert document["automation"]["decisions"] == {"retry_with_patch": 1}
    assert document["automation"]["patches_in_force"] == 1
    assert document["savings"]["without_estimate"] == 1, "the fallback policy predicts nothing"


@pytest.mark.parametrize("arguments, attempts", [
    (["--since", "2026-11-21"], 1), (["--until", "2026-11-21"], 1), (["--since", "2026-11-20", "--until", "2026-11-21"], 1),
    (["--since", "2026-11-20T12:00:00+02:00"], 2), (["--until", "2026-11-21T04:00:00Z", "--days", "30"], 2)])
def test_a_period_is_a_day_or_a_time(tool, filled, arguments, attempts):
    store = filled([attempt("a"), attempt("b", started_at="2026-11-20T23:00:00Z")])
    assert tool("report", "--store", store, *arguments, "--format", "json").document()["attempts"] == attempts


@pytest.mark.parametrize("arguments, problem", [
    (["--since", "monday"], '--since: "monday" is no time: 2026-11-01, or 2026-11-01T06:00:00Z'),
    (["--since", "2026-11-21", "--until", "2026-11-20"],
     "the period is empty: it is from 2026-11-21T00:00:00Z to before 2026-11-20T00:00:00Z")])
def test_what_is_no_period_is_told(tool, filled, arguments, problem):
    assert tool("report", "--store", filled([attempt("a")]), *arguments).failure() == problem


@pytest.mark.parametrize("arguments", [["--top", "0"], ["--retries", "21"], ["--days", "0"], ["--days", "3", "--since", "2026-11-01"]])
def test_what_makes_no_sense_is_wrong_usage(tool, filled, arguments):
    assert arguments[0] in tool("report", "--store", filled([attempt("a")]), *arguments).failure(code=2)


def test_a_mistyped_store_is_not_taken_for_an_empty_one(tool):
    assert "nowhere.db" in tool("report", "--store", "sqlite:nowhere.db").failure()


def test_an_empty_store_gives_a_page_that_says_what_to_do(tool, filled, write, tmp_path):
    store = filled([{**attempt("a"), "outcome": None}])
    assert "jobmedic history import" in tool("report", "--store", store, "--html", "report.html").page()
    assert "jobmedic history import attempts.jsonl" in Page((tmp_path / "report.html").read_text()).text
    assert tool("report", "--store", store, "--format", "json").document()["attempts"] == 0


def test_hostile_names_are_text(tool, filled, tmp_path):
    store = filled([attempt(name) for name in HOSTILE])
    assert set(HOSTILE) == {job["job"] for job in tool("report", "--store", store, "--html", "report.html", "--format", "json")
                            .document()["expensive_jobs"]}
    written = (tmp_path / "report.html").read_text(encoding="utf-8")
    page = Page(written)
    assert "script" not in page.tags and "b" not in page.tags
    for name in (HOSTILE[0], HOSTILE[1], HOSTILE[2], HOSTILE[5], HOSTILE[7], "nul inside", "\ufffdgnp.exe", "longlong"):
        assert name in page.text
    assert "long" * 100 not in page.text and "\u202e" not in written


def test_secrets_stay_masked(tool, filled, tmp_path):
    store = filled([attempt("a")])
    tool("config", "stop", "--store", store, "--by", "ana", "--reason", "password=hunter2 leaked").page()
    shown = tool("report", "--store", store, "--html", "report.html", "--format", "json").out
    assert "hunter2" not in shown and "hunter2" not in (tmp_path / "report.html").read_text()
    assert "leaked" in shown


def test_a_bar_shows_progress_on_a_terminal_only(tool, filled, tmp_path):
    store = filled([attempt("a")])
    assert tool("report", "--store", store).err == ""
    try:
        master, terminal = pty.openpty()
    except OSError as error:  # a chroot or container without /dev/pts
        pytest.skip(f"no pseudo-terminal to be had: {error}")
    subprocess.run([TOOL, "report", "--store", store], cwd=tmp_path, stderr=terminal, stdout=subprocess.DEVNULL, check=True)
    os.close(terminal)
    assert b"%" in os.read(master, 10_000)
    os.close(master)


def test_help_teaches_how_it_counts(tool):
    page = tool("report", "--help").page()
    for words in ("c * (p + p^2 + ...)", "jobmedic report --store sqlite:jobmedic.db --html report.html", "--days", "--retries"):
        assert words in page
