"""What the listener does in the scheduler about tries whose own process can say nothing any more.

In threads, because Airflow's database sessions belong to their thread and the scheduler's is in the middle of its work.
"""

from __future__ import annotations

import threading
from typing import Any, Optional

from .._calls import Document
from . import _attempt, _logs, _remedy
from ._mixin import XCOM_KEY

PATIENCE = 30  # seconds that the scheduler waits for the verdict on a lost worker
EVENT = "jobmedic"  # of Airflow's audit log


def of_lost_worker(ti: Any, error: str) -> None:
    """`error`: what the scheduler knows, such as that the executor reported a task that was still running as failed."""
    where = {"dag_id": ti.dag_id, "task_id": ti.task_id, "run_id": ti.run_id, "map_index": ti.map_index}
    verdicts: list[tuple[Document, list[str]]] = []
    judge = threading.Thread(target=_judge_lost, args=(where, error, verdicts), daemon=True)
    judge.start()
    judge.join(PATIENCE)
    for remediation, told in verdicts:
        _keep(ti, remediation, told)


def of_ended_run(dag_run: Any) -> None:
    """Nothing waits for what its last tries died of, so nor does the scheduler."""
    threading.Thread(target=_judge_killed, args=(dag_run.dag_id, dag_run.run_id), daemon=True).start()


def _keep(ti: Any, remediation: Document, told: "list[str]") -> None:
    """Where Airflow keeps what a retry policy answers; a hopeless retry begins at once, so that the operator ends the task."""
    from airflow.utils.state import TaskInstanceState
    from sqlalchemy.orm import object_session

    session = object_session(ti)
    if session is not None:
        session.add(_note(ti, told))
    if ti.state != TaskInstanceState.UP_FOR_RETRY or not hasattr(ti, "retry_delay_override"):
        return
    retry, worth = remediation["retry"], _remedy.known_worth(remediation)
    if worth is not None:
        ti.retry_delay_override = float(retry["after_s"]) if worth else 0.0
        ti.retry_reason = f"jobmedic: {retry['reason']}"[:500]


def _judge_lost(where: Document, error: str, verdicts: "list[tuple[Document, list[str]]]") -> None:
    from airflow.models.taskinstance import TaskInstance
    from airflow.utils.session import create_session
    from sqlalchemy import select

    try:
        with create_session(scoped=False) as session:
            ti = session.scalars(select(TaskInstance).filter_by(**where)).one()
            attempt = _attempt_that_ran(session, where)
            if attempt is None:
                return
            logs = _logs.split(_lines(ti, attempt["attempt"]))
            seen_last = getattr(ti, "last_heartbeat_at", None)
            failed = _attempt.ended(attempt, ti.start_date, False, _logs.exit_code(logs), seen_last)
        if not _remedy.engine().classify(logs, failed)["classified"]:  # what the task said tells more than that it is gone
            logs["scheduler.log"] = f"{error}\n".encode()
        verdicts.append(_judge(failed, logs))
    except Exception as problem:
        _remedy.log.warning("jobmedic could not judge the failure of %s: %s", where, problem)


def _judge_killed(dag_id: str, run_id: str) -> None:
    from airflow.models.taskinstance import TaskInstance
    from airflow.utils.session import create_session
    from airflow.utils.state import TaskInstanceState
    from sqlalchemy import select

    try:
        with create_session(scoped=False) as session:
            of_run = select(TaskInstance).filter_by(dag_id=dag_id, run_id=run_id, state=TaskInstanceState.FAILED)
            for ti in session.scalars(of_run).all():
                where = {"dag_id": dag_id, "task_id": ti.task_id, "run_id": run_id, "map_index": ti.map_index}
                attempt = _attempt_that_ran(session, where)
                lines = [] if attempt is None else _lines(ti, attempt["attempt"])
                logs = _logs.split(lines)
                if attempt is None or _logs.decided(lines) or not _logs.was_killed(logs):
                    continue
                failed = _attempt.ended(attempt, ti.start_date, False, _logs.exit_code(logs), ti.end_date)
                session.add(_note(ti, _judge(failed, logs)[1]))
    except Exception as problem:
        _remedy.log.warning("jobmedic could not look at the failures of %s %s: %s", dag_id, run_id, problem)


def _judge(failed: Document, logs: "dict[str, bytes]") -> "tuple[Document, list[str]]":
    """The remediation, and what it says."""
    remediation = _remedy.remediate(failed, logs)
    _remedy.explain(remediation, failed["config"])
    return remediation, _remedy.explanation(remediation, failed["config"])


def _note(ti: Any, told: "list[str]") -> Any:
    """For the audit log of the task, the one place in Airflow's pages where a scheduler can explain."""
    from airflow.models.log import Log

    return Log(event=EVENT, task_instance=ti, extra="\n".join(told))


def _attempt_that_ran(session: Any, where: Document) -> Optional[Document]:
    """What the operator left of it."""
    from airflow.models.xcom import XComModel
    from sqlalchemy import select

    found = session.scalars(select(XComModel).filter_by(**where, key=XCOM_KEY)).first()
    value = None if found is None else XComModel.deserialize_value(found)
    return value if isinstance(value, dict) else None


def _lines(ti: Any, try_number: int) -> "list[bytes]":
    """The try's log: on this machine, else in remote storage or from the worker, whichever Airflow finds."""
    here = _logs.lines(ti, try_number)
    if here:
        return here
    try:
        from airflow.utils.log.log_reader import TaskLogReader

        # From the first line on: else where Airflow looked, and what went wrong there, would be read as the task's words.
        stream, _ = TaskLogReader().read_log_chunks(ti, try_number, {"log_pos": 0})
        return [message.model_dump_json().encode() for message in stream]
    except Exception as problem:
        _remedy.log.warning("jobmedic could not read the log of %s: %s", ti, problem)
        return []
