"""The wheel, built by bindings/python/build_wheel and installed by pip in a fresh environment: once for all tests."""

import os
import subprocess
import sys

import pytest
from conftest import ROOT

import jobmedic

PROGRAMS = ROOT / "tests" / "bindings" / "python" / "programs"


def without(why):
    """What cannot be had is a skip that says why; in CI that is a failure."""
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(why)


class Environment:
    """A virtual environment with nothing but the wheel in it."""

    def __init__(self, wheel, folder):
        self.wheel, self.folder = wheel, folder
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        self.python = folder / "bin" / "python"
        self.pip("install", "--no-index", wheel)

    def pip(self, *arguments):
        pip = [self.python, "-m", "pip", "-q", "--disable-pip-version-check", *arguments]
        subprocess.run(pip, check=True, env=outside())

    def run(self, *arguments, cwd=None, timeout=600, **environment):
        """What a program of it prints; its standard error is the failure's message."""
        done = subprocess.run(
            [self.python, *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=cwd or self.folder,
            env={**outside(), **environment},
            timeout=timeout,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def outside():
    """The environment of somebody who has no checkout."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "JOBMEDIC_LIBRARY")}


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    out = tmp_path_factory.mktemp("wheel")
    library = os.path.realpath(jobmedic.library_path())
    done = subprocess.run(
        [ROOT / "bindings/python/build_wheel", out],
        capture_output=True,
        text=True,
        env={**os.environ, "JOBMEDIC_LIBRARY": library, "XDG_CACHE_HOME": cache_home()},
    )
    if "could not be installed" in done.stderr:
        without(done.stderr.strip().splitlines()[-1])
    assert done.returncode == 0, done.stderr
    (path,) = out.glob("*.whl")
    assert done.stdout == f"{path}\n"
    return path


def cache_home():
    """That of the user: the tools that build a wheel are installed once for all test runs."""
    return os.environ.get("JOBMEDIC_CACHE_HOME") or os.path.expanduser("~/.cache")


@pytest.fixture(scope="session")
def environment(wheel, tmp_path_factory):
    return Environment(wheel, tmp_path_factory.mktemp("environment") / "venv")
