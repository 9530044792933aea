"""The Spark provider's SparkSubmitOperator."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Mapping, Optional

from airflow.providers.apache.spark.operators import spark_submit as provider

from ._mixin import RemediationMixin

# Options of spark-submit, which win over --conf, and the operator's attributes for them.
OPTIONS = {
    "spark.executor.memory": "_executor_memory",
    "spark.executor.cores": "_executor_cores",
    "spark.driver.memory": "_driver_memory",
    "spark.executor.instances": "_num_executors",
    "spark.cores.max": "_total_executor_cores",
}


class SparkSubmitMixin(RemediationMixin):
    """class Mine(SparkSubmitMixin, SparkSubmitOperator): patches `conf` and the memory and core arguments of a fresh submit.

    With `durable`, a try whose predecessor's job still runs, or has succeeded, reattaches to it and is left alone.
    """

    jobmedic_engine = "spark"

    def jobmedic_config(self) -> "dict[str, str]":
        operator: Any = self
        options = {key: getattr(operator, name, None) for key, name in OPTIONS.items()}
        given = {**(operator.conf or {}), **{key: value for key, value in options.items() if value is not None}}
        return {**defaults(operator.properties_file), **{key: str(value) for key, value in given.items()}}

    def jobmedic_use(self, changes: "Mapping[str, Optional[str]]") -> None:
        operator: Any = self
        conf = dict(operator.conf or {})
        for key, value in changes.items():
            if key in OPTIONS and getattr(operator, OPTIONS[key], None) is not None:
                setattr(operator, OPTIONS[key], value)
            elif value is None:
                conf.pop(key, None)
            else:
                conf[key] = value
        operator.conf = conf

    def jobmedic_running_job(self, context: Any) -> Optional[str]:
        operator: Any = self
        store = context.get("task_state_store")
        if store is None or not getattr(operator, "durable", False):
            return None
        job = store.get(operator.external_id_key)
        if not job:
            return None
        status = operator.get_job_status(job, context)
        operator._hook = None  # it was made with the configuration before the patch
        return str(job) if operator.is_job_active(status) or operator.is_job_succeeded(status) else None


def defaults(properties_file: Optional[str]) -> "dict[str, str]":
    """What spark-submit reads where the operator says nothing: the properties file, else spark-defaults.conf."""
    if properties_file:
        path = Path(properties_file)
    elif "SPARK_CONF_DIR" in os.environ:
        path = Path(os.environ["SPARK_CONF_DIR"], "spark-defaults.conf")
    else:
        path = Path(os.environ.get("SPARK_HOME", "/nonexistent"), "conf", "spark-defaults.conf")
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return {}
    pairs = (line.strip().replace("=", " ", 1).split(None, 1) for line in lines if not line.lstrip().startswith("#"))
    return {pair[0]: pair[1].strip() for pair in pairs if len(pair) == 2 and pair[0].startswith("spark.")}


class SparkSubmitOperator(SparkSubmitMixin, provider.SparkSubmitOperator):  # type: ignore[misc]
    """The provider's operator, healed. Same arguments."""
