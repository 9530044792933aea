"""jobmedic forecast: curate, watch, and what needs no training."""
import json
import subprocess
import sys

import pytest

from subject import DATA, TOOL

RAW = ("row_id,source,seen,device_type,sdk_version,app_budget_mb,hdr_flag\n"
       "1,field,2024-01-01,DT01,6.2,36,True\n2,field,2024-01-02,dt01,6.2.0,36,\n3,field,2024-01-02, DT01,6.2,48,True\n"
       "4,qa,2024-01-03,DT01,6.2,9999,TEST\n")


def test_curate_settles_a_lake_and_tells_how(tool, write, tmp_path):
    write("raw.csv", RAW)
    report = tool("forecast", "curate", "--raw", "raw.csv", "--output", "devices.csv", "--format", "json").document()
    assert (tmp_path / "devices.csv").read_text() == "device_type,sdk_version,app_budget_mb,hdr_flag\nDT01,6.2,36,True\n"
    assert report["rows"] == {"read": 4, "without_key": 0, "not_wanted": 0, "duplicates": 0, "test_rows": 1, "counted": 3,
                              "device_types_normalised": 2, "sdk_versions_normalised": 1}
    page = tool("forecast", "curate", "--raw", "raw.csv").page()
    assert page.startswith("1 devices from 4 rows.\n")


def test_curate_lists_each_difference_from_the_truth(tool, write):
    write("raw.csv", RAW)
    write("truth.csv", "device_type,sdk_version,app_budget_mb,hdr_flag\nDT01,6.2,48,True\n")
    page = tool("forecast", "curate", "--raw", "raw.csv", "--truth", "truth.csv").page()
    assert "Against the truth: 1 of 2 characteristics (50 %)." in page
    assert 'DT01 6.2, app_budget_mb: "36", in truth "48"' in page


def test_a_policy_or_lake_that_is_none_is_refused_with_its_place(tool, write):
    write("raw.csv", "a,b\n1,2\n")
    write("policy.json", {"schema": "jobmedic.curation/1", "ignored": [], "placeholders": [], "missing": {"x": ["guess"]}})
    assert 'raw.csv: it has no column "device_type"' in tool("forecast", "curate", "--raw", "raw.csv").failure()
    assert "/missing/x/0" in tool("forecast", "curate", "--raw", "raw.csv", "--policy", "policy.json").failure()


@pytest.mark.skipif(not (DATA / "oom-kills").exists(), reason="no oom-kills in JOBMEDIC_TEST_DATA")
def test_of_the_recorded_lake_all_but_two_per_cent_are_recovered(tool):
    lake = DATA / "oom-kills"
    report = tool("forecast", "curate", "--raw", lake / "device_characteristics_raw.csv", "--secondary",
                  lake / "device_buffers_secondary.csv", "--truth", lake / "device_characteristics_truth.csv", "--keys",
                  lake / "sessions.csv", "--format", "json").document()
    assert report["truth"]["share"] >= 0.98


def test_watch_needs_something_to_watch(tool):
    assert "--pid PID or --cgroup FOLDER" in tool("forecast", "watch").failure()
    assert "there is no such process" in tool("forecast", "watch", "--pid", 2**22 - 1).failure()


# Grows by a MiB at a time until it is told to stop, under a limit of its address space.
LEAK = """
import resource, signal, sys, time
limit = 200 << 20
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
freed = []
signal.signal(signal.SIGUSR1, lambda *_: (cache.clear(), freed.append(1)))
cache = []
print("ready", flush=True)
try:
    while not freed:
        cache.append(bytearray(1 << 20))
        time.sleep(0.05)
    sys.exit(0)
except MemoryError:
    sys.exit(9)
"""


def test_watch_warns_runs_the_callback_and_ends_with_the_process(tmp_path):
    with subprocess.Popen([sys.executable, "-c", LEAK], stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        watch = subprocess.run([TOOL, "forecast", "watch", "--pid", str(process.pid), "--every", "0.1", "--speed", "60",
                                "--exec", "kill -USR1 $JOBMEDIC_PID; echo level $JOBMEDIC_LEVEL", "--format", "json"],
                               capture_output=True, timeout=60, cwd=tmp_path)
        assert process.wait(60) == 0, "it was warned before its limit"
    assert watch.returncode == 3, watch.stderr
    lines = watch.stdout.decode().splitlines()
    warning = json.loads(lines[0])
    assert warning["schema"] == "jobmedic.forecast_warning/1"
    assert 1 <= warning["level"] <= 4 and warning["limit_bytes"] == 200 << 20
    assert warning["reasons"]
    assert f"level {warning['level']}" in lines[1:]


def test_watch_is_silent_about_a_process_that_only_sleeps(tmp_path):
    with subprocess.Popen([sys.executable, "-c", "import time; print('ready', flush=True); time.sleep(2)"],
                          stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        watch = subprocess.run([TOOL, "forecast", "watch", "--pid", str(process.pid), "--every", "0.1"],
                               capture_output=True, timeout=60, cwd=tmp_path)
    assert watch.returncode == 0
    assert watch.stdout == b""
