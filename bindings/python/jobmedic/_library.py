"""Finds and loads libjobmedic.so, once, when the package is imported."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

from ._signatures import ABI_VERSION, declare

FILE_NAME = f"libjobmedic.so.{ABI_VERSION}"


def candidates() -> list[str]:
    """Where to look: JOBMEDIC_LIBRARY alone where it is set; else beside the package, a checkout's build, the system."""
    configured = os.environ.get("JOBMEDIC_LIBRARY")
    if configured:
        return [configured]
    package = Path(__file__).resolve().parent
    places = [package / FILE_NAME]
    if len(package.parents) > 2:
        places.append(package.parents[2] / "build" / "lib" / FILE_NAME)
    return [str(place) for place in places if place.exists()] + [FILE_NAME]


def load() -> tuple[ctypes.CDLL, str]:
    problems = []
    for path in candidates():
        try:
            library = ctypes.CDLL(path)
            library.jobmedic_abi_version.restype = ctypes.c_uint32
            found = library.jobmedic_abi_version()
        except (OSError, AttributeError) as problem:
            problems.append(f"{path}: {problem}")
            continue
        if found != ABI_VERSION:
            problems.append(f"{path}: has ABI {found}, this package needs {ABI_VERSION}")
            continue
        declare(library)
        return library, path
    raise ImportError(
        "libjobmedic was not found; build it (examples/run) or name it in JOBMEDIC_LIBRARY. Tried " + "; ".join(problems)
    )


library, _path = load()


def library_path() -> str:
    """The shared library in use, as it was found."""
    return _path
