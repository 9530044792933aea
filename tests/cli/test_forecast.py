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


@pytest.mark.parametrize("row, problem", [
    ("1,DT01,6.0,x,0,", 'traces.csv:2: column "t_s": expected a number, found "x"'),
    ("1,DT01,6.0,0,1", "traces.csv:2: 5 fields, where the header has 6"),
    ("1,DT01,6.0,0,1,", "traces.csv:2: the session was killed, but kill_t_s does not say when")])
def test_readings_that_are_none_are_refused_with_their_line(tool, write, row, problem):
    write("traces.csv", f"session_id,device_type,sdk_version,t_s,killed,kill_t_s\n{row}\n")
    write("devices.csv", "device_type,sdk_version,app_budget_mb\nDT01,6.0,100\n")
    assert problem in tool("forecast", "train", "--traces", "traces.csv", "--devices", "devices.csv", "--output", "m").failure()


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


@pytest.fixture
def recorded(write):
    """40 sessions, of which every fourth leaks into nine tenths of its budget and is killed there."""
    rows = ["session_id,device_type,sdk_version,t_s,cg_usage_kb,cg_cache_kb,pss_anon_kb,cg_failcnt,killed,kill_t_s"]
    sessions = ["session_id,has_neighbour"]
    for s in range(40):
        leaks = s % 4 == 0
        slope = 900 + 37 * (s % 7) if leaks else 0
        usage = [min(30000 + 500 * (s % 9) + slope * i + 300 * (i * s % 5), 92160) for i in range(100)]
        end = usage.index(92160) + 1 if leaks and 92160 in usage else 100
        killed = end < 100
        for i in range(end):
            own = usage[i] // 2 if s % 8 == 0 else usage[i] - 5000
            rows.append(f"{s},DT01,6.0,{15 * i},{usage[i]},0,{own},{int(usage[i] == 92160)},{int(killed)},"
                        f"{15 * end if killed else ''}")
        sessions.append(f"{s},{int(s % 8 == 0)}")
    write("traces.csv", "\n".join(rows) + "\n")
    write("sessions.csv", "\n".join(sessions) + "\n")
    write("devices.csv", "device_type,sdk_version,app_budget_mb\nDT01,6.0,100\n")
    return ["--traces", "traces.csv", "--devices", "devices.csv", "--budget", "0.05"]


def test_train_writes_an_audited_model_that_watch_takes(tool, recorded, tmp_path):
    answer = tool("forecast", "train", *recorded, "--output", "model.safetensors", "--force", "--format", "json")
    report = answer.document()
    assert (report["sessions"], report["kills"]) == (40, 10)
    assert {audit["name"] for audit in report["audits"]} == {"better_than_working_set", "calibration", "alert_budget", "latency",
                                                             "edge_inputs"}
    model = (tmp_path / "model.safetensors").read_bytes()
    tool("forecast", "train", *recorded, "--output", "again.safetensors", "--force")
    assert (tmp_path / "again.safetensors").read_bytes() == model
    assert "no such process" in tool("forecast", "watch", "--model", "model.safetensors", "--pid", 2**22 - 1).failure()


def test_evaluate_stands_beside_what_needs_no_model_and_random(tool, recorded, tmp_path):
    document = tool("forecast", "evaluate", *recorded, "--play", 2, "--bootstrap", 20, "--scores", "scores.csv", "--format",
                    "json").document()
    assert list(document["methods"]) == ["model", "working set", "usage", "random"]
    assert document["folds_played"] == 2 and document["sessions"] == 16
    assert list(document["level_agreement"]) == ["model", "always 4"]
    for of in document["level_agreement"].values():
        assert 0 <= of["caught"]["mean_absolute_error"] <= 3 and -1 <= of["all"]["kappa"] <= 1
    assert (tmp_path / "scores.csv").read_text().startswith("method,fold,session_id,reading,level,score,alert\nmodel,0,")


def test_analyse_tells_when_kills_peak_and_whose_demand_they_were(tool, recorded):
    arguments = ["forecast", "analyse", *recorded, "--sessions", "sessions.csv", "--play", 5]
    document = tool(*arguments, "--format", "json").document()
    assert document["schema"] == "jobmedic.forecast_analysis/1" and document["kills"] == 10
    (kind,) = document["device_types"]
    assert sum(kind["kills_by_tenth"]) == 10 and kind["peak_s"] > 0
    matrix = document["confusion"]["sessions"]
    assert matrix["true_positive"] + matrix["false_negative"] == 10
    assert matrix["false_positive"] + matrix["true_negative"] == 30
    assert document["outside"]["agreement"]["alone_told_outside"] == 0
    page = tool(*arguments).page()
    assert page.startswith("10 of 40 sessions were killed.\n")
