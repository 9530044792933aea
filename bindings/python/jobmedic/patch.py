"""Configurations: JSON Patch, and the library's version. No engine needed."""

from __future__ import annotations

from typing import Any

from ._calls import answer, document
from ._library import library


def version() -> str:
    """The library's version, "0.1.0"."""
    return library.jobmedic_version().decode()


def apply_patch(value: Any, patch: list[dict[str, Any]]) -> Any:
    """The value after all operations of the RFC 6902 patch; the arguments are left as they are.

    Raises PatchError (detail: operation, pointer) where an operation does not apply, SchemaError for what is no patch.
    """
    return answer(library.jobmedic_apply_patch, *document(value), *document(patch))


def diff(before: Any, after: Any) -> list[dict[str, Any]]:
    """A short RFC 6902 patch that turns `before` into `after`; the same pair gives the same patch."""
    return answer(library.jobmedic_diff, *document(before), *document(after))
