"""How the package finds libjobmedic.so."""

import os
import subprocess
import sys

from conftest import PACKAGE

import jobmedic


def import_error(**environment):
    done = subprocess.run(
        [sys.executable, "-c", "import jobmedic"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(PACKAGE), **environment},
    )
    assert done.returncode == 1
    return done.stderr


def test_a_library_that_is_not_there_is_named_with_the_way_out():
    error = import_error(JOBMEDIC_LIBRARY="/no/such/libjobmedic.so")
    assert "ImportError: libjobmedic was not found" in error
    assert "/no/such/libjobmedic.so" in error and "JOBMEDIC_LIBRARY" in error


def test_a_library_that_is_another_one_is_refused():
    import ctypes.util

    error = import_error(JOBMEDIC_LIBRARY=ctypes.util.find_library("m"))
    assert "ImportError" in error and "jobmedic_abi_version" in error


def test_the_library_in_use_can_be_asked_for():
    assert os.path.basename(jobmedic.library_path()).startswith("libjobmedic.so")
