"""The log of a try as Airflow's supervisor writes it, and what in it was told by Spark."""

from __future__ import annotations

import json
import re
import time
import uuid
from pathlib import Path
from typing import Any, Iterable, Optional

SPARK = re.compile(r"SparkSubmitHook$|PodManager$")  # the loggers that pass on what a driver prints
CONTAINER = re.compile(r"^\[[\w-]+\] ")  # which container said it, as PodManager puts it
EXIT_CODE = re.compile(r"(?:Error code is|[Ee]xit code|exit_code'?):? (\d+)")
SIGNAL = "Process terminated by signal"
LARGEST = 64 << 20  # bytes of a log's end that are read


def log_file(ti: Any, try_number: Optional[int] = None) -> Path:
    """Where this worker keeps the log of a try."""
    import jinja2
    from airflow.configuration import conf

    template = conf.get("logging", "log_filename_template")
    name: str = jinja2.Template(template).render(ti=ti, try_number=try_number or ti.try_number)
    return Path(conf.get("logging", "base_log_folder")) / name


def wait_for_the_log(ti: Any, log: Any, seconds: float = 5) -> None:
    """The supervisor, another process, writes the log: what was told so far is in it once this line is."""
    mark = f"jobmedic reads the log of this try ({uuid.uuid4().hex[:8]})"
    log.info(mark)
    until = time.monotonic() + seconds
    while mark.encode() not in _newest(log_file(ti)) and time.monotonic() < until:
        time.sleep(0.05)


def told(ti: Any, try_number: Optional[int] = None) -> "dict[str, bytes]":
    """The logs of a try on this worker, as Engine.classify() takes them; {} where there are none."""
    return split(_newest(log_file(ti, try_number)).splitlines())


def split(lines: "Iterable[bytes]") -> "dict[str, bytes]":
    """What the driver printed as "driver.stderr", the rest as "task.log"; where no driver was, the task is its own."""
    driver: list[str] = []
    task: list[str] = []
    for line in lines:
        record = _record(line)
        if SPARK.search(str(record.get("logger", ""))):
            driver.append(CONTAINER.sub("", str(record["event"])))
        elif not str(record["event"]).startswith(("jobmedic", "::")):
            task += [str(record["event"]), *_traceback(record.get("error_detail") or [])]
    logs = {"driver.stderr": driver, "task.log": task} if driver else {"driver.stderr": task}
    return {name: "\n".join(text).encode("utf-8", "replace") + b"\n" for name, text in logs.items() if text}


def exit_code(logs: "dict[str, bytes]", exception: Optional[BaseException] = None) -> Optional[int]:
    """That of the job, where the exception tells it; 137 where the task's own process was killed."""
    found = EXIT_CODE.search(str(exception))
    if found:
        return int(found.group(1))
    return 137 if was_killed(logs) else None


def was_killed(logs: "dict[str, bytes]") -> bool:
    """Did the supervisor see the task's process die?"""
    return any(SIGNAL.encode() in data for data in logs.values())


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
