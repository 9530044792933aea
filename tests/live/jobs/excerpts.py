"""excerpts.py DATA TABLE ROWS: an excerpt of real logs from each of their lines on, as a table (id, name, content) for Spark and
as JSON lines [name, content]."""
import json
import pathlib
import sys

import pyarrow
import pyarrow.parquet

LINES = 15
FILES = 8


def logs(data):
    for log in sorted(data.glob("loghub/*/*.log")):
        yield "driver.stderr", log
    for log in sorted(data.glob("spark-failures/*/*.std*")):
        yield log.name, log


def excerpts(data):
    for name, log in logs(data):
        lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
        for first in range(len(lines)):
            yield name, "\n".join(lines[first:first + LINES])


data, table, lines = map(pathlib.Path, sys.argv[1:])
rows = list(excerpts(data))
table.mkdir()
for file in range(FILES):
    ids = list(range(file, len(rows), FILES))
    columns = {"id": ids, "name": [rows[i][0] for i in ids], "content": [rows[i][1] for i in ids]}
    pyarrow.parquet.write_table(pyarrow.table(columns), table / f"{file}.parquet")
with open(lines, "w", encoding="utf-8") as file:
    file.writelines(json.dumps(row) + "\n" for row in rows)
