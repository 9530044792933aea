"""examples/python/heal.py, as a person runs it."""

import json
import subprocess
import sys

from conftest import ROOT

SCRIPT = ROOT / "examples" / "python" / "heal.py"


def run(*arguments):
    return subprocess.run([sys.executable, SCRIPT, *map(str, arguments)], capture_output=True, text=True)


def test_it_heals_the_job_and_prints_the_new_configuration(failed_job, tmp_path, package_in_environment):
    attempt = tmp_path / "attempt.json"
    attempt.write_text(json.dumps(failed_job.attempt))
    done = run(f"sqlite:{tmp_path}/store.db", attempt, *failed_job.paths)
    assert done.returncode == 0, done.stderr
    assert "(memory_config)" in done.stdout and "restart: True" in done.stdout
    config = json.loads(done.stdout[done.stdout.index("\n{") :])
    assert config != failed_job.attempt["config"]


def test_what_goes_wrong_is_one_line(tmp_path, package_in_environment):
    done = run(f"sqlite:{tmp_path}/store.db", "/no/such/attempt.json", "driver.stderr")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "/no/such/attempt.json" in done.stderr
