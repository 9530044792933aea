"""The wheel in a fresh environment, as its user meets it."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import PACKAGE, ROOT
from installed import PROGRAMS, environment, outside, wheel, without  # noqa: F401

FAILED_JOB = ROOT / "examples/data/failed-job"
PLATFORM = {"libc.so.6", "libm.so.6", "libgcc_s.so.1", "libstdc++.so.6", "libz.so.1", "libresolv.so.2", "linux-vdso.so.1"}


def first_lines(guide):
    """The three lines that a guide begins with."""
    blocks = re.findall(r"```python[^\n]*\n(.*?)```", guide.read_text(), flags=re.DOTALL)
    (block,) = [block for block in blocks if block.startswith("from jobmedic import Engine\nwith Engine() as engine:")]
    assert len(block.splitlines()) == 3
    return block


def test_one_wheel_serves_every_python_of_its_platform(wheel):  # noqa: F811
    assert re.fullmatch(r"jobmedic-[\d.]+-py3-none-(manylinux|linux)_\w+\.whl", wheel.name)


def test_it_carries_the_library_the_module_for_torch_the_types_and_the_licenses(wheel):  # noqa: F811
    names = zipfile.ZipFile(wheel).namelist()
    assert "jobmedic/py.typed" in names and "jobmedic/licenses/jobmedic" in names
    assert any(name.startswith("jobmedic/libjobmedic.so.") for name in names)
    assert not any("libtorch" in name or "libc10" in name for name in names)


def test_what_its_library_needs_is_in_it_or_on_every_linux(environment):  # noqa: F811
    code = "import jobmedic; print(jobmedic.library_path())"
    library = environment.run("-c", code).strip()
    assert str(environment.folder) in library
    needed = subprocess.run(["ldd", library], capture_output=True, text=True, check=True, env=outside()).stdout
    for line in needed.splitlines():
        name, _, place = line.strip().partition(" => ")
        if place:
            assert name.split()[0] in PLATFORM or "/jobmedic.libs/" in place, line


@pytest.mark.parametrize("guide", [ROOT / "README.md", PACKAGE / "about.md"], ids=["README", "about"])
def test_three_lines_classify_the_first_real_log(environment, guide):  # noqa: F811
    printed = environment.run("-c", first_lines(guide), cwd=FAILED_JOB)
    assert printed == "An executor ran out of JVM heap until the job gave up.\n"


def pythons():
    """Every other Python on this machine that is not too old."""
    found = {shutil.which(f"python3.{minor}") for minor in range(9, 16)}
    if shutil.which("pyenv"):
        root = subprocess.run(["pyenv", "root"], capture_output=True, text=True).stdout.strip()
        found.update(map(str, Path(root).glob("versions/*/bin/python3")))
    versions = {}
    for path in sorted(filter(None, found)):
        code = "import sys; print('%d.%d' % sys.version_info[:2])"
        version = subprocess.run([path, "-c", code], capture_output=True, text=True).stdout.strip()
        if version and tuple(map(int, version.split("."))) >= (3, 9):
            versions.setdefault(version, path)
    return sorted(versions.items(), key=lambda item: int(item[0].split(".")[1]))


@pytest.mark.parametrize("path", [pytest.param(path, id=version) for version, path in pythons()])
def test_the_same_wheel_works_on_each_python_of_this_machine(environment, path):  # noqa: F811
    (packages,) = environment.folder.glob("lib/python*/site-packages")
    done = subprocess.run(
        [path, "-W", "error", "-c", first_lines(PACKAGE / "about.md")],
        capture_output=True,
        text=True,
        cwd=FAILED_JOB,
        env={**outside(), "PYTHONPATH": str(packages)},
    )
    assert (done.returncode, done.stdout) == (0, "An executor ran out of JVM heap until the job gave up.\n"), done.stderr


def test_ten_thousand_calls_from_sixteen_threads_while_engines_come_and_go_keep_memory_flat(environment):  # noqa: F811
    seen = json.loads(environment.run(PROGRAMS / "load.py", 10_000, FAILED_JOB))
    assert seen["seen"] == ["/b", "2g", "memory_config"]
    warm, end = seen["memory"][4], seen["memory"][-1]
    print("RSS in MB:", [round(each / 1e6) for each in seen["memory"]])
    assert end - warm < 0.15 * warm, seen["memory"]


@pytest.mark.parametrize("method, refused", [("fork", "refused"), ("forkserver", "none inherited"), ("spawn", "none inherited")])
def test_a_hundred_children_of_each_kind_work_and_none_hangs(environment, method, refused):  # noqa: F811
    printed = environment.run(PROGRAMS / "children.py", method, 100, FAILED_JOB)
    assert printed == f"('memory_config', '{refused}') at least 100\n"


def test_without_the_systems_libtorch_the_built_in_pass_serves_and_says_so(environment, training, tmp_path):  # noqa: F811
    """The module is there; the loader is told to find no libtorch."""
    shutil.copy(training["store"], tmp_path / "history.db")
    (module,) = environment.folder.glob("lib/python*/site-packages/jobmedic/libjobmedic_torch.so")
    lame = tmp_path / "libjobmedic_torch.so"
    data = module.read_bytes()
    assert b"libtorch_cpu.so" in data
    lame.write_bytes(data.replace(b"libtorch_cpu.so", b"libtorch_nil.so"))
    code = f"""
import json
from jobmedic import Engine
with Engine(store="sqlite:{tmp_path}/history.db", torch_module={str(lame)!r}) as engine:
    print(json.dumps([engine.warm_up(), engine.info()["served_by"]]))
"""
    warm, served_by = json.loads(environment.run("-c", code))
    assert warm["libtorch"] is False and "libtorch_nil.so" in warm["reason"]
    assert served_by == "builtin"


def test_the_annotations_are_complete_and_sound():
    mypy = shutil.which("mypy")
    if mypy is None:
        without("needs mypy (Debian: mypy)")
    done = subprocess.run(
        [mypy, "--config-file", "pyproject.toml", "--cache-dir", os.devnull], cwd=PACKAGE, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_store_in_postgresql_is_within_reach_of_the_wheel(environment):  # noqa: F811
    """No server is needed to see that libpq came along: it answers that nobody listens."""
    code = """
from jobmedic import Engine, StoreError
try:
    Engine(store="postgresql://nobody@127.0.0.1:1/none")
except StoreError as error:
    print(error)
"""
    printed = environment.run("-c", code)
    assert "127.0.0.1" in printed and "not built" not in printed, printed


def test_the_version_is_the_librarys(environment):  # noqa: F811
    code = "import importlib.metadata, jobmedic; print(importlib.metadata.version('jobmedic') == jobmedic.version())"
    assert environment.run("-c", code) == "True\n"
