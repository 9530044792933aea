"""The command line tool, as a scheduler calls it."""
import json
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = os.environ.get("JOBMEDIC_TOOL", str(ROOT / "build/bin/jobmedic"))
DATA = pathlib.Path(os.environ.get("JOBMEDIC_TEST_DATA", ROOT.parent / "shared/data"))


def jobmedic(*arguments, stdin=""):
    """The document that it answers with."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(ROOT / "build/test-cache")}
    done = subprocess.run([TOOL, *map(str, arguments), "--format", "json"], input=stdin, capture_output=True, text=True,
                          env=environment, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
