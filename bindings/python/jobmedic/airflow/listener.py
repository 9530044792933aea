"""Where no policy could run. Only tries of jobmedic's operators concern it."""

from __future__ import annotations

import threading
from typing import Any, Optional

from airflow.listeners import hookimpl

from .._calls import Document
from . import _attempt, _logs, _remedy
from ._mixin import XCOM_KEY, RemediationMixin

PATIENCE = 30  # seconds


@hookimpl  # type: ignore[misc]
def on_task_instance_failed(previous_state: Any, task_instance: Any, error: Any) -> None:
    """In a worker: a try that no policy judged (Airflow before 3.3, or a policy of the user's). In the scheduler: a worker died."""
    try:
        if hasattr(task_instance, "get_template_context") and not hasattr(task_instance, "_sa_instance_state"):
            of_worker(task_instance, error)
        else:
            of_scheduler(task_instance, error)
    except Exception as problem:
        _remedy.log.warning("jobmedic could not judge the failure of %s: %s", task_instance, problem)


def of_worker(ti: Any, error: Any) -> None:
    task = getattr(ti, "task", None)
    if not isinstance(task, RemediationMixin):
        return
    policy = getattr(task, "retry_policy", None)
    if policy is not None and type(policy).__module__.startswith("jobmedic."):
        return  # it was asked
    from ._failed_try import of_failed_try

    of_failed_try(ti, error if isinstance(error, BaseException) else None)


def of_scheduler(ti: Any, error: Any) -> None:
    """`error`: what the scheduler knows, such as that the executor reported a task that was still running as failed.

    In a thread, because Airflow's database sessions belong to their thread and the scheduler's must not be touched; it is not
    waited for longer than `PATIENCE`.
    """
    where = {"dag_id": ti.dag_id, "task_id": ti.task_id, "run_id": ti.run_id, "map_index": ti.map_index}
    judge = threading.Thread(target=_judge, args=(where, ti.start_date, str(error)), daemon=True)
    judge.start()
    judge.join(PATIENCE)


def _judge(where: "dict[str, Any]", started: Any, error: str) -> None:
    from airflow.models.taskinstance import TaskInstance
    from airflow.utils.session import create_session
    from sqlalchemy import select

    try:
        with create_session() as session:
            ti = session.scalars(select(TaskInstance).filter_by(**where)).one()
            attempt = _attempt_that_ran(session, where)
            if attempt is None:
                return
            logs = _logs.told(ti, attempt["attempt"]) or _logs.split(_lines(ti, attempt["attempt"]))
        logs = logs or {"task.log": f"{error}\n".encode()}  # what the task said tells more than that it is gone
        failed = _attempt.ended(attempt, started, False, 137 if _logs.was_killed(logs) else None)
        _remedy.explain(_remedy.remediate(failed, logs), attempt["config"])
    except Exception as problem:
        _remedy.log.warning("jobmedic could not judge the failure of %s: %s", where, problem)


def _attempt_that_ran(session: Any, where: "dict[str, Any]") -> Optional[Document]:
    """What the operator left of it."""
    from airflow.models.xcom import XComModel
    from sqlalchemy import select

    found = session.scalars(select(XComModel).filter_by(**where, key=XCOM_KEY)).first()
    value = None if found is None else XComModel.deserialize_value(found)
    return value if isinstance(value, dict) else None


def _lines(ti: Any, try_number: int) -> "list[bytes]":
    """The try's log: on this machine, in remote storage or from the worker, whichever Airflow finds."""
    try:
        from airflow.utils.log.log_reader import TaskLogReader

        stream, _ = TaskLogReader().read_log_chunks(ti, try_number, {})
        return [message.model_dump_json().encode() for message in stream]
    except Exception as problem:
        _remedy.log.warning("jobmedic could not read the log of %s: %s", ti, problem)
        return []
