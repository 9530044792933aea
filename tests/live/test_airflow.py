"""examples/airflow/sessions.py in a real Airflow with real Spark, as examples/airflow/guide.md says."""
import json
import os
import re
import shutil
import sqlite3
import subprocess
import time

import pytest

from airflow_installation import Airflow
from airflow_package import installed_airflow
from conftest import without
from scheduler import JOBS, LINKED, PLATFORM
from spark_package import Missing
from tool import ROOT, jobmedic

LIVE = ROOT / "tests/live"
EXAMPLE = ROOT / "examples/airflow"
MORE = """
from airflow.sdk import DAG, task
from jobmedic.airflow import RemediationPolicy, SparkSubmitOperator

with DAG("more", schedule="@once"):
    SparkSubmitOperator(task_id="bug", application="{{ var.value.jobs }}/misspelt_column.py", retries=3)

    @task(retries=3, retry_policy=RemediationPolicy())
    def typo():
        {}["prize"].upper()

    typo()
"""


def guide_snippets(language):
    return re.findall(rf"```{language}[^\n]*\n(.*?)```", (EXAMPLE / "guide.md").read_text(), flags=re.DOTALL)


@pytest.fixture(scope="module")
def airflow(spark, tmp_path_factory):
    folder = tmp_path_factory.mktemp("airflow")
    try:
        python = installed_airflow(folder / "wheel")
    except Missing as missing:
        without(str(missing))
    for name in LINKED:  # a home of its own: Spark's workers write there
        (folder / "spark").mkdir(exist_ok=True)
        (folder / "spark" / name).symlink_to(spark.home / name)
    (folder / "conf").mkdir()
    (folder / "conf/spark-defaults.conf").write_text("".join(f"{key} {value}\n" for key, value in PLATFORM.items()))
    (folder / "jobs").mkdir()
    shutil.copy(JOBS / "collect_list.py", folder / "jobs/rollup.py")
    shutil.copy(JOBS / "misspelt_column.py", folder / "jobs")
    (folder / "logging").mkdir()
    shutil.copy(LIVE / "airflow_remote_logs.py", folder / "logging")
    environment = {"PATH": f"{python.parent}:{folder}/spark/bin:{os.environ['PATH']}", "SPARK_HOME": f"{folder}/spark",
                   "SPARK_CONF_DIR": str(folder / "conf"), "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": str(spark.python),
                   "PYSPARK_DRIVER_PYTHON": str(spark.python), "AIRFLOW_VAR_JOBS": str(folder / "jobs"),
                   "PYTHONPATH": str(folder / "logging"), "REMOTE_LOGS": str(folder / "remote"),
                   "AIRFLOW__LOGGING__LOGGING_CONFIG_CLASS": "airflow_remote_logs.LOGGING_CONFIG",
                   "AIRFLOW_CONN_SPARK_DEFAULT": '{"conn_type": "spark", "host": "local-cluster[1,1,16384]"}'}
    running = Airflow(python, folder / "home", environment)
    shutil.copy(EXAMPLE / "sessions.py", running.home / "dags")
    (running.home / "dags/more.py").write_text(MORE)
    shutil.copy(LIVE / "airflow_deaths.py", running.home / "dags")
    with running:
        running.ended = running.wait(["sessions", "more", "deaths"])
        wait_until(lambda: running.audit_log("deaths", "last_try_killed"))  # nothing waits for it, not even the scheduler
    return running


def wait_until(done, seconds=300):
    until = time.monotonic() + seconds
    while not done() and time.monotonic() < until:
        time.sleep(0.5)


def test_the_guide_shows_the_dag_that_is_run():
    (shown,) = guide_snippets("python")
    assert shown in (EXAMPLE / "sessions.py").read_text()


def test_a_task_that_dies_of_memory_is_retried_with_a_patch_and_succeeds(airflow):
    assert airflow.ended["sessions", "rollup"] == ("success", 2)
    first, second = airflow.log("sessions", "rollup", 1), airflow.log("sessions", "rollup", 2)
    assert any("jobmedic: An executor ran out of JVM heap" in event and "memory_config" in event for event in first), first
    change = next(event for event in first if event.startswith("jobmedic: the next try runs with "))
    assert "spark.executor.memory 512m -> " in change
    assert any(event.startswith("jobmedic: this try runs with ") and "spark.executor.memory 512m -> " in event for event in second)
    assert any(re.fullmatch(r"jobmedic: patch p-\S+ kept: .*", event) for event in second), second


def test_a_task_with_a_bug_is_failed_at_once_and_the_log_says_why(airflow):
    for task in ("bug", "typo"):
        assert airflow.ended["more", task] == ("failed", 1)
        log = airflow.log("more", task, 1)
        assert any(event.startswith("jobmedic: ") and "(user_code, rule " in event for event in log), log
        assert any(event.startswith("jobmedic: no retry: ") for event in log), log


def attempt(airflow, task, number):
    """Of the DAG "deaths", as the store of jobmedic keeps it."""
    with sqlite3.connect(f"file:{airflow.home}/jobmedic.db?mode=ro", uri=True, timeout=60) as store:
        rows = store.execute("select document from attempts where job = ? and attempt = ?", (f"deaths.{task}", number)).fetchall()
    return json.loads(rows[0][0]) if rows else None


PATCHED = "jobmedic: this try runs with spark.driver.memory 512m -> "


def test_a_task_whose_process_was_killed_is_judged_from_its_remote_log_and_its_next_try_is_patched(airflow):
    assert airflow.ended["deaths", "task_killed"] == ("success", 2)
    assert not list(airflow.home.glob("logs/dag_id=deaths/run_id=*/task_id=task_killed/attempt=1.log"))
    outcome = attempt(airflow, "task_killed", 1)["outcome"]
    assert (outcome["succeeded"], outcome["exit_code"], outcome["category"]) == (False, 137, "memory_config")
    log = airflow.log("deaths", "task_killed", 2)
    assert "jobmedic: of the try before: its process was killed" in log
    assert any(event.startswith(PATCHED) for event in log), log


def test_a_task_whose_worker_died_is_judged_in_the_scheduler_and_its_next_try_is_patched(airflow):
    assert airflow.ended["deaths", "worker_killed"] == ("success", 2)
    assert "(memory_config, rule " in airflow.audit_log("deaths", "worker_killed")[1]
    outcome = attempt(airflow, "worker_killed", 1)["outcome"]
    assert (outcome["succeeded"], outcome["category"]) == (False, "memory_config")
    log = airflow.log("deaths", "worker_killed", 2)
    assert "jobmedic: of the try before: its log ends without a verdict, as where a worker died" in log
    assert any(event.startswith(PATCHED) for event in log), log
    assert int(attempt(airflow, "worker_killed", 2)["config"]["spark.driver.memory"].rstrip("m")) > 512


def test_a_retry_that_airflow_begins_after_a_hopeless_death_ends_the_task_at_once(airflow):
    assert airflow.ended["deaths", "worker_killed_after_a_bug"] == ("failed", 2)  # of retries=3
    assert "jobmedic: no retry: " in airflow.audit_log("deaths", "worker_killed_after_a_bug")[1]
    log = airflow.log("deaths", "worker_killed_after_a_bug", 2)
    assert any("(user_code, rule " in event for event in log), log
    assert attempt(airflow, "worker_killed_after_a_bug", 2) is None  # it was not run


def test_a_last_try_that_was_killed_is_recorded_once_its_run_has_ended(airflow):
    assert airflow.ended["deaths", "last_try_killed"] == ("failed", 1)
    assert "(memory_config, rule " in airflow.audit_log("deaths", "last_try_killed")[1]
    assert attempt(airflow, "last_try_killed", 1)["outcome"]["exit_code"] == 137


def test_the_store_is_that_of_the_tool(airflow):
    listed = jobmedic("config", "list", "--store", f"sqlite:{airflow.home}/jobmedic.db")
    assert any(patch["scope"]["job"] == "sessions.rollup" for patch in listed["patches"]), listed


@pytest.fixture(scope="module")
def operators(airflow):
    """The operators of the providers, without a cluster."""
    connection = {"AIRFLOW_CONN_CLUSTER": '{"conn_type": "spark", "host": "spark://127.0.0.1", "port": 6066, "extra": '
                                          '"{\\"deploy-mode\\": \\"cluster\\"}"}'}
    done = subprocess.run([airflow.program.with_name("python"), ROOT / "tests/live/airflow_operators.py"], text=True,
                          env={**airflow.environment, **connection}, capture_output=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_options_of_spark_submit_are_read_and_patched_where_they_stand(operators):
    seen = operators["submit"]
    assert {"spark.executor.memory": "1g", "spark.executor.cores": "2", "spark.sql.shuffle.partitions": "100"}.items() <= \
        seen["before"].items()
    assert seen["before"]["spark.task.maxFailures"] == "1"  # of spark-defaults.conf
    assert seen["conf"] == {"spark.executor.memoryOverhead": "512m"}
    assert seen["options"] == ["2g", "1"]


def test_a_spark_application_is_patched_in_its_members_and_else_in_its_configuration(operators):
    seen = operators["kubernetes"]
    assert seen["before"] == {"spark.sql.shuffle.partitions": "100", "spark.driver.memory": "512m", "spark.executor.memory": "1g",
                              "spark.executor.cores": "2"}
    assert seen["spec"]["executor"] == {"memory": "2g", "cores": 1}
    assert seen["spec"]["sparkConf"] == {"spark.sql.shuffle.partitions": "400", "spark.executor.memoryOverhead": "512m"}
    assert seen["given"] == {"memory": "1g", "cores": 2}  # the DAG's own stays
    assert seen["running"] is None


def test_a_job_that_still_runs_or_has_succeeded_is_left_alone(operators):
    assert operators["reattaches"] == {"RUNNING": "driver-1", "FINISHED": "driver-1", "FAILED": None}


def test_the_operators_bring_their_policy_and_leave_the_users(operators):
    assert (operators["policy"], operators["kept"], operators["serialized"]) == ("RemediationPolicy", None, "RemediationPolicy")
