"""seeds.py FOLDER: writes what the fuzz targets start from, FOLDER/json and FOLDER/patch, out of the unit tests' data; FOLDER/rules
out of the shipped rules, a few at a time."""
import json
import pathlib
import sys


def main():
    folder = pathlib.Path(sys.argv[1])
    for name in ("json", "patch", "rules"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for cases in sorted(pathlib.Path("tests/data/patch").glob("*.json")):
        for number, case in enumerate(json.loads(cases.read_text(encoding="utf-8"))):
            first, second = case.get("document", case.get("from")), case.get("to", case["patch"])
            texts = [json.dumps(first).encode(), json.dumps(second).encode()]
            (folder / "json" / f"{cases.stem}-{number}").write_bytes(texts[1])
            (folder / "patch" / f"{cases.stem}-{number}").write_bytes(b"\0".join(texts))
    for file in sorted(pathlib.Path("src/classify/rules").glob("*.json")):
        rules = json.loads(file.read_text(encoding="utf-8")).get("rules", [])
        for first in range(0, len(rules), 4):
            document = {"schema": "jobmedic.rules/1", "rules": rules[first:first + 4]}
            (folder / "rules" / f"{file.stem}-{first}").write_text(json.dumps(document), encoding="utf-8")


main()
