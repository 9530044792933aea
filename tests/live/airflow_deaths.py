"""A DAG whose tries die with their process or with their worker, where Airflow asks no retry policy."""
import os
import signal
from types import SimpleNamespace

from airflow.sdk import DAG
from jobmedic.airflow import SparkSubmitOperator, _logs

HEAP = """Exception in thread "main" java.lang.OutOfMemoryError: Java heap space
\tat java.base/java.util.Arrays.copyOf(Arrays.java:3537)"""
BUG = """Traceback (most recent call last):
  File "rollup.py", line 3, in <module>
    row["prize"]
KeyError: 'prize'"""


class Dies(SparkSubmitOperator):
    """On its first try, after its last words, which the supervisor has written down by then."""

    def __init__(self, last_words, with_its_worker=False, **kwargs):
        super().__init__(application="none", conf={"spark.driver.memory": "512m"}, retry_delay=1, **kwargs)
        self.last_words, self.with_its_worker = last_words, with_its_worker

    def execute(self, context):
        if context["ti"].try_number > 1:
            return
        print(self.last_words, flush=True)
        printed = SimpleNamespace(info=lambda mark: print(mark, flush=True))  # what is logged may overtake what is printed
        _logs.wait_for_the_log(context["ti"], printed, seconds=30)
        if self.with_its_worker:
            os.kill(os.getppid(), signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)


with DAG("deaths", schedule="@once"):
    Dies(task_id="worker_killed", last_words=HEAP, with_its_worker=True, retries=1)
    Dies(task_id="task_killed", last_words=HEAP, retries=1)
    Dies(task_id="worker_killed_after_a_bug", last_words=BUG, with_its_worker=True, retries=3)
    Dies(task_id="last_try_killed", last_words=HEAP, retries=0)
