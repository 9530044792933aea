"""The fenced blocks of a page, and how each is shown to be right. The word after ```, and what follows it, say how:

    ```sh                         run here, in the order of the page; a block that fails fails the test
    ```text                       part of what the block before it printed
    ```json file=NAME             a file that the next blocks find
    ```LANGUAGE part-of=FILE      lines of this file, which another test compiles and runs
    ```LANGUAGE run-by=FILE       another test runs it; it names this page
    ```LANGUAGE not-run=WHY       nothing here can run it; the reason stands where the reader sees it, too

Anything else is a failure: what nobody runs is not true for long."""
import dataclasses
import re

from subject import ROOT

FENCE = re.compile(r"^```(.*)$")


@dataclasses.dataclass
class Block:
    line: int
    language: str
    marks: dict
    text: str


def pages():
    return sorted([ROOT / "README.md", *(ROOT / "examples").rglob("*.md")])


def blocks(page):
    found, opened = [], None
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        fence = FENCE.match(line)
        if not fence:
            if opened:
                opened.text += line + "\n"
        elif opened:
            found.append(opened)
            opened = None
        else:
            language, *marks = fence[1].split() or [""]
            opened = Block(number, language, dict(mark.partition("=")[::2] for mark in marks), "")
    assert opened is None, f"{page}:{opened.line}: the block does not end"
    return found


def links(page):
    """Targets within the repository."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    return [target.partition("#")[0] for target in re.findall(r"\]\(([^)]+)\)", text)
            if not re.match(r"[a-z]+:|#", target)]
