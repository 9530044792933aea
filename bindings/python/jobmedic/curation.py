"""One table of device characteristics from a lake of contradictory rows, whole or in parts."""

from __future__ import annotations

from typing import Any, Iterable, Optional

from ._calls import answer, document, optional_document
from ._library import library


def curate(raw: str, *, secondary: Optional[str] = None, keys: Optional[str] = None, truth: Optional[str] = None,
           policy: Optional[dict[str, Any]] = None) -> dict[str, Any]:
    """Texts in CSV, `policy`: jobmedic.curation/1; see `jobmedic forecast curate --help`.
    -> {"table": CSV, "report": jobmedic.curation_report/1}."""
    text = raw.encode()
    given = {"secondary": secondary, "keys": keys, "truth": truth, "policy": policy}
    options = {name: value for name, value in given.items() if value is not None}
    return answer(library.jobmedic_forecast_curate, text, len(text), *document(options))


def merge(parts: Iterable[dict[str, Any]], *, truth: Optional[str] = None) -> dict[str, Any]:
    """What curate() had said of the whole lake, from its answers for parts: each with all rows of some device types, as
    device() writes them, and with the same keyword arguments."""
    return answer(library.jobmedic_forecast_merge, *document(list(parts)), *optional_document(truth and {"truth": truth}))


def device(device_type: str, sdk_version: str = "") -> tuple[str, str]:
    """A device's key in its one form: (" dt07", "6.2.0") is ("DT07", "6.2")."""
    said = answer(library.jobmedic_forecast_device, *document({"device_type": device_type, "sdk_version": sdk_version}))
    return said["device_type"], said["sdk_version"]
