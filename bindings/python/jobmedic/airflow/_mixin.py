"""What an operator does around its try, whatever engine its job runs on."""

from __future__ import annotations

from typing import Any, Mapping, Optional

from airflow.sdk.bases.operator import BaseOperatorMeta

from . import _attempt, _logs, _remedy

STATE_KEY = "jobmedic_config"  # of the task state store: what a job was submitted with, for a try that reattaches to it
XCOM_KEY = "jobmedic_attempt"  # of the try that runs, for the listener in the scheduler


class RemediationMixin:
    """Patches the configuration of a fresh submit, and records what became of it. Stands before an operator in its bases."""

    jobmedic_engine = ""  # whose parameter space: "spark"
    overwrite_rtif_after_execution = True  # Airflow's rendered fields then show what ran

    @BaseOperatorMeta._apply_defaults  # type: ignore[misc]
    def __init__(self, **kwargs: Any) -> None:  # Airflow wants it of any that stands before an operator's
        if "retry_policy" not in kwargs and "retry_policy" not in (kwargs.get("default_args") or {}):
            try:
                from .policy import RemediationPolicy

                kwargs["retry_policy"] = RemediationPolicy()
            except ImportError:  # Airflow before 3.3: the listener does the rest
                pass
        super().__init__(**kwargs)

    def jobmedic_config(self) -> "dict[str, str]":
        """The configuration as the operator would submit it."""
        raise NotImplementedError

    def jobmedic_use(self, changes: "Mapping[str, Optional[str]]") -> None:
        """Changes it; None: unset."""
        raise NotImplementedError

    def jobmedic_running_job(self, context: Any) -> Optional[str]:
        """The job of an earlier try that this one will reattach to instead of submitting; None: it submits."""
        raise NotImplementedError

    def pre_execute(self, context: Any) -> None:
        super().pre_execute(context)  # type: ignore[misc]
        ti = context["ti"]
        self.jobmedic_attempt = _attempt.describe(ti, self.jobmedic_engine, self.jobmedic_config())
        try:
            self._jobmedic_start(context)
        except Exception as problem:
            _remedy.log.warning("jobmedic could not look for a better configuration; this try runs as it is: %s", problem)
        try:
            ti.xcom_push(key=XCOM_KEY, value=self.jobmedic_attempt)
        except Exception as problem:
            _remedy.log.warning("jobmedic will not know the configuration of this try if its worker dies: %s", problem)

    def _jobmedic_start(self, context: Any) -> None:
        attempt, store = self.jobmedic_attempt, context.get("task_state_store")
        running = self.jobmedic_running_job(context)
        if running is not None:
            _remedy.log.info("jobmedic: this try reattaches to %s, so the configuration is left as it was submitted", running)
            attempt["config"] = (store.get(STATE_KEY) if store is not None else None) or attempt["config"]
            return
        self._jobmedic_look_back(context)
        answer = _remedy.engine().get_config(attempt)
        for skipped in answer["skipped"]:
            _remedy.log.warning("jobmedic: patch %s was not applied: %s", skipped["id"], skipped["reason"])
        before, after = attempt["config"], answer["config"]
        changes = {key: after.get(key) for key in {**before, **after} if after.get(key) != before.get(key)}
        if changes:
            self.jobmedic_use(changes)
            said = _remedy.shown(before, dict(sorted(changes.items())))
            _remedy.log.info("jobmedic: this try runs with %s (patch %s)", said, ", ".join(answer["applied"]))
            attempt["config"] = after
        if store is not None:
            store.set(STATE_KEY, attempt["config"])

    def _jobmedic_look_back(self, context: Any) -> None:
        """Where the try before was killed, no policy and no listener has judged it yet: its log, if it is here, tells."""
        ti = context["ti"]
        if ti.try_number < 2:
            return
        logs = _logs.told(ti, ti.try_number - 1)
        if not _logs.was_killed(logs):
            return
        before = {**self.jobmedic_attempt, "attempt": ti.try_number - 1}
        before["config"] = _remedy.engine().get_config(before)["config"]
        _remedy.log.info("jobmedic: the process of the try before was killed")
        remediation = _remedy.remediate(_attempt.ended(before, None, False, 137), logs)
        _remedy.explain(remediation, before["config"])

    def post_execute(self, context: Any, result: Any = None) -> None:
        super().post_execute(context, result)  # type: ignore[misc]
        try:
            outcome = _attempt.ended(self.jobmedic_attempt, context["ti"].start_date, True)
            learnt = _remedy.engine().record_outcome(outcome, by="airflow")
            for patch in learnt["patches"]:
                _remedy.log.info("jobmedic: patch %s %s: %s", patch["id"], patch["learnt"], patch["reason"])
        except Exception as problem:
            _remedy.log.warning("jobmedic could not record that this try succeeded: %s", problem)
