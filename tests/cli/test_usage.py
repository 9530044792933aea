"""Help, wrong usage, and the standard streams."""
import os
import subprocess

import pytest

from subject import TOOL

COMMANDS = [["classify"], ["recommend"], ["remediate"], ["config", "get"], ["outcome", "record"], ["metrics"], ["record"],
            ["history", "import"], ["train"],
            ["models", "list"], ["models", "show"], ["models", "promote"], ["models", "rollback"], ["rules", "test"],
            ["patch", "apply"], ["patch", "diff"], ["config", "explain"], ["config", "put"], ["config", "list"],
            ["config", "show"], ["config", "disable"], ["config", "enable"], ["config", "history"], ["config", "rollback"],
            ["config", "stop"], ["config", "resume"],
            ["optimize"], ["rules", "accept"], ["rules", "correct"], ["rules", "review"]]
COMPLETE_ALONE = [["rules", "lint"], ["rules", "list"]]


@pytest.mark.parametrize("command", COMMANDS + COMPLETE_ALONE, ids=" ".join)
def test_every_command_explains_itself_with_an_example(tool, command):
    page = tool(*command, "--help").page()
    assert "Example:\n  jobmedic " + " ".join(command) in page


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_missing_argument_is_wrong_usage_and_offers_help(tool, command):
    assert f"(try: jobmedic {' '.join(command)} --help)" in tool(*command).failure(2)


@pytest.mark.parametrize("arguments", [[], ["cure"], ["config"], ["classify", "--colour", "x.log"],
                                       ["classify", "--format", "xml", "x.log"],
                                       ["optimize", "--space", "s", "--trials", "0"],
                                       ["optimize", "--space", "s", "--trials", "many"],
                                       ["recommend", "--store", "sqlite:x", "--attempt", "a", "--job", "b"]],
                         ids=" ".join)
def test_wrong_usage_is_one_line_and_exit_code_2(tool, arguments):
    tool(*arguments).failure(2)


def test_the_overview_and_the_version(tool):
    assert "jobmedic remediate --store" in tool("--help").page()
    assert tool("--version").page().startswith("jobmedic ")


def test_a_reader_that_went_away_ends_the_tool_with_one_line(tool):
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = subprocess.run([TOOL, "--help"], stdout=write_end, stderr=subprocess.PIPE, timeout=60)
    os.close(write_end)
    assert done.returncode == 1
    assert done.stderr == b"jobmedic: standard output: Broken pipe\n"


def test_a_full_disk_is_not_taken_for_success(tool):
    with open("/dev/full", "wb") as full:
        done = subprocess.run([TOOL, "--help"], stdout=full, stderr=subprocess.PIPE, timeout=60)
    assert (done.returncode, done.stderr) == (1, b"jobmedic: standard output: No space left on device\n")


def test_closed_standard_streams_never_lend_their_number_to_a_file(tool, write, store, tmp_path):
    before = (tmp_path / "jobmedic.db").read_bytes()
    done = subprocess.run(["bash", "-c", f"{TOOL} models list --store {store} <&- >&- 2>&-"], cwd=tmp_path, timeout=60)
    assert done.returncode == 1
    assert (tmp_path / "jobmedic.db").read_bytes() == before
