"""The log of a try as Airflow's supervisor writes it, and what in it was told by Spark."""

from __future__ import annotations

import json
import logging
import re
import time
import uuid
from pathlib import Path
from typing import Any, Iterable, Optional

SPARK = re.compile(r"SparkSubmitHook$|PodManager$")  # the loggers that pass on what a driver prints
CONTAINER = re.compile(r"^\[[\w-]+\] ")  # which container said it, as PodManager puts it
EXIT_CODE = re.compile(r"(?:Error code is|[Ee]xit code|exit_code'?):? (\d+)")
KILLED = re.compile(rb"Process terminated by signal(?:[^\n]*exit code (\d+)\)$)?|Received SIGSEGV", re.MULTILINE)
DECIDED = re.compile(rb"jobmedic: (?:retry in [\d.e+]+ s|no retry): ")
NOT_THE_TASKS = ("jobmedic", "::", "Could not read logs from ")  # the last is of a reader of remote logs, instead of a log
LARGEST = 64 << 20  # bytes of a log's end that are read


def name(ti: Any, try_number: Optional[int] = None) -> str:
    """Of the log of a try, below the folder of all logs: the same here and in remote storage."""
    import jinja2
    from airflow.configuration import conf

    template = conf.get("logging", "log_filename_template")
    rendered: str = jinja2.Template(template).render(ti=ti, try_number=try_number or ti.try_number)
    return rendered


def log_file(ti: Any, try_number: Optional[int] = None) -> Path:
    """Where this worker keeps the log of a try. While the try runs it is here, remote logging or not: Airflow uploads it, and
    where it is told to removes it here, once the try's process has ended."""
    from airflow.configuration import conf

    return Path(conf.get("logging", "base_log_folder")) / name(ti, try_number)


def wait_for_the_log(ti: Any, log: Any, seconds: float = 5) -> None:
    """The supervisor, another process, writes the log: what was told so far is in it once this line is."""
    mark = f"jobmedic reads the log of this try ({uuid.uuid4().hex[:8]})"
    log.info(mark)
    until = time.monotonic() + seconds
    while mark.encode() not in _newest(log_file(ti)) and time.monotonic() < until:
        time.sleep(0.05)


def lines(ti: Any, try_number: Optional[int] = None) -> "list[bytes]":
    """The log of a try on this worker; [] where there is none."""
    return _newest(log_file(ti, try_number)).splitlines()


def earlier_lines(ti: Any, try_number: int) -> "list[bytes]":
    """In a task's process: the log of a try that has ended, from this worker or from remote storage."""
    return lines(ti, try_number) or _remote_lines(ti, name(ti, try_number))


def split(told: "Iterable[bytes]") -> "dict[str, bytes]":
    """The logs of a try as Engine.classify() takes them: what the driver printed as "driver.stderr", the rest as "task.log"; where
    no driver was, the task is its own. {} where there are none."""
    driver: list[str] = []
    task: list[str] = []
    for line in told:
        record = _record(line)
        if SPARK.search(str(record.get("logger", ""))):
            driver.append(CONTAINER.sub("", str(record["event"])))
        elif not str(record["event"]).startswith(NOT_THE_TASKS):
            task += [str(record["event"]) + _signal(record), *_traceback(record.get("error_detail") or [])]
    logs = {"driver.stderr": driver, "task.log": task} if driver else {"driver.stderr": task}
    return {name: "\n".join(text).encode("utf-8", "replace") + b"\n" for name, text in logs.items() if text}


def exit_code(logs: "dict[str, bytes]", exception: Optional[BaseException] = None) -> Optional[int]:
    """That of the job, where the exception tells it; 128 + the signal where the task's own process was killed."""
    found = EXIT_CODE.search(str(exception))
    if found:
        return int(found.group(1))
    killed = _killed(logs)
    if killed is None:
        return None
    return 139 if b"SIGSEGV" in killed.group() else int(killed.group(1) or 137)


def was_killed(logs: "dict[str, bytes]") -> bool:
    """Did the supervisor see the task's process die?"""
    return _killed(logs) is not None


def decided(told: "Iterable[bytes]") -> bool:
    """Does the log of a try say what jobmedic decided about it?"""
    return any(DECIDED.search(line) for line in told)


def _killed(logs: "dict[str, bytes]") -> "Optional[re.Match[bytes]]":
    return next((found for found in map(KILLED.search, logs.values()) if found), None)


def _signal(record: "dict[str, Any]") -> str:
    """What the supervisor says beside "Process terminated by signal"."""
    number = record.get("signal")
    return f" ({record.get('signal_name')}, exit code {128 + abs(number)})" if isinstance(number, int) else ""


def _remote_lines(ti: Any, log: str) -> "list[bytes]":
    """By Airflow's own reader (S3, GCS, ...), with the connection that a task's process gets from its supervisor."""
    try:
        from airflow.sdk.log import load_remote_log_handler
    except ImportError:
        return []
    try:
        remote = load_remote_log_handler()
        found = None if remote is None else remote.read(log, ti)[1]
    except Exception as problem:
        logging.getLogger("airflow.task.jobmedic").warning("jobmedic could not read the remote log of the try before: %s", problem)
        return []
    return [line.encode("utf-8", "replace") for text in found or [] for line in text.splitlines()]


def _newest(path: Path) -> bytes:
    try:
        with open(path, "rb") as file:
            file.seek(max(0, path.stat().st_size - LARGEST))
            return file.read()
    except OSError:
        return b""


def _record(line: bytes) -> "dict[str, Any]":
    try:
        record = json.loads(line)
        if isinstance(record, dict) and "event" in record:
            return record
    except ValueError:
        pass
    return {"event": line.decode("utf-8", "replace")}


def _traceback(details: "list[dict[str, Any]]") -> "list[str]":
    """As Python prints it."""
    lines = []
    for error in details:
        lines.append("Traceback (most recent call last):")
        lines += [f'  File "{at["filename"]}", line {at["lineno"]}, in {at["name"]}' for at in error.get("frames", [])]
        lines.append(f"{error.get('exc_type', 'Exception')}: {error.get('exc_value', '')}")
    return lines
