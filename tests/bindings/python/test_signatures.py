"""The table of types in _signatures.py is the header's: this reads jobmedic.h and compares every declaration."""

import ctypes
import re

import pytest
from conftest import ROOT

from jobmedic import _errors, _signatures

HEADER = re.sub(r"/\*.*?\*/", " ", (ROOT / "capi" / "jobmedic.h").read_text(), flags=re.DOTALL)

VALUES = {
    "void": None,
    "int32_t": ctypes.c_int32,
    "uint32_t": ctypes.c_uint32,
    "int64_t": ctypes.c_int64,
    "size_t": ctypes.c_size_t,
    "double": ctypes.c_double,
    "jobmedic_status": ctypes.c_int32,
    "jobmedic_log_fn": _signatures.LogFunction,
    "jobmedic_event_fn": _signatures.EventFunction,
    "jobmedic_progress_fn": _signatures.ProgressFunction,
    "jobmedic_alert_fn": _signatures.AlertFunction,
    "float*": ctypes.POINTER(ctypes.c_float),
    "uint8_t*": ctypes.POINTER(ctypes.c_uint8),
    "const char*": ctypes.c_char_p,
    "void*": ctypes.c_void_p,
    "const jobmedic_log*": ctypes.POINTER(_signatures.Log),
}
HANDLES = {
    "jobmedic_error": _signatures.ErrorHandle,
    "jobmedic_buffer": _signatures.Buffer,
    "jobmedic_engine": _signatures.EngineHandle,
    "jobmedic_scan": _signatures.ScanHandle,
    "jobmedic_optimizer": _signatures.OptimizerHandle,
    "jobmedic_forecaster": _signatures.ForecasterHandle,
    "jobmedic_session": _signatures.SessionStruct,
    "jobmedic_reading": _signatures.ReadingStruct,
    "jobmedic_forecast": _signatures.ForecastStruct,
}


def ctype(declared):
    """The ctypes type of "const char* name", of "jobmedic_buffer** out" or of a type alone."""
    match = re.fullmatch(r"((?:const )?\w+)\s*(\**)\s*\w*", declared.strip())
    assert match, declared
    base, stars = match.groups()
    if base + stars in VALUES:
        return VALUES[base + stars]
    kind = HANDLES[base.replace("const ", "")]
    assert stars, declared
    for _ in stars:
        kind = ctypes.POINTER(kind)
    return kind


def arguments(text):
    return [] if text.strip() == "void" else [ctype(argument) for argument in text.split(",")]


DECLARED = {
    name: (ctype(result), arguments(parameters))
    for result, name, parameters in re.findall(r"JOBMEDIC_API ([\w\s]+?\**)\s*(jobmedic_\w+)\(([^)]*)\);", HEADER)
}


def test_the_header_was_understood():
    assert len(DECLARED) == HEADER.count("JOBMEDIC_API ") - 1  # less its #define


def test_every_function_of_the_header_is_declared_and_no_other():
    assert set(_signatures.SIGNATURES) == set(DECLARED)


@pytest.mark.parametrize("name", sorted(DECLARED))
def test_result_and_arguments_are_the_headers(name):
    assert _signatures.SIGNATURES[name] == DECLARED[name]


@pytest.mark.parametrize(
    "name, kind",
    [
        ("jobmedic_log_fn", _signatures.LogFunction),
        ("jobmedic_event_fn", _signatures.EventFunction),
        ("jobmedic_progress_fn", _signatures.ProgressFunction),
        ("jobmedic_alert_fn", _signatures.AlertFunction),
    ],
)
def test_callbacks_take_what_the_header_says(name, kind):
    result, parameters = re.search(r"typedef (\w+) \(\*%s\)\(([^)]*)\);" % name, HEADER).groups()
    as_address = [ctypes.c_void_p if a is ctypes.c_char_p else a for a in arguments(parameters)]
    assert kind._restype_ == ctype(result)
    assert list(kind._argtypes_) == as_address


def test_the_log_struct_has_the_headers_members():
    body = re.search(r"typedef struct jobmedic_log \{(.*?)\}", HEADER, flags=re.DOTALL).group(1)
    members = [(re.findall(r"\w+", member)[-1], ctype(member)) for member in body.split(";") if member.strip()]
    assert _signatures.Log._fields_ == members


@pytest.mark.parametrize("name, struct", [("jobmedic_reading", _signatures.ReadingStruct),
                                          ("jobmedic_forecast", _signatures.ForecastStruct)])
def test_the_structs_of_a_forecast_have_the_headers_members(name, struct):
    body = re.search(r"typedef struct %s \{(.*?)\}" % name, HEADER, flags=re.DOTALL).group(1)
    members = []
    for member in filter(str.strip, body.split(";")):
        kind, *names = re.findall(r"\w+", member)
        members += [(name, ctype(kind)) for name in names]
    assert struct._fields_ == members


def test_the_abi_number_and_the_status_codes_are_the_headers():
    assert int(re.search(r"#define JOBMEDIC_ABI_VERSION (\d+)", HEADER).group(1)) == _signatures.ABI_VERSION
    codes = {int(code) for code in re.findall(r"JOBMEDIC_E_\w+ = (\d+)", HEADER)}
    assert codes == set(_errors.BY_STATUS)
