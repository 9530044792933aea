"""Is this process about to be killed for its memory? One reading at a time."""

from __future__ import annotations

import ctypes
import functools
import os
from array import array
from ctypes import byref
from dataclasses import dataclass
from typing import Any, Callable, Mapping, Optional, Union

from ._calls import Closable, Owner, answer, call, optional_document
from ._library import library
from ._signatures import AlertFunction, ForecasterHandle, ForecastStruct, ReadingStruct, SessionStruct

_READING_SIZE = ctypes.sizeof(ReadingStruct)
_MEMBERS = [name for name, _ in ReadingStruct._fields_]
_NOBODY = AlertFunction(0)
_UNKNOWN = float("nan")


READING_MEMBERS = tuple(_MEMBERS)


@functools.lru_cache(maxsize=None)
def columns() -> dict[str, Any]:
    """jobmedic.forecast_columns/1: "features", their names in their order, and "columns", by which a recording is read: a
    reading's "member" is its "column" times "unit"."""
    return answer(library.jobmedic_forecast_columns)


@dataclass(frozen=True)
class Forecast:
    """level: when, if a kill comes within five minutes: 4 within two minutes, 3 three, 2 four, 1 five; 0: no alert. It is
    rough: off by 0.8 levels on average where a kill was caught (see jobmedic forecast evaluate). `accepted` is False where the reading
    was late, a duplicate, or told nothing: this is then the answer before it. `probability`: of being killed within five
    minutes; `seconds`: until the kill, if there is one."""

    level: int
    alert: bool
    accepted: bool
    probability: float
    seconds: float


class Session:
    """One process or device that is being watched. Belongs to one thread at a time.

    state() and Forecaster.resume() take a session from one process to another: at most a kilobyte of plain bytes.
    """

    def __init__(self, forecaster: Forecaster, state: SessionStruct, on_alert: Optional[Callable[[Forecast], Any]]) -> None:
        self._forecaster = forecaster
        self._state = state
        self._on_alert = on_alert
        self._answer = ForecastStruct()

    def update(self, reading: Mapping[str, Optional[float]]) -> Forecast:
        """`reading`: members of jobmedic_reading by name ("time_s", "usage_bytes", ...); what is absent or None is not
        known. Calls `on_alert` for each accepted reading with an alert; what it raises passes through."""
        unknown = reading.keys() - set(_MEMBERS)
        if unknown:
            raise TypeError(f"a reading has no {', '.join(sorted(map(repr, unknown)))}")
        values = (reading.get(name) for name in _MEMBERS)
        struct = ReadingStruct(*(_UNKNOWN if value is None else value for value in values))
        call(library.jobmedic_forecast_update, self._forecaster._handle(), byref(self._state), byref(struct), _READING_SIZE,
             byref(self._answer), _NOBODY, None)
        said = self._answer
        forecast = Forecast(said.level, said.alert != 0, said.accepted != 0, said.probability, said.seconds)
        if self._on_alert is not None and forecast.alert and forecast.accepted:
            self._on_alert(forecast)
        return forecast

    def reasons(self) -> dict[str, Any]:
        """What moves the last answer most: jobmedic.forecast_reasons/1."""
        return answer(library.jobmedic_forecast_reasons, self._forecaster._handle(), byref(self._state))

    def state(self) -> bytes:
        return bytes(self._state)


class Forecaster(Closable):
    """A trained model, ready: the shipped one, a file that `jobmedic forecast train` wrote, or the version that a store (its
    URL) has in service as this is made. For any number of threads.

        with Forecaster() as forecaster:
            session = forecaster.begin(limit_bytes=512 << 20, on_alert=lambda forecast: cache.clear())
            while running:
                session.update({"time_s": time.monotonic(), "usage_bytes": ..., "cache_bytes": ...})
    """

    def __init__(self, model: Union[str, os.PathLike[str], None] = None, *, store: Optional[str] = None) -> None:
        self._owner = None
        if model is not None and store is not None:
            raise TypeError("a forecaster is of a model's file or of a store, not of both")
        create = library.jobmedic_forecaster_create if store is None else library.jobmedic_forecaster_open
        source = store.encode() if store is not None else None if model is None else os.fsencode(model)
        self._owner = Owner(create, library.jobmedic_forecaster_free, ForecasterHandle, source, len(source or b""))

    def begin(self, *, device_type: Optional[str] = None, sdk_version: Optional[str] = None,
              budget_bytes: Optional[float] = None, limit_bytes: Optional[float] = None,
              on_alert: Optional[Callable[[Forecast], Any]] = None) -> Session:
        """`limit_bytes`: the limit itself, where it is known; else the model tells what the device really lets a process
        use, or a device it does not know a part of `budget_bytes`."""
        place = {"device_type": device_type, "sdk_version": sdk_version, "budget_bytes": budget_bytes, "limit_bytes": limit_bytes}
        state = SessionStruct()
        known = {name: value for name, value in place.items() if value is not None}
        call(library.jobmedic_forecast_begin, self._handle(), *optional_document(known), byref(state))
        return Session(self, state, on_alert)

    def features(self, readings: Any, **place: Union[str, float, None]) -> tuple[array[float], bytes]:
        """The features of all readings of a session, equal to the last bit to those of one that is watched. `readings`:
        doubles in rows of READING_MEMBERS, any object with the buffer interface (a numpy array of shape (n, 15), an array("d"));
        NaN: not known. `place`: device_type, sdk_version, budget_bytes, limit_bytes, as for begin().

        -> n rows of float32, by columns()["features"], and n bytes: 1 where the reading was accepted. A reading that was not
        repeats the row before it.
        """
        data = memoryview(readings).cast("B")
        count, rest = divmod(len(data), _READING_SIZE)
        if rest:
            raise ValueError(f"readings are rows of {len(_MEMBERS)} doubles")
        width = len(columns()["features"])
        rows, accepted = array("f", bytes(4 * width * count)), bytearray(count)
        if count == 0:
            return rows, b""
        source = (ReadingStruct * count).from_buffer_copy(data)
        known = {name: value for name, value in place.items() if value is not None}
        call(library.jobmedic_forecast_features, self._handle(), *optional_document(known), source, _READING_SIZE, count,
             (ctypes.c_float * len(rows)).from_buffer(rows), width, (ctypes.c_uint8 * count).from_buffer(accepted))
        return rows, bytes(accepted)

    def resume(self, state: bytes, *, on_alert: Optional[Callable[[Forecast], Any]] = None) -> Session:
        """A session from its state()."""
        return Session(self, SessionStruct.from_buffer_copy(state), on_alert)
