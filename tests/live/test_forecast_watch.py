"""The same leaking process under a real memory limit, with and without a callback that frees its cache."""
import os
import pathlib
import subprocess
import sys
import time

import pytest

from conftest import without
from tool import TOOL

LEAK = pathlib.Path(__file__).parent / "jobs/leak.py"
LIMIT = 48 << 20
SPEED = 60  # as the recording's: a second is a minute
RUNS = 10 if os.environ.get("JOBMEDIC_ALL_RUNS") else 3


def memory_folder():
    """Where groups with a memory limit are made, and the names of their limit: cgroup v1 or v2."""
    if pathlib.Path("/sys/fs/cgroup/memory/memory.limit_in_bytes").exists():
        return pathlib.Path("/sys/fs/cgroup/memory"), "memory.limit_in_bytes"
    if "memory" in (pathlib.Path("/sys/fs/cgroup/cgroup.subtree_control").read_text().split()
                    if pathlib.Path("/sys/fs/cgroup/cgroup.subtree_control").exists() else []):
        return pathlib.Path("/sys/fs/cgroup"), "memory.max"
    without("no control group with a memory limit can be made here")


@pytest.fixture
def group(request):
    base, limit = memory_folder()
    folder = base / f"jobmedic-test-{os.getpid()}"
    try:
        folder.mkdir()
        (folder / limit).write_text(str(LIMIT))
        swap = folder / ("memory.swap.max" if limit == "memory.max" else "memory.memsw.limit_in_bytes")
        if swap.exists():
            swap.write_text("0" if limit == "memory.max" else str(LIMIT))
    except OSError as problem:
        if folder.exists():
            folder.rmdir()
        without(f"no control group with a memory limit can be made here: {problem}")
    yield folder
    for _ in range(100):
        try:
            folder.rmdir()
            return
        except OSError:
            time.sleep(0.1)


def run(group, step_kib, callback, most_kib=1 << 30):
    """(killed by the kernel, warnings) of one run that fills its cache up to `most_kib`, with twice the limit in all."""
    process = subprocess.Popen([sys.executable, LEAK, group / "cgroup.procs", str(step_kib), str(most_kib), str(2 * LIMIT // 1024),
                                "4"], stdout=subprocess.PIPE)
    with process:
        assert process.stdout.readline() == b"ready\n"
        command = ["--exec", "kill -USR1 $JOBMEDIC_PID"] if callback else []
        watch = subprocess.run([TOOL, "forecast", "watch", "--pid", str(process.pid), "--every", "0.1", "--speed", str(SPEED),
                                "--pause", "1", *command], capture_output=True, timeout=300)
        process.stdout.read()
        code = process.wait(60)
    assert code in (0, -9), code
    assert watch.returncode in (0, 3), watch.stderr
    return code == -9, watch.stdout.count(b"\n")


def test_a_leak_with_a_callback_is_killed_less_often_and_false_alarms_are_counted(group):
    kills = {False: 0, True: 0}
    for i in range(RUNS):
        for callback in kills:
            killed, warnings = run(group, 300 + 60 * i, callback)
            kills[callback] += killed
            assert warnings > 0 or killed, "twice the limit went in, and nobody warned or was killed"
    # These fill half to four fifths of the limit, and stay there.
    healthy = [run(group, 400, False, int((0.5 + 0.3 * i / (RUNS - 1)) * LIMIT / 1024) - 8192) for i in range(RUNS)]
    assert not any(killed for killed, _ in healthy)
    alarms = [warnings for _, warnings in healthy]
    print(f"\nleaks killed without a callback: {kills[False]} of {RUNS}, with one: {kills[True]} of {RUNS}; "
          f"price: {sum(map(bool, alarms))} of {RUNS} processes that do not leak were warned of, {sum(alarms)} warnings")
    assert kills[False] == RUNS, "a leak that nobody stops is killed"
    assert kills[True] < kills[False]
