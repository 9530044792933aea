import json
import os
import subprocess

import pytest

from subject import ATTEMPT, ROOT, TOOL, Answer


@pytest.fixture
def tool(tmp_path):
    """tool("classify", ...): runs in a folder of its own, with a cache of compiled rules that all tests share."""
    def run(*arguments, stdin=b"", **options):
        environment = {**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(ROOT / "build/test-cache")}
        return Answer(subprocess.run([TOOL, *map(str, arguments)], input=stdin, capture_output=True, cwd=tmp_path,
                                     env=environment, timeout=120, **options))
    return run


@pytest.fixture
def write(tmp_path):
    """write("a.json", value): a file beside the tool; text and bytes as they are, the rest as JSON."""
    def write_file(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return name
    return write_file


@pytest.fixture
def empty_store():
    """The URL of a store that is not there yet: a file or, under tests/postgresql, a database of its own."""
    if os.environ.get("JOBMEDIC_TEST_STORE") != "postgresql":
        yield "sqlite:jobmedic.db"
        return
    subprocess.run(["psql", "-qXc", "CREATE DATABASE tool TEMPLATE template0"], check=True)
    yield "postgresql:///tool?host=" + os.environ["PGHOST"]
    subprocess.run(["psql", "-qXc", "DROP DATABASE tool WITH (FORCE)"], check=True)


@pytest.fixture
def store(tool, write, empty_store):
    """The URL of a store with one attempt."""
    write("history-of-one.jsonl", ATTEMPT)
    tool("history", "import", "history-of-one.jsonl", "--store", empty_store).page()
    return empty_store
