"""The engine of this process, and what it says about a try."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Any, Mapping, Optional

from .._calls import Document
from ..engine import Engine

log = logging.getLogger("airflow.task.jobmedic")
_engines: "dict[int, Engine]" = {}  # by process: executors fork


def engine() -> Engine:
    """Made when first asked for."""
    found = _engines.get(os.getpid())
    if found is None:
        found = _engines[os.getpid()] = Engine(configuration())
    return found


def configuration() -> Document:
    """jobmedic.engine/1 of [jobmedic] in airflow.cfg."""
    from airflow.configuration import AIRFLOW_HOME, conf

    file = conf.get("jobmedic", "engine", fallback=None)
    config: Document = json.loads(Path(file).read_text()) if file else {}
    store = conf.get("jobmedic", "store", fallback=None)
    if store or "store" not in config:
        config["store"] = store or f"sqlite:{AIRFLOW_HOME}/jobmedic.db"
    return config


def remediate(attempt: Document, logs: "Mapping[str, bytes]") -> Document:
    """Of a failed attempt. What a collector finds (executors' logs, event logs) comes before the task's own log."""
    if configuration().get("collector"):
        found = engine().collect(attempt)
        if found["classification"]["classified"]:
            return engine().remediate_classified(found["attempt"], found["classification"])
        attempt = found["attempt"]
    return engine().remediate(attempt, logs)


def explain(remediation: Document, before: "Optional[Mapping[str, Any]]" = None) -> None:
    """In the task's log."""
    for line in explanation(remediation, before):
        log.info("%s", line)


def explanation(remediation: Document, before: "Optional[Mapping[str, Any]]" = None) -> "list[str]":
    """In the words of who reads it at 3 a.m. `before`: the configuration of the try, to tell what changes."""
    verdict, advice, retry = remediation["classification"], remediation.get("recommendation") or {}, remediation["retry"]
    told = []
    if verdict["classified"]:
        told.append(f"{verdict['summary']} ({verdict['category']}, rule {verdict['rule']})")
        evidence = verdict.get("evidence") or {}
        if evidence:
            told.append(f"{evidence['log']}:{evidence['line']}: {evidence['text'][:300]}")
        told.append(f"advice: {verdict.get('advice', '')}")
    else:
        told.append("no rule knows this failure")
    told.append(f"{'retry in %g s' % retry['after_s'] if retry['restart'] else 'no retry'}: {retry['reason']}")
    if before is not None and retry["restart"] and advice.get("patch"):
        told.append(f"the next try runs with {shown(before, patched(advice['patch']))}")
    return [f"jobmedic: {line}" for line in told]


def shown(before: "Mapping[str, Any]", changes: "Mapping[str, Any]") -> str:
    """Settings as they were and as they will be, for the log."""
    return ", ".join(f"{key} {before.get(key, '(unset)')} -> {value}" for key, value in changes.items())


def patched(patch: "list[Document]") -> "dict[str, Any]":
    """What a patch of a flat configuration sets."""
    return {
        operation["path"][1:].replace("~1", "/").replace("~0", "~"): operation["value"]
        for operation in patch
        if "value" in operation
    }


def known_worth(remediation: Document) -> Optional[bool]:
    """Is a retry worth it? None: neither a rule nor a model knows, or jobmedic only watches (a mode other than "act", stopped
    automation), so the task's own settings apply."""
    verdict, advice = remediation["classification"], remediation.get("recommendation") or {}
    if "mode" in remediation or "stopped" in remediation:
        return None
    if not verdict["classified"] and advice.get("method") == "fallback":
        return None
    return bool(remediation["retry"]["restart"])
