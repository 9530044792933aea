"""Where no policy could run. Only tries of jobmedic's operators concern it."""

from __future__ import annotations

from typing import Any

from airflow.listeners import hookimpl

from . import _remedy
from ._mixin import RemediationMixin


@hookimpl  # type: ignore[misc]
def on_task_instance_failed(previous_state: Any, task_instance: Any, error: Any) -> None:
    """In a worker: a try that no policy judged (Airflow before 3.3, or a policy of the user's). In the scheduler: a worker died."""
    try:
        if hasattr(task_instance, "get_template_context") and not hasattr(task_instance, "_sa_instance_state"):
            of_worker(task_instance, error)
        elif previous_state is not None:  # None: somebody marked the task as failed
            from ._scheduler import of_lost_worker

            of_lost_worker(task_instance, str(error))
    except Exception as problem:
        _remedy.log.warning("jobmedic could not judge the failure of %s: %s", task_instance, problem)


@hookimpl  # type: ignore[misc]
def on_dag_run_failed(dag_run: Any, msg: str) -> None:
    """In the scheduler: the last try of a task may have been killed, which Airflow tells no listener."""
    _look_at(dag_run)


@hookimpl  # type: ignore[misc]
def on_dag_run_success(dag_run: Any, msg: str) -> None:
    """A run may succeed without a task that failed."""
    _look_at(dag_run)


def _look_at(dag_run: Any) -> None:
    try:
        from ._scheduler import of_ended_run

        of_ended_run(dag_run)
    except Exception as problem:
        _remedy.log.warning("jobmedic could not look at the failures of %s: %s", dag_run, problem)


def of_worker(ti: Any, error: Any) -> None:
    task = getattr(ti, "task", None)
    if not isinstance(task, RemediationMixin):
        return
    policy = getattr(task, "retry_policy", None)
    if policy is not None and type(policy).__module__.startswith("jobmedic."):
        return  # it was asked
    from ._failed_try import of_failed_try

    of_failed_try(ti, error if isinstance(error, BaseException) else None)
