"""Heals failed data jobs, inside your process.

    from jobmedic import Engine

    with Engine(store="sqlite:/var/lib/jobmedic.db") as engine:
        answer = engine.remediate(attempt, {"driver.stderr": "/logs/driver.stderr"})
        if answer["retry"]["restart"]:
            config = engine.get_config(next_attempt)["config"]

Documents are dicts of the shapes that jobmedic.h names ("jobmedic.attempt/1", ...): durations in seconds, sizes in
bytes, money in US dollars, times in RFC 3339 UTC. Every failure raises a subclass of jobmedic.Error. The GIL is
released while the library works.
"""

from ._errors import (
    CancelledError,
    ClosedError,
    Error,
    FileError,
    ForkedError,
    InternalError,
    InvalidArgumentError,
    ModelError,
    OutOfMemoryError,
    ParseError,
    PatchError,
    RulesError,
    SchemaError,
    StoreError,
)
from ._library import library_path
from .engine import Engine, Scan
from .forecast import Forecast, Forecaster, Session
from .optimizer import Optimizer
from .patch import apply_patch, diff, version

__all__ = [
    "CancelledError",
    "ClosedError",
    "Engine",
    "Error",
    "FileError",
    "Forecast",
    "Forecaster",
    "ForkedError",
    "InternalError",
    "InvalidArgumentError",
    "ModelError",
    "Optimizer",
    "OutOfMemoryError",
    "ParseError",
    "PatchError",
    "RulesError",
    "Scan",
    "SchemaError",
    "Session",
    "StoreError",
    "apply_patch",
    "diff",
    "library_path",
    "version",
]
__version__ = version()
