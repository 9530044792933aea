"""Logs of a call as the array of jobmedic_log that C takes."""

from __future__ import annotations

import ctypes
import os
from typing import Any, Iterable, Mapping, Union

from ._signatures import Log

_LOG_SIZE = ctypes.sizeof(Log)
Bytes = (bytes, bytearray, memoryview)
Source = Union[bytes, bytearray, memoryview, str, "os.PathLike[str]"]
Logs = Union[Mapping[str, Source], Iterable[Union[str, "os.PathLike[str]"]]]


def log_array(logs: Logs) -> tuple[Any, int, int]:
    """(array, count, stride); the array keeps the bytes alive that it points to."""
    # dict is a Mapping, but to be told so takes ten times as long
    pairs = list(logs.items()) if isinstance(logs, (dict, Mapping)) else [("", path) for path in _paths(logs)]
    array = (Log * len(pairs))(*[_entry(name, source) for name, source in pairs])
    return array, len(pairs), _LOG_SIZE


def _entry(name: str, source: Source) -> Log:
    encoded = name.encode("utf-8", "surrogateescape")
    if isinstance(source, Bytes):
        data = bytes(source)
        return Log(encoded, len(encoded), data, len(data))
    path = os.fsencode(source)
    return Log(encoded, len(encoded), None, 0, path, len(path))


def _paths(logs: Any) -> list[Any]:
    if isinstance(logs, (str, os.PathLike, *Bytes)):
        raise TypeError("logs: expected {name: bytes or path} or a list of paths, found a single one")
    return list(logs)
