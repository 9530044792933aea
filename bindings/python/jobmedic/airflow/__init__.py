"""jobmedic in Apache Airflow: retries that are worth it, with a configuration that heals.

    from jobmedic.airflow import SparkSubmitOperator

    SparkSubmitOperator(task_id="rollup", application="rollup.py", conf={"spark.executor.memory": "1g"}, retries=3)

The operators are the Spark provider's with a mixin: a failed try is classified from its logs; a hopeless one ends the task, for
the others the next try is submitted with the patched configuration. `RemediationPolicy` alone, as any task's `retry_policy`, decides
about its retries. A listener, which Airflow finds by itself, does what it can where a worker died. All of it is explained in
the task's log. Nothing that goes wrong in jobmedic fails a task: it is a warning there, and the task's own retries apply.

`airflow.cfg`, all optional:

    [jobmedic]
    store = postgresql://jobmedic@db/jobmedic   where attempts and patches are kept; else sqlite:$AIRFLOW_HOME/jobmedic.db
    engine = /etc/jobmedic/engine.json          jobmedic.engine/1: rules, model, policy, a collector of logs, ...

Retry policies are Airflow's from 3.3 on. From 3.0 on, a failed try is explained and its next one patched, but no retry is stopped.
"""

from __future__ import annotations

import importlib
from typing import Any

_PLACES = {
    "RemediationPolicy": "policy",
    "SparkSubmitMixin": "spark_submit",
    "SparkSubmitOperator": "spark_submit",
    "SparkKubernetesMixin": "spark_kubernetes",
    "SparkKubernetesOperator": "spark_kubernetes",
}
__all__ = [
    "RemediationPolicy",
    "SparkKubernetesMixin",
    "SparkKubernetesOperator",
    "SparkSubmitMixin",
    "SparkSubmitOperator",
]


def __getattr__(name: str) -> Any:
    """Imports a provider only where its operator is asked for."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_PLACES[name]}"), name)
