"""How the package finds libjobmedic.so."""

import importlib.util
import os
import shutil
import subprocess
import sys

import pytest
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


def test_a_wheel_of_the_package_works_without_the_checkout(tmp_path):
    missing = [tool for tool in ("pip", "setuptools", "wheel") if importlib.util.find_spec(tool) is None]
    if missing:
        pytest.skip("needs " + ", ".join(missing))
    shutil.copytree(PACKAGE, tmp_path / "source", ignore=shutil.ignore_patterns("__pycache__"))
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    offline = ["--no-deps", "--no-index", "--no-build-isolation"]
    subprocess.run([*pip, "wheel", *offline, "-w", tmp_path, tmp_path / "source"], check=True)
    (wheel,) = tmp_path.glob("jobmedic-*.whl")
    subprocess.run([*pip, "install", *offline, "--target", tmp_path / "installed", wheel], check=True)
    code = "import jobmedic; print(jobmedic.__file__, jobmedic.apply_patch({}, []))"
    library = os.path.abspath(jobmedic.library_path())
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "installed"), "JOBMEDIC_LIBRARY": library},
    )
    assert done.stdout == f"{tmp_path}/installed/jobmedic/__init__.py {{}}\n"
    assert (tmp_path / "installed/jobmedic/py.typed").exists()
