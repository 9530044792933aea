"""Where the Spark of these tests comes from: pip, into an environment of its own outside the checkout, made once."""
import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

REQUIREMENTS = pathlib.Path(__file__).with_name("requirements.txt")
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "jobmedic"


class Missing(Exception):
    """What this machine lacks, and how to get it."""


class SparkPackage:
    def __init__(self, python):
        self.python = python
        self.home = next(python.parents[1].glob("lib/python*/site-packages/pyspark"))


def installed_spark():
    """The package named in requirements.txt. Raises Missing."""
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        raise Missing("no java in PATH: install the packages under [live] in .ci/packages")
    wanted = requirement()
    # A changed list is another environment.
    environment = CACHE / f"{wanted.replace('==', '-')}-{hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:8]}"
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(environment.with_name(environment.name + ".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two test runs may start at once
        if not (environment / "complete").exists():
            install(environment)
            (environment / "complete").touch()
    return SparkPackage(environment / "bin/python")


def requirement():
    lines = REQUIREMENTS.read_text().splitlines()
    return next(line for line in lines if line and not line.startswith("#"))


def install(environment):
    shutil.rmtree(environment, ignore_errors=True)
    run([sys.executable, "-m", "venv", environment])
    run([environment / "bin/python", "-m", "pip", "install", "-q", "--no-input", "-r", REQUIREMENTS])


def run(command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    except subprocess.TimeoutExpired as late:
        raise Missing(f"{requirement()} could not be installed within {late.timeout:.0f} s") from None
    if done.returncode != 0:
        last = ([line for line in (done.stdout + done.stderr).splitlines() if line.strip()] or ["no output"])[-1]
        raise Missing(f"{requirement()} could not be installed: {last}")
