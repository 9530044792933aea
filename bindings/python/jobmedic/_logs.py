"""Logs of a call as the array of jobmedic_log that C takes."""

from __future__ import annotations

import ctypes
import os
from typing import Any, Iterable, Mapping, Union

from ._signatures import Log

Bytes = (bytes, bytearray, memoryview)
Source = Union[bytes, bytearray, memoryview, str, "os.PathLike[str]"]
Logs = Union[Mapping[str, Source], Iterable[Union[str, "os.PathLike[str]"]]]


def log_array(logs: Logs) -> tuple[Any, int, int]:
    """(array, count, stride); the array keeps the bytes alive that it points to."""
    pairs = list(logs.items()) if isinstance(logs, Mapping) else [("", path) for path in _paths(logs)]
    array = (Log * len(pairs))()
    for entry, (name, source) in zip(array, pairs):
        entry.name = name.encode("utf-8", "surrogateescape")
        entry.name_size = len(entry.name)
        if isinstance(source, Bytes):
            data = bytes(source)
            entry.data, entry.data_size = data, len(data)
        else:
            path = os.fsencode(source)
            entry.path, entry.path_size = path, len(path)
    return array, len(pairs), ctypes.sizeof(Log)


def _paths(logs: Any) -> list[Any]:
    if isinstance(logs, (str, os.PathLike, *Bytes)):
        raise TypeError("logs: expected {name: bytes or path} or a list of paths, found a single one")
    return list(logs)
