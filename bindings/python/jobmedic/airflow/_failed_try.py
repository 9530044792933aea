"""What a policy and a listener do about a failed try whose process still lives."""

from __future__ import annotations

from typing import Any, Optional

from .._calls import Document
from . import _attempt, _logs, _remedy


def of_failed_try(ti: Any, exception: Optional[BaseException]) -> Document:
    """Classifies, recommends, saves the patch and explains: for a try whose process still lives. Asked again for the same try it
    answers what was saved first."""
    attempt = getattr(ti.task, "jobmedic_attempt", None) or _attempt.describe(ti, "airflow", {})
    _logs.wait_for_the_log(ti, _remedy.log)
    logs = _logs.split(_logs.lines(ti))
    if not logs and exception is not None:  # no log on this machine
        logs = {"driver.stderr": f"Traceback (most recent call last):\n{type(exception).__name__}: {exception}\n".encode()}
    failed = _attempt.ended(attempt, ti.start_date, False, _logs.exit_code(logs, exception))
    remediation = _remedy.remediate(failed, logs)
    _remedy.explain(remediation, attempt["config"])
    return remediation
