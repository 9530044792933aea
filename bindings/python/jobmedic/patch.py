"""Configurations: JSON Patch, and the library's version. No engine needed."""

from __future__ import annotations

from typing import Any

from ._calls import document, value_answer
from ._library import library


def version() -> str:
    """The library's version, "0.1.0"."""
    text: bytes = library.jobmedic_version()
    return text.decode()


def apply_patch(value: Any, patch: list[dict[str, Any]]) -> Any:
    """The value after all operations of the RFC 6902 patch; the arguments are left as they are.

    Raises PatchError (detail: operation, pointer) where an operation does not apply, SchemaError for what is no patch.
    """
    return value_answer(library.jobmedic_apply_patch, *document(value), *document(patch))


def diff(before: Any, after: Any) -> list[dict[str, Any]]:
    """A short RFC 6902 patch that turns `before` into `after`; the same pair gives the same patch."""
    patch: list[dict[str, Any]] = value_answer(library.jobmedic_diff, *document(before), *document(after))
    return patch
