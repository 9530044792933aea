"""A try of an Airflow task as a jobmedic.attempt/1."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Mapping, Optional

from .._calls import Document


def describe(ti: Any, engine: str, config: Mapping[str, Any], try_number: Optional[int] = None) -> Document:
    """The try of a task instance: its job is "DAG.TASK", its run the DAG run (and "[3]", the index of a mapped task)."""
    mapped = ti.map_index is not None and ti.map_index >= 0
    return {
        "schema": "jobmedic.attempt/1",
        "job": f"{ti.dag_id}.{ti.task_id}",
        "run": f"{ti.run_id}[{ti.map_index}]" if mapped else str(ti.run_id),
        "attempt": try_number or ti.try_number,
        "engine": engine,
        "labels": {"dag": ti.dag_id, "task": ti.task_id, "scheduler": "airflow"},
        "config": {key: str(value) for key, value in config.items()},
    }


def ended(
    attempt: Document,
    started: Optional[datetime],
    succeeded: bool,
    exit_code: Optional[int] = None,
    until: Optional[datetime] = None,
) -> Document:
    """The attempt with its outcome; `exit_code`: where it is known; `until`: when it ended, where that is not now."""
    outcome: Document = {"succeeded": succeeded}
    if exit_code is not None:
        outcome["exit_code"] = exit_code
    timing: Document = {}
    if started is not None:
        started, until = _utc(started), _utc(until or datetime.now(timezone.utc))
        timing["started_at"] = started.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        timing["duration_s"] = round(max(0.0, (until - started).total_seconds()), 3)
    return {**attempt, **timing, "outcome": outcome}


def _utc(time: datetime) -> datetime:
    return time.replace(tzinfo=timezone.utc) if time.tzinfo is None else time.astimezone(timezone.utc)
