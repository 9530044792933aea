"""Where the Airflow of these tests comes from: pip, into an environment of its own outside the checkout, made once."""
import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

from spark_package import CACHE, Missing
from tool import ROOT

REQUIREMENTS = pathlib.Path(__file__).with_name("airflow-requirements.txt")


def installed_airflow(wheel_folder):
    """Its python, with the wheel of this checkout. Raises Missing."""
    if sys.version_info[:2] != (3, 11):
        raise Missing(f"{REQUIREMENTS.name} is of Python 3.11, this is {sys.version.split()[0]}")
    environment = CACHE / f"airflow-{hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:12]}"
    CACHE.mkdir(parents=True, exist_ok=True)
    python = environment / "bin/python"
    with open(f"{environment}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (environment / "complete").exists():
            shutil.rmtree(environment, ignore_errors=True)
            run([sys.executable, "-m", "venv", environment])
            run([python, "-m", "pip", "install", "-q", "--no-input", "--no-deps", "-r", REQUIREMENTS])
            (environment / "complete").touch()
        library = {**os.environ, "JOBMEDIC_LIBRARY": str(ROOT / "build/lib/libjobmedic.so")}
        wheel = run([ROOT / "bindings/python/build_wheel", wheel_folder], env=library).stdout.strip()
        run([python, "-m", "pip", "install", "-q", "--no-index", "--no-deps", "--force-reinstall", wheel])
    return python


def run(command, **options):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=1200, **options)
    except subprocess.TimeoutExpired as late:
        raise Missing(f"Airflow could not be installed within {late.timeout:.0f} s") from None
    if done.returncode != 0:
        last = ([line for line in (done.stdout + done.stderr).splitlines() if line.strip()] or ["no output"])[-1]
        raise Missing(f"Airflow could not be installed: {last}")
    return done
