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
_decode = json.JSONDecoder().raw_decode  # the library's text begins with its value: no search for white space
_ErrorPointer, _BufferPointer = ctypes.POINTER(ErrorHandle), ctypes.POINTER(Buffer)
Self = TypeVar("Self", bound="Closable")


def _encoder() -> Callable[[Any], str]:
    """Of documents into JSON: json.JSONEncoder.encode(), whose part in C CPython makes anew in each call, made once."""
    plain = json.JSONEncoder(allow_nan=False, default=os.fspath, separators=(",", ":"))
    escaped = json.encoder.encode_basestring_ascii  # type: ignore[attr-defined]
    try:
        chunks = json.encoder.c_make_encoder(  # type: ignore[attr-defined]
            None, plain.default, escaped, None, plain.key_separator, plain.item_separator, False, False, False
        )
    except (AttributeError, TypeError):  # another Python, or one in which it is made otherwise
        return plain.encode

    def encode(value: Any) -> str:
        try:
            return "".join(chunks(value, 0))
        except RecursionError:  # it does not look for circles
            return plain.encode(value)

    return encode


_encode = _encoder()


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
    if status != 0:
        raise _exception(status, error)


def _exception(status: int, error: Any) -> Error:
    try:
        message = library.jobmedic_error_message(error).decode("utf-8", "replace")
        detail = json.loads(library.jobmedic_error_detail(error))
    finally:
        library.jobmedic_error_free(error)
    return BY_STATUS.get(status, Error)(message, detail)


def value_answer(function: Any, *arguments: Any) -> Any:
    """Calls a function that gives any JSON value."""
    return _decode(text_answer(function, *arguments))[0]


def answer(function: Any, *arguments: Any) -> Document:
    """Calls a function that gives a document."""
    return cast(Document, value_answer(function, *arguments))


def text_answer(function: Any, *arguments: Any) -> str:
    """Calls a function that gives text."""
    buffer, error = _BufferPointer(), _ErrorPointer()
    status = function(*arguments, byref(buffer), byref(error))  # as call() does: one more frame on the shortest path costs
    if status != 0:
        raise _exception(status, error)
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
