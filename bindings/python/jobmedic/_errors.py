"""One exception per status code of jobmedic.h."""

from __future__ import annotations

from typing import Any


class Error(Exception):
    """A call failed. str() is one line in the user's words; `detail` says where, for programs."""

    status = 0

    def __init__(self, message: str, detail: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.detail: dict[str, Any] = detail or {}

    def __reduce__(self) -> tuple[Any, ...]:  # exceptions cross process pools by pickle
        return type(self), (str(self), self.detail)


class InvalidArgumentError(Error, ValueError):
    """The caller's bug. detail: argument."""

    status = 1


class ParseError(Error, ValueError):
    """Malformed JSON. detail: offset (bytes)."""

    status = 2


class SchemaError(Error, ValueError):
    """JSON of the wrong shape. detail: pointer (a JSON Pointer)."""

    status = 3


class RulesError(Error):
    """A bad rule. detail: file, rule, column."""

    status = 4


class ModelError(Error):
    """A damaged, foreign or unsuitable model, or nothing to train one from."""

    status = 5


class StoreError(Error):
    """The database. detail: code (its own)."""

    status = 6


class PatchError(Error):
    """The patch does not apply. detail: operation (its index), pointer."""

    status = 7


class FileError(Error):
    """A file, or the system. detail: path, errno."""

    status = 8


class ForkedError(Error):
    """An object was used in a child of the process that made it: make a new one there."""

    status = 9


class OutOfMemoryError(Error, MemoryError):
    """The call gave back what it had taken."""

    status = 10


class InternalError(Error):
    """A bug in jobmedic: please report the message."""

    status = 11


class CancelledError(Error):
    """A callback asked to stop."""

    status = 12


class ClosedError(InvalidArgumentError):
    """An object was used after close()."""


BY_STATUS = {
    kind.status: kind
    for kind in (
        InvalidArgumentError,
        ParseError,
        SchemaError,
        RulesError,
        ModelError,
        StoreError,
        PatchError,
        FileError,
        ForkedError,
        OutOfMemoryError,
        InternalError,
        CancelledError,
    )
}
