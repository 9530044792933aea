"""examples/java: a scheduler over Spark's own SparkLauncher, run for real."""
import re
import subprocess

import pytest

from java_package import java_environment
from scheduler import JOBS, LINKED, PLATFORM
from tool import ROOT, jobmedic

MAIN = "io.jobmedic.examples.SubmitAndHeal"


@pytest.fixture(scope="module")
def submit(spark, java, tmp_path_factory):
    """Runs a job until the scheduler gives up or it succeeds: exit code and what it printed."""
    program = java.compiled("scheduler", (ROOT / "examples/java/src/main/java").rglob("*.java"))
    folder = tmp_path_factory.mktemp("scheduler")
    home = folder / "home"
    for name in LINKED:
        home.mkdir(exist_ok=True)
        (home / name).symlink_to(spark.home / name)
    defaults = {"spark.master": "local-cluster[1,1,16384]", **PLATFORM}
    (home / "conf").mkdir()
    (home / "conf/spark-defaults.conf").write_text("".join(f"{name} {value}\n" for name, value in defaults.items()))

    def run(job, run, application, *config):
        command = ["java", "-cp", f"{program}:{java.class_path}", MAIN, store, folder / "logs", job, run, JOBS / application, *config]
        done = subprocess.run(list(map(str, command)), env=java_environment(spark, home), stdout=subprocess.PIPE, text=True,
                              timeout=900)
        print(done.stdout)
        return done.returncode, done.stdout.splitlines()

    store = run.store = f"sqlite:{folder}/jobmedic.db"
    return run


def test_a_job_that_dies_of_memory_is_resubmitted_with_more_and_its_outcome_recorded(submit, tmp_path):
    code, tries = submit("heap", "monday", "collect_list.py", "spark.executor.memory=512m")
    assert code == 0
    assert "ExecutorHeapOutOfMemory" in tries[0] and tries[-1].endswith("succeeded") and 2 <= len(tries) <= 4
    memory = [re.search('"spark.executor.memory":"([^"]*)"', each).group(1) for each in tries]
    assert memory[0] == "512m" and memory[-1] != "512m"
    kept = jobmedic("config", "list", "--store", submit.store)
    assert len(kept["patches"]) >= 1
    code, tuesday = submit("heap", "tuesday", "collect_list.py", "spark.executor.memory=512m")
    assert code == 0 and len(tuesday) == 1  # the patch was kept, so the first try of the next day has it
    assert f'"spark.executor.memory":"{memory[-1]}"' in tuesday[0]


def test_a_job_with_a_bug_is_given_up_at_once(submit):
    code, tries = submit("bug", "monday", "misspelt_column.py")
    assert code == 1 and len(tries) == 1
