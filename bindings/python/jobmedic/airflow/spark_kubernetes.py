"""The Kubernetes provider's SparkKubernetesOperator: a SparkApplication of the Spark operator."""

from __future__ import annotations

import copy
from typing import Any, Mapping, Optional

from airflow.providers.cncf.kubernetes.operators import spark_kubernetes as provider

from ._mixin import RemediationMixin

# Members of the specification's driver and executor, which win over sparkConf.
MEMBERS = {
    f"spark.{role}.{name}": (role, name)
    for role, names in {
        "driver": ("memory", "memoryOverhead", "cores"),
        "executor": ("memory", "memoryOverhead", "cores", "instances"),
    }.items()
    for name in names
}
COUNTS = ("cores", "instances")


class SparkKubernetesMixin(RemediationMixin):
    """class Mine(SparkKubernetesMixin, SparkKubernetesOperator): patches `sparkConf`, `driver` and `executor` of a new application.

    With `reattach_on_restart`, a try that finds the driver's pod of its predecessor reattaches to it and is left alone.
    """

    jobmedic_engine = "spark"

    def jobmedic_config(self) -> "dict[str, str]":
        operator: Any = self
        spec = operator.manage_template_specs()["spark"].get("spec", {})
        config = dict(spec.get("sparkConf") or {})
        for key, (role, name) in MEMBERS.items():
            if name in (spec.get(role) or {}):
                config[key] = spec[role][name]
        return {key: str(value) for key, value in config.items()}

    def jobmedic_use(self, changes: "Mapping[str, Optional[str]]") -> None:
        operator: Any = self
        body = copy.deepcopy(operator.manage_template_specs())
        spec = body["spark"].setdefault("spec", {})
        for key, value in changes.items():
            role, name = MEMBERS.get(key, ("", ""))
            place = spec[role] if name in (spec.get(role) or {}) else spec.setdefault("sparkConf", {})
            name = name if place is spec.get(role) else key
            if value is None:
                place.pop(name, None)
            else:
                place[name] = int(value) if name in COUNTS else value
        operator.template_spec, operator.application_file = body, None

    def jobmedic_running_job(self, context: Any) -> Optional[str]:
        operator: Any = self
        if not operator.reattach_on_restart or context["ti"].try_number < 2:
            return None
        pod = operator.find_spark_job(context)
        return None if pod is None else f"pod {pod.metadata.name}"


class SparkKubernetesOperator(SparkKubernetesMixin, provider.SparkKubernetesOperator):  # type: ignore[misc]
    """The provider's operator, healed. Same arguments."""
