"""Jobs whose failures no rule knows (jobs/feeds.json), under a scheduler that always retries three times."""
import json
import random
import shlex
import subprocess

from scheduler import JOBS, Job, Scheduler, options

TABLE = json.loads((JOBS / "feeds.json").read_text())
DEFAULT_RETRIES = 3


class FeedJobs(Scheduler):
    """Its applications share a JVM, one after the other: twenty in the time of one."""

    def __init__(self, spark, folder):
        super().__init__(spark, folder, options=["--no-shipped-rules"])
        self.stderr = folder / "server.stderr"
        arguments = [*options({"spark.master": "local[1]", "spark.driver.memory": "512m"}), "pyspark-shell"]
        environment = {**self.environment(spark.home), "PYSPARK_SUBMIT_ARGS": shlex.join(arguments)}
        with open(self.stderr, "wb") as stderr:
            self.server = subprocess.Popen([spark.python, JOBS.parent / "application_server.py"], env=environment, text=True,
                                           stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr)

    def close(self):
        self.server.stdin.close()
        self.server.wait(60)

    def run_by_default(self, job, run):
        """Three retries whatever jobmedic says, so that it is known what those that it disables would have done."""
        tries = [self.attempt(job, run, 1)]
        while not tries[-1].succeeded and len(tries) <= DEFAULT_RETRIES:
            tries.append(self.attempt(job, run, len(tries) + 1))
        return tries

    def submit(self, job, attempt, folder):
        failure = next(each for each in TABLE["failures"] if job.name.endswith(each["exception"]))
        fate = random.Random(f"{job.name} {attempt['run']} {attempt['attempt']}").random()
        passes = attempt["attempt"] > 1 and fate < failure["passes"]
        said = "" if passes else failure["message"].format(job=job.name.partition("-")[0])
        arguments = [*map(str, job.arguments), "" if passes else failure["exception"], said]
        begin = self.stderr.stat().st_size
        request = {"program": str(JOBS / job.program), "arguments": arguments, "out": f"{folder}/driver.stdout"}
        self.server.stdin.write(json.dumps(request) + "\n")
        self.server.stdin.flush()
        exit_code = int(self.server.stdout.readline())
        (folder / "driver.stderr").write_bytes(self.stderr.read_bytes()[begin:])
        return exit_code

    def logs(self, folder):
        return [folder / "driver.stdout", folder / "driver.stderr"]


def feed_jobs(feeds):
    """Every failure happens to so many feeds."""
    names = [(feed, each["exception"]) for feed in TABLE["jobs"][:feeds] for each in TABLE["failures"]]
    return [Job(f"{feed}-{exception}", "feed.py", {"spark.driver.memory": "512m"}, (1000 * (i + 1),))
            for i, (feed, exception) in enumerate(names)]
