"""metrics: what a store knows, read by a parser of Prometheus' own project."""
import shutil
import subprocess

import pytest

from subject import ATTEMPT, RULES

parser = pytest.importorskip("prometheus_client.parser", reason="needs Debian's python3-prometheus-client")


@pytest.fixture
def lived_in(tool, write, store):
    """A store with a failure, a patch, an outcome, a hostile rule and a kill switch."""
    write("attempt.json", ATTEMPT)
    write("driver.stderr", "TestHeapError: full\n")
    write("rules.json", RULES)
    tool("remediate", "--store", store, "--attempt", "attempt.json", "--log", "driver.stderr", "--rules", "rules.json").page()
    tool("outcome", "record", "--store", store, "--job", ATTEMPT["job"], "--run", ATTEMPT["run"], "--attempt", "2",
         "--succeeded").page()
    write("hostile.json", {**ATTEMPT, "job": "h", "outcome": {"succeeded": False, "rule": 'x"} 1\n# TYPE', "category": "\\"}})
    tool("record", "--store", store, "--attempt", "hostile.json").page()
    tool("config", "stop", "--store", store).page()
    return store


def families(text):
    return {family.name: family for family in parser.text_string_to_metric_families(text)}


def samples(family):
    return {tuple(sorted(sample.labels.items())): sample.value for sample in family.samples}


def test_the_parser_reads_what_the_store_knows(tool, lived_in):
    read = families(tool("metrics", "--store", lived_in, "--rules", "rules.json").page())
    assert all(family.documentation and family.type == "gauge" for family in read.values())
    assert samples(read["jobmedic_store_attempts"])[(("outcome", "succeeded"),)] == 1
    assert samples(read["jobmedic_store_attempts"])[(("outcome", "failed"),)] == 2
    by_rule = samples(read["jobmedic_store_failures"])
    assert by_rule[(("category", "other"), ("rule", "other"))] == 1
    assert sum(by_rule.values()) == 2
    answers = samples(read["jobmedic_store_remediations"])
    assert [dict(labels)["decision"] for labels in answers] == ["retry_with_patch"]
    assert dict(next(iter(answers)))["rule"] == "TestHeap"
    assert samples(read["jobmedic_store_patches"])[(("state", "in_force"),)] == 1
    assert samples(read["jobmedic_store_automation_stopped"])[()] == 1


def test_the_text_file_is_written_whole_and_everyone_may_read_it(tool, lived_in, tmp_path):
    (tmp_path / "jobmedic.prom").write_text("old")
    assert tool("metrics", "--store", lived_in, "--rules", "rules.json", "--textfile", "jobmedic.prom").page() == ""
    assert (tmp_path / "jobmedic.prom").read_text() == tool("metrics", "--store", lived_in, "--rules", "rules.json").page()
    assert (tmp_path / "jobmedic.prom").stat().st_mode & 0o777 == 0o644
    assert [p.name for p in tmp_path.glob("jobmedic.prom*")] == ["jobmedic.prom"]
    assert "nowhere" in tool("metrics", "--store", lived_in, "--textfile", "nowhere/x.prom").failure()


def test_a_store_that_is_not_there_is_not_made(tool, tmp_path):
    assert "nowhere.db" in tool("metrics", "--store", "sqlite:nowhere.db").failure()
    assert not (tmp_path / "nowhere.db").exists()


@pytest.mark.skipif(shutil.which("promtool") is None, reason="needs promtool, of Debian's prometheus")
def test_promtool_has_nothing_to_say(tool, lived_in):
    text = tool("metrics", "--store", lived_in, "--rules", "rules.json").page()
    done = subprocess.run(["promtool", "check", "metrics"], input=text.encode(), capture_output=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
