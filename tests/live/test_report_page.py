"""The report's page in a real browser: it fits, loads nothing, runs nothing."""
import json

import pytest

from tool import jobmedic

HOSTILE = ["<script>window.ran = 1</script>", "<img src=x onerror='window.ran = 2'>", "\"><svg onload=window.ran=3>", "</title></style></svg><h1>",
           "\u202egnp.exe", "x" * 10_000, "\U0001f525 \u4e2d\u6587 \u0627\u0644\u0639\u0631\u0628\u064a\u0629", "nul\u0000inside", "javascript:window.ran=4"]


RULES = {"schema": "jobmedic.rules/1", "rules": [{
    "name": "TestCode", "source": "spark", "log": "*", "regex": "TestCodeError: .*", "summary": "A bug.", "category": "user_code",
    "fault": "user", "restartable": False, "advice": "Mend it.", "matches": ["TestCodeError: x"], "ignores": ["TestCode"]}]}


def attempts():
    """Two months of jobs with hostile names, rules and categories; some are healed. Unchanged retries of TestCode fail."""
    for day in range(10):
        for number in (1, 2):
            yield {"schema": "jobmedic.attempt/1", "job": f"code{day}", "run": "r", "attempt": number, "started_at": "2026-09-01T03:00:00Z",
                   "outcome": {"succeeded": False, "cost_usd": 1, "rule": "TestCode", "category": "user_code"}}
    for day in range(60):
        for number, name in enumerate(HOSTILE * 2):
            job = f"{name}{number}"
            base = {"schema": "jobmedic.attempt/1", "job": job, "run": str(day), "config": {"memory": "1g"},
                    "started_at": f"2026-{9 + day // 30:02}-{1 + day % 30:02}T03:00:00Z"}
            yield {**base, "attempt": 1, "outcome": {"succeeded": False, "cost_usd": 1e6, "rule": name if number % 3 else "",
                                                     "category": ["memory_config", name, ""][number % 3]}}
            yield {**base, "attempt": 2, "outcome": {"succeeded": day % 2 == 0, "cost_usd": 0.0001}}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    store = f"sqlite:{folder / 'jobmedic.db'}"
    (folder / "history.jsonl").write_text("\n".join(map(json.dumps, attempts())), encoding="utf-8")
    jobmedic("history", "import", folder / "history.jsonl", "--store", store)
    (folder / "rules.json").write_text(json.dumps(RULES))
    (folder / "failed.json").write_text(json.dumps({"schema": "jobmedic.attempt/1", "job": "avoided", "run": "r", "attempt": 1,
                                                    "outcome": {"succeeded": False, "cost_usd": 123456.789}}))
    jobmedic("remediate", "--store", store, "--attempt", folder / "failed.json", "--rules", folder / "rules.json",
             "--log", "driver.stderr=-", stdin="TestCodeError: x\n")
    jobmedic("config", "stop", "--store", store, "--by", HOSTILE[0], "--reason", HOSTILE[1])
    jobmedic("report", "--store", store, "--html", folder / "report.html", "--title", HOSTILE[3] + " report")
    return folder / "report.html"


@pytest.mark.parametrize("width", [360, 600, 740, 961, 1280])
def test_it_fits_shows_hostile_names_as_text_and_asks_for_nothing(browser, page, width):
    seen = browser.look(page, width)
    assert (seen["width"], seen["needs"], seen["wide"]) == (width, width, [])
    assert seen["ran"] == "undefined" and seen["scripts"] == 0
    assert seen["title"] == HOSTILE[3] + " report"
    for words in (HOSTILE[0], HOSTILE[1], HOSTILE[2], HOSTILE[8], "\ufffdgnp.exe", "nul inside", "The kill switch is on.",
                  "$370,370"):  # three unchanged retries of the one that was avoided
        assert words in seen["text"]
    assert seen["console"] == []
    assert sorted(set(seen["asked"])) == ["/page.html", "/probe.html"]


def test_an_empty_store_gives_a_page_that_fits_a_phone(browser, tmp_path):
    store = f"sqlite:{tmp_path / 'jobmedic.db'}"
    (tmp_path / "history.jsonl").write_text('{"schema": "jobmedic.attempt/1", "job": "j", "run": "r", "attempt": 1}\n')
    jobmedic("history", "import", tmp_path / "history.jsonl", "--store", store)
    jobmedic("report", "--store", store, "--html", tmp_path / "report.html")
    seen = browser.look(tmp_path / "report.html", 360)
    assert seen["needs"] == 360 and "Nothing to report yet" in seen["text"]


def test_it_prints(browser, page):
    printed = browser.print(page)
    assert printed.startswith(b"%PDF") and printed.rstrip().endswith(b"%%EOF")
    assert 2 <= printed.count(b"/Type /Page\n") <= 12
