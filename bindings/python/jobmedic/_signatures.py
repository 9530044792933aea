"""jobmedic.h for ctypes: every function with its types. A test compares this table with the header."""

from __future__ import annotations

import ctypes
from ctypes import CFUNCTYPE, POINTER, c_char_p, c_double, c_float, c_int32, c_int64, c_size_t, c_uint8, c_uint32, c_void_p

ABI_VERSION = 1


class ErrorHandle(ctypes.Structure):
    """Opaque, like the next five."""


class Buffer(ctypes.Structure):
    pass


class EngineHandle(ctypes.Structure):
    pass


class ScanHandle(ctypes.Structure):
    pass


class OptimizerHandle(ctypes.Structure):
    pass


class ForecasterHandle(ctypes.Structure):
    pass


class SessionStruct(ctypes.Structure):
    _fields_ = [("state", ctypes.c_uint64 * 120)]


class ReadingStruct(ctypes.Structure):
    _fields_ = [
        (name, c_double)
        for name in (
            "time_s",
            "navigation_level",
            "resident_bytes",
            "private_bytes",
            "shared_bytes",
            "virtual_bytes",
            "minor_faults",
            "major_faults",
            "cpu_s",
            "threads",
            "usage_bytes",
            "cache_bytes",
            "group_bytes",
            "group_major_faults",
            "limit_hits",
        )
    ]


class ForecastStruct(ctypes.Structure):
    _fields_ = [
        ("level", c_int32),
        ("alert", c_int32),
        ("accepted", c_int32),
        ("reserved", c_int32),
        ("probability", c_double),
        ("seconds", c_double),
    ]


class Log(ctypes.Structure):
    _fields_ = [
        ("name", c_char_p),
        ("name_size", c_size_t),
        ("data", c_char_p),
        ("data_size", c_size_t),
        ("path", c_char_p),
        ("path_size", c_size_t),
    ]


# Their text does not end in NUL, so it comes as an address (c_void_p) and a size.
LogFunction = CFUNCTYPE(None, c_int32, c_void_p, c_size_t, c_void_p)
EventFunction = CFUNCTYPE(None, c_int32, c_void_p, c_size_t, c_void_p)
ProgressFunction = CFUNCTYPE(c_int32, c_double, c_void_p, c_size_t, c_void_p)
AlertFunction = CFUNCTYPE(None, POINTER(ForecastStruct), c_void_p)

_status = c_int32
_error = POINTER(ErrorHandle)
_buffer = POINTER(Buffer)
_engine = POINTER(EngineHandle)
_scan = POINTER(ScanHandle)
_optimizer = POINTER(OptimizerHandle)
_forecaster = POINTER(ForecasterHandle)
_session = POINTER(SessionStruct)
_text = [c_char_p, c_size_t]
_logs = [POINTER(Log), c_size_t, c_size_t]
_failure = [POINTER(_error)]
_answer = [POINTER(_buffer), POINTER(_error)]

# name: (result, arguments)
SIGNATURES = {
    "jobmedic_abi_version": (c_uint32, []),
    "jobmedic_version": (c_char_p, []),
    "jobmedic_status_name": (c_char_p, [_status]),
    "jobmedic_error_status": (_status, [_error]),
    "jobmedic_error_message": (c_char_p, [_error]),
    "jobmedic_error_detail": (c_char_p, [_error]),
    "jobmedic_error_free": (None, [_error]),
    "jobmedic_buffer_data": (c_char_p, [_buffer]),
    "jobmedic_buffer_size": (c_size_t, [_buffer]),
    "jobmedic_buffer_free": (None, [_buffer]),
    "jobmedic_apply_patch": (_status, [*_text, *_text, *_answer]),
    "jobmedic_diff": (_status, [*_text, *_text, *_answer]),
    "jobmedic_engine_create": (_status, [*_text, POINTER(_engine), *_failure]),
    "jobmedic_engine_free": (None, [_engine]),
    "jobmedic_engine_warm_up": (_status, [_engine, *_answer]),
    "jobmedic_engine_reload": (_status, [_engine, *_failure]),
    "jobmedic_engine_info": (_status, [_engine, *_answer]),
    "jobmedic_engine_set_log": (_status, [_engine, LogFunction, c_void_p, *_failure]),
    "jobmedic_engine_set_events": (_status, [_engine, c_int32, EventFunction, c_void_p, *_failure]),
    "jobmedic_metrics": (_status, [_engine, *_answer]),
    "jobmedic_classify": (_status, [_engine, *_text, *_logs, *_answer]),
    "jobmedic_collect": (_status, [_engine, *_text, *_text, *_answer]),
    "jobmedic_recommend": (_status, [_engine, *_text, *_text, *_answer]),
    "jobmedic_remediate": (_status, [_engine, *_text, *_logs, *_answer]),
    "jobmedic_remediate_classified": (_status, [_engine, *_text, *_text, *_answer]),
    "jobmedic_get_config": (_status, [_engine, *_text, *_answer]),
    "jobmedic_explain_config": (_status, [_engine, *_text, *_answer]),
    "jobmedic_put_patch": (_status, [_engine, *_text, *_text, *_answer]),
    "jobmedic_changes": (_status, [_engine, *_text, *_answer]),
    "jobmedic_stop_automation": (_status, [_engine, c_int32, *_text, *_answer]),
    "jobmedic_scan_create": (_status, [_engine, *_text, POINTER(_scan), *_failure]),
    "jobmedic_scan_feed": (_status, [_scan, *_text, *_text, *_failure]),
    "jobmedic_scan_result": (_status, [_scan, *_answer]),
    "jobmedic_scan_free": (None, [_scan]),
    "jobmedic_record": (_status, [_engine, *_text, *_failure]),
    "jobmedic_record_outcome": (_status, [_engine, *_text, *_text, *_answer]),
    "jobmedic_import_history": (_status, [_engine, *_text, *_answer]),
    "jobmedic_train": (_status, [_engine, *_text, ProgressFunction, c_void_p, *_answer]),
    "jobmedic_optimizer_create": (_status, [*_text, *_text, POINTER(_optimizer), *_failure]),
    "jobmedic_optimizer_ask": (_status, [_optimizer, *_answer]),
    "jobmedic_optimizer_tell": (_status, [_optimizer, c_int64, c_double, *_failure]),
    "jobmedic_optimizer_best": (_status, [_optimizer, *_answer]),
    "jobmedic_optimizer_free": (None, [_optimizer]),
    "jobmedic_rightsize": (_status, [_engine, *_text, c_int32, *_answer]),
    "jobmedic_forecaster_create": (_status, [*_text, POINTER(_forecaster), *_failure]),
    "jobmedic_forecaster_open": (_status, [*_text, POINTER(_forecaster), *_failure]),
    "jobmedic_forecaster_free": (None, [_forecaster]),
    "jobmedic_forecast_begin": (_status, [_forecaster, *_text, _session, *_failure]),
    "jobmedic_forecast_update": (
        _status,
        [_forecaster, _session, POINTER(ReadingStruct), c_size_t, POINTER(ForecastStruct), AlertFunction, c_void_p, *_failure],
    ),
    "jobmedic_forecast_reasons": (_status, [_forecaster, _session, *_answer]),
    "jobmedic_forecast_columns": (_status, _answer),
    "jobmedic_forecast_features": (
        _status,
        [_forecaster, *_text, POINTER(ReadingStruct), c_size_t, c_size_t, POINTER(c_float), c_size_t, POINTER(c_uint8), *_failure],
    ),
    "jobmedic_forecast_device": (_status, [*_text, *_answer]),
    "jobmedic_forecast_curate": (_status, [*_text, *_text, *_answer]),
    "jobmedic_forecast_merge": (_status, [*_text, *_text, *_answer]),
}


def declare(library: ctypes.CDLL) -> None:
    for name, (result, arguments) in SIGNATURES.items():
        function = getattr(library, name)
        function.restype = result
        function.argtypes = arguments
