"""seeds.py FOLDER: writes what the fuzz targets start from, FOLDER/json and FOLDER/patch, out of the unit tests' data."""
import json
import pathlib
import sys


def main():
    folder = pathlib.Path(sys.argv[1])
    for name in ("json", "patch"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for cases in sorted(pathlib.Path("tests/data/patch").glob("*.json")):
        for number, case in enumerate(json.loads(cases.read_text(encoding="utf-8"))):
            first, second = case.get("document", case.get("from")), case.get("to", case["patch"])
            texts = [json.dumps(first).encode(), json.dumps(second).encode()]
            (folder / "json" / f"{cases.stem}-{number}").write_bytes(texts[1])
            (folder / "patch" / f"{cases.stem}-{number}").write_bytes(b"\0".join(texts))


main()
