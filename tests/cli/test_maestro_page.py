"""examples/java/maestro.md names nothing of Netflix Maestro that its source does not have.

tests/data/maestro/symbols.json says where each name was found. With a clone, the same of any later commit:

    python3 tests/cli/test_maestro_page.py CLONE [COMMIT]
"""
import json
import re
import subprocess
import sys

from guide import blocks
from subject import ROOT

PAGE = ROOT / "examples/java/maestro.md"
LIST = json.loads((ROOT / "tests/data/maestro/symbols.json").read_text(encoding="utf-8"))
# What the page names of others.
OURS = {"Engine", "Log", "HealingKubernetesStepRuntime", "doNotRetry", "attempt", "read", "of", "getConfig", "remediate",
        "recordOutcome", "jobmedic", "library", "unpack", "after_s"}
JACKSON = {"ObjectMapper", "ObjectNode", "JsonNode", "JsonProcessingException", "at", "asText", "asBoolean", "createObjectNode",
           "put", "putObject", "readTree"}
JDK = {"Override", "String", "List", "Map", "ArrayList", "System", "StandardCharsets", "UncheckedIOException", "toString",
       "valueOf", "getBytes", "containsKey", "get", "add", "currentTimeMillis"}


def java(page):
    """Its Java, without words that are none of the language."""
    (block,) = [block for block in blocks(page) if block.language == "java"]
    return re.sub(r'"[^"\n]*"|//[^\n]*|/\*.*?\*/', "", block.text, flags=re.DOTALL)


def named(page):
    """Classes, constants and methods."""
    code = java(page)
    found = set(re.findall(r"\b[A-Z]\w*[a-z]\w*|(?<=\.)[A-Z_]{3,}\b|(?<=\.)[a-z]\w*(?=\()", code))
    prose = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    for span in re.findall(r"`([^`\n]+)`", prose):
        if not re.match(r"-D|[0-9a-f]{12}$", span):
            found |= set(re.findall(r"[A-Za-z_]\w+", span))
    return found - {"UTF_8", "context", "retry", "step"}  # a constant of the JDK, arguments, a member of our answer


def simple_names():
    return {part for symbol in LIST["symbols"] for part in symbol["name"].split(".")}


def test_everything_of_maestro_that_the_page_names_is_in_the_list():
    assert not named(PAGE) - simple_names() - OURS - JACKSON - JDK


def test_everything_in_the_list_is_named_by_the_page():
    members = {symbol["name"].split(".")[-1] for symbol in LIST["symbols"]}
    assert not members - named(PAGE)


def test_the_page_says_which_commit_was_read():
    assert f"`{LIST['commit'][:12]}`" in PAGE.read_text(encoding="utf-8")


def test_a_name_that_maestro_does_not_have_is_seen(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(PAGE.read_text(encoding="utf-8").replace("outputs.saveOutputData(", "outputs.keepOutputData("), encoding="utf-8")
    assert named(page) - simple_names() - OURS - JACKSON - JDK == {"keepOutputData"}


def declared(symbol, lines):
    """Does the line declare it? An accessor is made by Lombok of its field, a builder of its annotation."""
    name = symbol["name"].split(".")[-1]
    field = re.sub(r"^[gs]et(?=[A-Z])", "", name)
    words = rf"\b(?:{name}|{field[0].lower() + field[1:]})\b|@Builder" if name in ("build", "toBuilder") else \
        rf"\b(?:{name}|{field[0].lower() + field[1:]})\b"
    return 0 < symbol["line"] <= len(lines) and re.search(words, lines[symbol["line"] - 1]) is not None


def missing(clone, commit):
    for symbol in LIST["symbols"]:
        shown = subprocess.run(["git", "-C", clone, "show", f"{commit}:{symbol['file']}"], capture_output=True, text=True)
        if shown.returncode != 0 or not declared(symbol, shown.stdout.splitlines()):
            yield f"{symbol['name']} is not at {symbol['file']}:{symbol['line']}"


if __name__ == "__main__":
    told = list(missing(sys.argv[1], (sys.argv[2:] or [LIST["commit"]])[0]))
    print("\n".join(told) or f"all {len(LIST['symbols'])} stand where the list says")
    sys.exit(bool(told))
