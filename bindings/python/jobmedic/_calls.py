"""Python values into C arguments, and status, error object and buffer back into values and exceptions."""

from __future__ import annotations

import ctypes
import json
import os
import threading
from contextlib import contextmanager
from ctypes import byref
from typing import Any, Callable, Dict, Iterator, Optional, TypeVar, cast

from ._errors import BY_STATUS, ClosedError, Error
from ._library import library
from ._signatures import Buffer, ErrorHandle

Document = Dict[str, Any]
# Made once: json.dumps() with arguments of its own makes an encoder for each call.
_encode = json.JSONEncoder(allow_nan=False, default=os.fspath, separators=(",", ":")).encode
_decode = json.JSONDecoder().raw_decode  # the library's text begins with its value: no search for white space
_ErrorPointer, _BufferPointer = ctypes.POINTER(ErrorHandle), ctypes.POINTER(Buffer)
Self = TypeVar("Self", bound="Closable")


def document(value: Any) -> tuple[bytes, int]:
    """A document as (pointer, size). Paths in it may be os.PathLike."""
    text = _encode(value).encode()
    return text, len(text)


def optional_document(value: Any) -> tuple[Optional[bytes], int]:
    return (None, 0) if value is None else document(value)


def call(function: Any, *arguments: Any) -> None:
    """Calls a function that returns a status; raises on failure."""
    error = _ErrorPointer()
    status = function(*arguments, byref(error))
    if status == 0:
        return
    try:
        message = library.jobmedic_error_message(error).decode("utf-8", "replace")
        detail = json.loads(library.jobmedic_error_detail(error))
    finally:
        library.jobmedic_error_free(error)
    raise BY_STATUS.get(status, Error)(message, detail)


def value_answer(function: Any, *arguments: Any) -> Any:
    """Calls a function that gives any JSON value."""
    return _decode(text_answer(function, *arguments))[0]


def answer(function: Any, *arguments: Any) -> Document:
    """Calls a function that gives a document."""
    return cast(Document, value_answer(function, *arguments))


def text_answer(function: Any, *arguments: Any) -> str:
    """Calls a function that gives text."""
    buffer = _BufferPointer()
    call(function, *arguments, byref(buffer))
    try:
        data: bytes = library.jobmedic_buffer_data(buffer)
        return data.decode()
    finally:
        library.jobmedic_buffer_free(buffer)


class Owner:
    """Owns a C handle. Whoever calls holds a reference for as long, so the handle ends with its last user."""

    def __init__(self, create: Any, free: Callable[[Any], None], handle_type: Any, *arguments: Any) -> None:
        self._free = free
        self._as_parameter_ = ctypes.POINTER(handle_type)()
        call(create, *arguments, byref(self._as_parameter_))

    def __del__(self) -> None:
        self._free(self._as_parameter_)


class Closable:
    """A context manager over an Owner. close() takes effect when the calls in flight are over."""

    _owner: Optional[Owner]

    def close(self) -> None:
        """Gives up the handle. Any later use but another close() raises ClosedError."""
        self._owner = None

    @property
    def closed(self) -> bool:
        return self._owner is None

    def _handle(self) -> Owner:
        owner = self._owner
        if owner is None:
            raise ClosedError(f"this {type(self).__name__} is closed")
        return owner

    def __enter__(self: Self) -> Self:
        self._handle()
        return self

    def __exit__(self, *exception: Any) -> None:
        self.close()


class OneThreadAtATime:
    """Refuses a second thread where the library would be undone by it."""

    def __init__(self) -> None:
        self._busy = threading.Lock()

    @contextmanager
    def __call__(self, what: str) -> Iterator[None]:
        if not self._busy.acquire(blocking=False):
            raise RuntimeError(f"another thread is using this {what}; it belongs to one thread at a time")
        try:
            yield
        finally:
            self._busy.release()
