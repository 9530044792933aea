"""What an operator does around its try, whatever engine its job runs on."""

from __future__ import annotations

from typing import Any, Mapping, Optional

from airflow.sdk.bases.operator import BaseOperatorMeta

try:
    from airflow.sdk.exceptions import AirflowFailException
except ImportError:  # Airflow before 3.2
    from airflow.exceptions import AirflowFailException

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
        hopeless = None
        try:
            hopeless = self._jobmedic_start(context)
        except Exception as problem:
            _remedy.log.warning("jobmedic could not look for a better configuration; this try runs as it is: %s", problem)
        if hopeless is not None:
            raise AirflowFailException(f"jobmedic: no retry: {hopeless}")
        try:
            ti.xcom_push(key=XCOM_KEY, value=self.jobmedic_attempt)
        except Exception as problem:
            _remedy.log.warning("jobmedic will not know the configuration of this try if its worker dies: %s", problem)

    def _jobmedic_start(self, context: Any) -> Optional[str]:
        """Why this try should not run, if so."""
        attempt, store = self.jobmedic_attempt, context.get("task_state_store")
        running = self.jobmedic_running_job(context)
        if running is not None:
            _remedy.log.info("jobmedic: this try reattaches to %s, so the configuration is left as it was submitted", running)
            attempt["config"] = (store.get(STATE_KEY) if store is not None else None) or attempt["config"]
            return None
        hopeless = self._jobmedic_look_back(context["ti"])
        if hopeless is not None:
            return hopeless
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
        return None

    def _jobmedic_look_back(self, ti: Any) -> Optional[str]:
        """Where the try before died with its process, it was judged by nobody yet, or by the listener in the scheduler, which no
        policy hears of. Why this retry is hopeless, if so."""
        if ti.try_number < 2:
            return None
        lines = _logs.earlier_lines(ti, ti.try_number - 1)
        logs = _logs.split(lines)
        killed, cleared = _logs.was_killed(logs), ti.max_tries != self.retries  # type: ignore[attr-defined]
        if not logs or _logs.decided(lines):  # without a word of it, it may not have begun
            return None
        if cleared and not killed:  # who clears a task may clear one that has succeeded
            return None
        before = {**self.jobmedic_attempt, "attempt": ti.try_number - 1}
        before["config"] = _remedy.engine().get_config(before)["config"]
        ending = "process was killed" if killed else "log ends without a verdict, as where a worker died"
        _remedy.log.info("jobmedic: of the try before: its %s", ending)
        remediation = _remedy.remediate(_attempt.ended(before, None, False, _logs.exit_code(logs)), logs)
        _remedy.explain(remediation)  # with which configuration this try runs is told next
        ours = type(getattr(self, "retry_policy", None)).__module__.startswith("jobmedic.")
        stops = ours and not cleared and _remedy.known_worth(remediation) is False
        return str(remediation["retry"]["reason"]) if stops else None

    def post_execute(self, context: Any, result: Any = None) -> None:
        super().post_execute(context, result)  # type: ignore[misc]
        try:
            outcome = _attempt.ended(self.jobmedic_attempt, context["ti"].start_date, True)
            learnt = _remedy.engine().record_outcome(outcome, by="airflow")
            for patch in learnt["patches"]:
                _remedy.log.info("jobmedic: patch %s %s: %s", patch["id"], patch["learnt"], patch["reason"])
        except Exception as problem:
            _remedy.log.warning("jobmedic could not record that this try succeeded: %s", problem)
