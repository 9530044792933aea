"""A scheduler that knows nothing of Spark's failures: it submits, and asks jobmedic what to do."""
import dataclasses
import datetime
import json
import os
import subprocess
import time

from tool import ROOT, jobmedic

JOBS = ROOT / "tests/live/jobs"
# One short-lived JVM beside another on two cores: compiling well and collecting in parallel only cost time.
JVM_OPTIONS = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"
PLATFORM = {"spark.ui.enabled": "false", "spark.task.maxFailures": "1",
            "spark.driver.extraJavaOptions": JVM_OPTIONS, "spark.executor.extraJavaOptions": JVM_OPTIONS}
LINKED = ("bin", "jars", "python", "sbin")


@dataclasses.dataclass(frozen=True)
class Job:
    name: str
    program: str
    config: dict
    arguments: tuple = ()


@dataclasses.dataclass
class Try:
    attempt: dict             # jobmedic.attempt/1, as submitted and as it ended
    remediation: dict = None  # jobmedic.remediation/1; None: it succeeded

    @property
    def succeeded(self):
        return self.attempt["outcome"]["succeeded"]

    @property
    def config(self):
        return self.attempt["config"]

    @property
    def seconds(self):
        return self.attempt["duration_s"]


class Scheduler:
    usd_per_s = 0.01 / 3600

    def __init__(self, spark, folder, options=()):
        self.spark = spark
        self.folder = folder
        self.options = options  # of jobmedic remediate
        self.store = f"sqlite:{folder}/jobmedic.db"
        jobmedic("history", "import", "-", "--store", self.store)  # an empty one

    def run(self, job, run):
        """Its tries, until one succeeds or jobmedic says that another is not worth it."""
        tries = []
        while not tries or tries[-1].remediation and tries[-1].remediation["retry"]["restart"]:
            tries.append(self.attempt(job, run, len(tries) + 1))
        return tries

    def attempt(self, job, run, number):
        folder = self.folder / f"{job.name}-{run}-{number}"
        folder.mkdir()
        attempt = {"schema": "jobmedic.attempt/1", "job": job.name, "run": run, "attempt": number, "engine": "spark",
                   "config": job.config}
        attempt["config"] = self.ask(["config", "get"], folder, attempt)["config"]
        attempt["started_at"] = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        started = time.monotonic()
        exit_code = self.submit(job, attempt, folder)
        seconds = time.monotonic() - started
        attempt["duration_s"] = round(seconds, 3)
        attempt["outcome"] = {"succeeded": exit_code == 0, "exit_code": exit_code, "cost_usd": seconds * self.usd_per_s}
        if exit_code == 0:
            jobmedic("outcome", "record", "-", "--store", self.store, stdin=json.dumps(attempt))
            return Try(attempt)
        logs = (word for log in self.logs(folder) for word in ("--log", log))
        return Try(attempt, self.ask(["remediate", *self.options, *logs], folder, attempt))

    def ask(self, command, folder, attempt):
        path = folder / "attempt.json"
        path.write_text(json.dumps(attempt))
        return jobmedic(*command, "--store", self.store, "--attempt", path)

    def logs(self, folder):
        return [f"driver.stdout={folder}/driver.stdout", f"driver.stderr={folder}/driver.stderr", folder / "home/work",
                *(folder / "events").iterdir()]

    def submit(self, job, attempt, folder):
        """The exit code of an application with a driver and an executor of its own."""
        (folder / "events").mkdir()
        config = {"spark.master": "local-cluster[1,1,16384]", "spark.eventLog.enabled": "true",
                  "spark.eventLog.dir": f"file://{folder}/events", **attempt["config"]}
        with open(folder / "driver.stdout", "wb") as out, open(folder / "driver.stderr", "wb") as err:
            command = [self.home(folder) / "bin/spark-submit", *options(config), JOBS / job.program, *map(str, job.arguments)]
            environment = self.environment(folder / "home")
            return subprocess.run(command, env=environment, stdout=out, stderr=err, timeout=900).returncode

    def home(self, folder):
        """A home of its own for each application: Spark's worker leaves the executors' logs in the work directory there."""
        home = folder / "home"
        home.mkdir()
        for name in LINKED:
            (home / name).symlink_to(self.spark.home / name)
        return home

    def environment(self, home):
        python = str(self.spark.python)
        return {**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": python,
                "PYSPARK_DRIVER_PYTHON": python}


def options(config):
    """Of spark-submit."""
    return [f"--conf={key}={value}" for key, value in {**PLATFORM, **config}.items()]
