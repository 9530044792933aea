"""Where logs come from: archives, rotated parts, folders of clusters, event logs, commands, collector documents."""
import gzip
import json
import os

import pytest

from subject import ATTEMPT, DATA, RULES

LINE = "TestHeapError: full of rows\n"
JOB = 7


@pytest.fixture
def rules(write):
    return write("rules.json", RULES)


@pytest.fixture
def classify(tool, rules):
    def run(*arguments, **options):
        return tool("classify", "--rules", rules, "--format", "json", *arguments, **options).document()
    return run


def collector(*sources):
    return {"schema": "jobmedic.collector/1", "sources": list(sources)}


def event_log(failure):
    reason = f"Job aborted due to stage failure: Task 0 in stage 9.0 failed 4 times: {failure}"
    return "".join(json.dumps(event) + "\n" for event in (
        {"Event": "SparkListenerLogStart", "Spark Version": "3.5.5"},
        {"Event": "SparkListenerEnvironmentUpdate", "Spark Properties": {"spark.executor.memory": "512m"}},
        {"Event": "SparkListenerJobStart", "Job ID": JOB, "Stage IDs": [9]},
        {"Event": "SparkListenerTaskEnd", "Stage ID": 9, "Task End Reason": {"Reason": "Success"},
         "Task Info": {"Index": 1}, "Task Metrics": {"JVM GC Time": 1500, "Input Metrics": {"Bytes Read": 1000}}},
        {"Event": "SparkListenerJobEnd", "Job ID": JOB,
         "Job Result": {"Result": "JobFailed", "Exception": {"Message": reason, "Stack Trace": []}}}))


def test_the_parts_of_a_rotated_log_are_one_log_oldest_first(classify, write):
    write("logs/driver.stderr.2.gz", gzip.compress(b"one\ntwo\n"))
    write("logs/driver.stderr.1", "three\n")
    write("logs/driver.stderr", LINE)
    for arguments in (["logs"], ["logs/driver.stderr", "logs/driver.stderr.1", "logs/driver.stderr.2.gz"]):
        document = classify(*arguments)
        assert document["logs"] == ["driver.stderr"]
        assert document["evidence"]["line"] == 4


def test_compressed_bytes_are_read_whatever_their_name_also_from_standard_input(classify, write):
    write("driver.stderr", gzip.compress(LINE.encode()) + gzip.compress(b"more\n"))
    assert classify("driver.stderr")["log_bytes"] == len(LINE) + 5
    assert classify("driver.stderr=-", stdin=gzip.compress(LINE.encode()))["classified"] is True


def test_a_truncated_archive_is_read_as_far_as_it_goes_and_the_verdict_says_so(classify, tool, write):
    lines = "".join(f"line {number * 7919}\n" for number in range(20000))
    write("driver.stderr.gz", gzip.compress((LINE + lines).encode())[:20000])
    document = classify("driver.stderr.gz")
    assert document["classified"] is True
    source, = document["sources"]
    assert source["status"] == "damaged" and source["bytes"] > 10000 and source["logs"] == ["driver.stderr"]
    assert source["error"].startswith("driver.stderr.gz: the gzip stream is truncated (after ")
    page = tool("classify", "--rules", "rules.json", "driver.stderr.gz").page()
    assert "damaged" in page and "the gzip stream is truncated" in page


def test_sparks_work_directory_is_one_log_a_process_and_stream(classify, write):
    for name in ("app-20261121031200-0001/0/stdout", "app-20261121031200-0001/0/stderr",
                 "driver-20261121031155-0000/stderr"):
        write(f"work/{name}", LINE)
    assert classify("work")["logs"] == ["driver.stderr", "executor-0.stderr", "executor-0.stdout"]


def test_an_event_log_says_why_its_job_failed(classify, write):
    write("local-1763694720000", event_log("TestHeapError: full of rows"))
    document = classify("local-1763694720000")
    assert (document["rule"], document["evidence"]["log"]) == ("TestHeap", "driver.eventlog")


def test_the_cause_that_only_the_third_source_has_is_found_and_what_failed_is_reported(tool, classify, write):
    write("scheduler.log", "the job failed, look elsewhere\n")
    write("attempt.json", {**ATTEMPT, "labels": {"id": "application_1"}})
    write("collector.json", collector(
        {"name": "scheduler", "kind": "file", "path": "scheduler.log"},
        {"name": "pod", "kind": "command", "command": ["sh", "-c", "echo 'Error: no such pod' >&2; exit 1"]},
        {"name": "yarn", "kind": "command", "command": ["printf", "%s %s\\n", "TestHeapError: in", "{id}"]}))
    document = classify("--collector", "collector.json", "--attempt", "attempt.json")
    assert document["evidence"]["log"] == "yarn.log"
    assert document["evidence"]["text"] == "TestHeapError: in application_1"
    assert [source["status"] for source in document["sources"]] == ["read", "failed", "read"]
    assert document["sources"][1]["error"] == "sh exited with 1: Error: no such pod"
    page = tool("classify", "--rules", "rules.json", "--collector", "collector.json", "--attempt", "attempt.json").page()
    assert "not read" in page and "pod: sh exited with 1: Error: no such pod" in page


def test_a_value_of_the_attempt_becomes_no_option(tool, write):
    write("attempt.json", {**ATTEMPT, "labels": {"id": "--help"}})
    write("collector.json", collector({"name": "yarn", "command": ["printf", "{id}"]}))
    problem = tool("classify", "--collector", "collector.json", "--attempt", "attempt.json").failure()
    assert problem == 'yarn: "--help" begins with \'-\': the command would take it for an option'


def test_a_limit_reads_the_newest_bytes_and_the_page_says_so(tool, classify, write):
    write("driver.stderr", LINE + "x" * 5000 + "\n" + "TestHeapError: newest\n")
    write("collector.json", collector({"name": "driver", "path": "driver.stderr", "limit_bytes": 100}))
    document = classify("--collector", "collector.json")
    assert document["evidence"]["text"] == "TestHeapError: newest"
    assert document["sources"][0]["status"] == "capped"
    page = tool("classify", "--rules", "rules.json", "--collector", "collector.json").page()
    assert "capped" in page


def test_it_fails_where_no_source_or_a_required_one_could_not_be_read(tool, write):
    sources = [{"name": "a", "path": "no.log"}, {"name": "b", "command": ["no-such-program"]}]
    write("none.json", collector(*sources))
    assert tool("classify", "--collector", "none.json").failure().startswith(
        "none of 2 sources could be read: a: no.log: No such file or directory; b: no-such-program: No such file")
    write("here.log", "fine\n")
    write("required.json", collector({**sources[0], "required": True}, {"name": "c", "path": "here.log"}))
    assert tool("classify", "--collector", "required.json").failure() == \
        'source "a" is required: no.log: No such file or directory'


def test_a_bad_collector_document_is_refused_with_file_and_place(tool, write):
    write("collector.json", collector({"name": "a", "kind": "folder", "path": "x"}))
    assert tool("classify", "--collector", "collector.json").failure().startswith(
        'collector.json: /sources/0/kind: expected "file", "glob"')


def test_remediate_takes_what_an_event_log_tells_about_the_run(tool, write, rules, store):
    write("events", event_log("TestHeapError: full of rows"))
    attempt = {key: value for key, value in ATTEMPT.items() if key not in ("config", "metrics")}
    write("attempt.json", {**attempt, "run": "another"})
    write("collector.json", collector({"name": "events", "kind": "event_log", "path": "events"}))
    answer = tool("remediate", "--store", store, "--rules", rules, "--attempt", "attempt.json", "--collector",
                  "collector.json", "--format", "json").document()
    assert answer["classification"]["rule"] == "TestHeap"
    patch = {step["path"]: step["value"] for step in answer["recommendation"]["patch"]}
    assert patch["/spark.executor.memory"] not in ("512m", "")


@pytest.mark.skipif(not (DATA / "spark-event-logs").exists(), reason="no spark-event-logs")
def test_real_event_logs_of_runs_that_went_well_get_no_verdict(tool):
    for name in ("dataset_eventlog", "eventlog_minimal_events", "eventlog_dsv1.zstd", "rapids_join_eventlog.zstd"):
        document = tool("classify", "--format", "json", os.path.join(DATA, "spark-event-logs", name)).document()
        assert document["classified"] is False, name
        assert document["sources"][0]["status"] == "read"
