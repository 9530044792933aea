"""A real Airflow: its API server, scheduler and DAG processor, with tasks under their supervisors as in production."""
import json
import os
import pathlib
import socket
import sqlite3
import subprocess
import time

PARTS = ("api-server", "scheduler", "dag-processor")
ENDED = ("success", "failed")


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Airflow:
    def __init__(self, python, home, environment):
        self.home = pathlib.Path(home)
        self.program = python.with_name("airflow")
        port = free_port()
        settings = {"CORE__LOAD_EXAMPLES": "False", "CORE__EXECUTOR": "LocalExecutor", "CORE__PARALLELISM": "2",
                    "CORE__DAGS_ARE_PAUSED_AT_CREATION": "False", "CORE__DAGBAG_IMPORT_TIMEOUT": "600",
                    "DAG_PROCESSOR__DAG_FILE_PROCESSOR_TIMEOUT": "900", "DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "900",
                    "CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/", "API__HOST": "127.0.0.1",
                    "API__PORT": str(port), "API__WORKERS": "1", "API_AUTH__JWT_SECRET": os.urandom(32).hex(),
                    "LOGGING__WORKER_LOG_SERVER_PORT": str(free_port()), "SCHEDULER__TASK_QUEUED_TIMEOUT": "1800",
                    "WORKERS__EXECUTION_API_TIMEOUT": "120",  # while three parts start on two cores
                    "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "60",  # a worker that died is missed after that
                    "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "2"}
        self.environment = {**{key: value for key, value in os.environ.items()
                               if key not in ("PYTHONPATH", "JOBMEDIC_LIBRARY")},
                            **{f"AIRFLOW__{key}": value for key, value in settings.items()}, **environment,
                            "AIRFLOW_HOME": str(self.home)}
        (self.home / "dags").mkdir(parents=True)
        self.parts = []
        self.remote_logs = pathlib.Path(environment["REMOTE_LOGS"])

    def __enter__(self):
        subprocess.run([self.program, "db", "migrate"], env=self.environment, check=True, capture_output=True)
        for part in PARTS:
            with open(self.home / f"{part}.log", "wb") as log:
                self.parts.append(subprocess.Popen([self.program, part], env=self.environment, stdout=log, stderr=log))
        return self

    def __exit__(self, *error):
        for part in self.parts:
            part.terminate()
        for part in self.parts:
            try:
                part.wait(30)
            except subprocess.TimeoutExpired:
                part.kill()

    def tasks(self):
        """{(DAG, task): (state, try number)}; nothing is written: the database is Airflow's."""
        with sqlite3.connect(f"file:{self.home}/airflow.db?mode=ro", uri=True, timeout=60) as database:
            rows = database.execute("select dag_id, task_id, state, try_number from task_instance").fetchall()
        return {(dag, task): (state, number) for dag, task, state, number in rows}

    def wait(self, dags, seconds=1500):
        """Until the tasks of these DAGs have ended."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            tasks = self.tasks()
            ours = [state for (dag, _), (state, _) in tasks.items() if dag in dags]
            if {dag for dag, _ in tasks} >= set(dags) and all(state in ENDED for state in ours):
                return tasks
            dead = [part.args[1] for part in self.parts if part.poll() is not None]
            assert not dead, f"{dead} ended; see {self.home}"
            time.sleep(1)
        raise AssertionError(f"not ended within {seconds} s: {self.tasks()}; see {self.home}")

    def audit_log(self, dag, task):
        """What jobmedic told there: {try number: text}."""
        with sqlite3.connect(f"file:{self.home}/airflow.db?mode=ro", uri=True, timeout=60) as database:
            rows = database.execute("select try_number, extra from log where event = 'jobmedic' and dag_id = ? and task_id = ?",
                                    (dag, task)).fetchall()
        return dict(rows)

    def log(self, dag, task, number):
        """The events of a try's log, which is here, in remote storage, or in both."""
        name = f"dag_id={dag}/run_id=*/task_id={task}/attempt={number}.log"
        path = next(path for folder in (self.home / "logs", self.remote_logs) for path in folder.glob(name))
        lines = (json.loads(line) for line in path.read_text().splitlines() if line.startswith("{"))
        return [str(line["event"]) for line in lines]
