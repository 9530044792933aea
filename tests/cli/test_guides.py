"""Every command and snippet of README.md and the guides is run; how is in guide.py."""
import os
import pathlib
import re
import shutil
import subprocess

import pytest

from guide import blocks, links, pages
from subject import ROOT, TOOL

NAMES = [str(page.relative_to(ROOT)) for page in pages()]


@pytest.fixture
def folder(tmp_path):
    """Where a page's commands run: the checkout's examples, and what the README takes for granted."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    job = ROOT / "examples/data/failed-job"
    shutil.copy(ROOT / "examples/data/history.jsonl", tmp_path / "attempts.jsonl")
    shutil.copy(job / "attempt.json", tmp_path / "attempt.json")
    shutil.copy(job / "driver.stdout", tmp_path / "driver.stdout")
    shutil.copytree(job, tmp_path / "failures/nightly")
    return tmp_path


def run(folder, script):
    environment = {**os.environ, "PATH": f"{pathlib.Path(TOOL).parent}:/usr/bin:{os.environ['PATH']}", "HOME": str(folder),
                   "XDG_CACHE_HOME": str(ROOT / "build/test-cache")}
    return subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=folder, env=environment, capture_output=True, text=True,
                          timeout=600)


def in_order(lines, text):
    """Does each line occur in the text, after the one before it?"""
    at = 0
    for line in filter(None, map(str.strip, lines)):
        at = text.find(line, at)
        if at < 0:
            return line
        at += len(line)
    return None


def needs_torch(page):
    return "train" in page.read_text(encoding="utf-8") and not (pathlib.Path(TOOL).parents[1] / "lib/libjobmedic_torch.so").exists()


@pytest.mark.parametrize("name", NAMES)
def test_each_block_of_a_page_does_what_it_says(name, folder):
    page = ROOT / name
    if needs_torch(page):
        pytest.skip("libjobmedic_torch.so is not built")
    said = None
    for block in blocks(page):
        where = f"{name}:{block.line}"
        if "run-by" in block.marks:
            test = ROOT / block.marks["run-by"]
            assert test.is_file(), f"{where}: there is no {test}"
            assert name in test.read_text(encoding="utf-8"), f"{where}: {test} does not say that it runs {name}"
        elif "not-run" in block.marks:
            assert block.language != "sh", f"{where}: a command can be run"
        elif "part-of" in block.marks:
            source = (ROOT / block.marks["part-of"]).read_text(encoding="utf-8")
            missing = [line for line in block.text.splitlines() if line.strip() not in source]
            assert not missing, f"{where}: not in {block.marks['part-of']}: {missing}"
        elif "file" in block.marks:
            (folder / block.marks["file"]).write_text(block.text, encoding="utf-8")
        elif block.language == "sh":
            done = run(folder, block.text)
            said = done.stdout + done.stderr
            assert done.returncode == 0, f"{where} ended with {done.returncode}:\n{said}"
        elif block.language == "text":
            assert said is not None, f"{where}: no block was run before it"
            missing = in_order(block.text.splitlines(), said)
            assert missing is None, f"{where}: not printed: {missing}\nbut:\n{said}"
        else:
            pytest.fail(f"{where}: nothing runs this block; guide.py says how to mark it")


@pytest.mark.parametrize("name", NAMES)
def test_each_link_of_a_page_leads_somewhere(name):
    lost = [target for target in links(ROOT / name) if not (ROOT / name).parent.joinpath(target).exists()]
    assert not lost, f"{name}: {lost}"


SETUP = """set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
need() { :; }
build() { :; }
"""


def test_examples_run_prints_what_the_readme_shows(tmp_path):
    """The script itself, on what is built already; figures may differ from machine to machine."""
    page = ROOT / "README.md"
    if needs_torch(page):
        pytest.skip("libjobmedic_torch.so is not built")
    (tmp_path / "examples").mkdir()
    shutil.copy(ROOT / "examples/run", tmp_path / "examples/run")
    (tmp_path / "examples/data").symlink_to(ROOT / "examples/data")
    (tmp_path / ".ci").mkdir()
    (tmp_path / ".ci/setup.sh").write_text(SETUP, encoding="utf-8")
    (tmp_path / "build/bin").mkdir(parents=True)
    (tmp_path / "build/bin/jobmedic").symlink_to(TOOL)
    done = run(tmp_path, "examples/run")
    assert done.returncode == 0, done.stderr
    shown = next(block.text for block in blocks(page) if block.language == "text")
    printed = without_figures(done.stdout)
    missing = in_order([without_figures(line).removesuffix("...") for line in shown.splitlines()], printed)
    assert missing is None, f"not printed: {missing}\nbut:\n{printed}"


def without_figures(text):
    return " ".join(re.sub(r"[\d.,-]*\d", "#", text).split())
