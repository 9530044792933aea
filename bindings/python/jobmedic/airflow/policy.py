"""A retry policy for any task: AIP-105, Airflow 3.3 and later."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Optional

try:
    from airflow.sdk.definitions.retry_policy import RetryDecision, RetryPolicy
except ImportError as missing:
    raise ImportError(
        "jobmedic.airflow.RemediationPolicy needs the retry policies of Airflow 3.3; before that, use the operators of "
        "jobmedic.airflow: they patch the next try without one"
    ) from missing

from . import _remedy
from ._failed_try import of_failed_try


class RemediationPolicy(RetryPolicy):  # type: ignore[misc]
    """Reads a failed try's log, and decides: no retry where it is hopeless, else one after the delay that the failure asks for.

    A failure that no rule and no model knows keeps the task's own `retries` and `retry_delay`; and no policy can retry beyond
    `retries`. Keeps no state: safe from any thread. Where jobmedic itself fails, it warns and leaves the decision to Airflow.
    """

    def evaluate(
        self, exception: BaseException, try_number: int, max_tries: int, context: Optional[Any] = None
    ) -> RetryDecision:
        """Of Airflow's task runner, in the worker's process, after the failure was logged."""
        if context is None:
            return RetryDecision.default()
        try:
            remediation = of_failed_try(context["ti"], exception)
        except Exception as problem:
            _remedy.log.warning("jobmedic could not judge this failure: %s", problem)
            return RetryDecision.default()
        retry, worth = remediation["retry"], _remedy.known_worth(remediation)
        if worth is None:
            return RetryDecision.default()
        if not worth:
            return RetryDecision.fail(reason=f"jobmedic: {retry['reason']}")
        return RetryDecision.retry(delay=timedelta(seconds=retry["after_s"]), reason=f"jobmedic: {retry['reason']}")

    def serialize(self) -> "dict[str, Any]":
        return {"__type": f"{type(self).__module__}.{type(self).__qualname__}"}

    @classmethod
    def deserialize(cls, data: "dict[str, Any]") -> "RemediationPolicy":
        return cls()
