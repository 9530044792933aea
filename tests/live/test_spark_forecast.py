"""Curation and features inside Spark, on recorded kernel kills: what `jobmedic forecast curate` and `features` say, to the last bit.
And the commands of examples/telemetry.md."""
import json
import os
import pathlib
import subprocess

import pytest

from java_package import BUILD, java_environment
from scheduler import LINKED, PLATFORM
from tool import DATA, ROOT, TOOL, jobmedic

KILLS = DATA / "oom-kills"
LAKE, SESSIONS, SECONDARY = (KILLS / name for name in ("device_characteristics_raw.csv", "sessions.csv",
                                                       "device_buffers_secondary.csv"))
TRACES = KILLS / "traces.csv.gz"
PROGRAM = ROOT / "examples/python/telemetry_on_spark.py"
GUIDE = ROOT / "examples/telemetry.md"

# Both tables in the order of the recording, compared as bits.
COMPARE = """
import sys, pyarrow, pyarrow.compute as compute, pyarrow.csv, pyarrow.parquet
local, spark = sys.argv[1:]
told = pyarrow.parquet.read_table(spark)
types = {field.name: field.type for field in told.schema}
types["accepted"] = pyarrow.uint8()
mine = pyarrow.csv.read_csv(local, convert_options=pyarrow.csv.ConvertOptions(column_types=types, strings_can_be_null=False))
assert mine.column_names == told.column_names, (mine.column_names, told.column_names)
order = [("session_id", "ascending"), ("reading", "ascending")]
mine, told = mine.sort_by(order), told.sort_by(order)
told = told.set_column(told.column_names.index("accepted"), "accepted", told["accepted"].cast(pyarrow.uint8()))
different = [name for name in mine.column_names if not mine[name].combine_chunks().equals(told[name].combine_chunks())]
print(mine.num_rows, len(mine.column_names), ",".join(different))
"""


@pytest.fixture(scope="module", autouse=True)
def recorded():
    if not KILLS.exists():
        pytest.skip(f"no oom-kills in {DATA}")


def test_curation_and_features_on_a_cluster_are_those_of_one_process(spark, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    for name in LINKED:
        (home / name).symlink_to(spark.home / name)
    package = f"{ROOT}/bindings/python"
    config = {**PLATFORM, "spark.master": "local-cluster[2,1,1024]", "spark.driver.memory": "1g",
              "spark.sql.shuffle.partitions": "4", "spark.executorEnv.PYTHONPATH": package}
    options = [f"--conf={name}={value}" for name, value in config.items()]
    done = subprocess.run([home / "bin/spark-submit", *options, PROGRAM, LAKE, SESSIONS, SECONDARY, TRACES, tmp_path],
                          env={**java_environment(spark, home), "PYTHONPATH": package,
                               "JOBMEDIC_LIBRARY": f"{BUILD}/lib/libjobmedic.so"}, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-5000:]

    report = jobmedic("forecast", "curate", "--raw", LAKE, "--secondary", SECONDARY, "--keys", SESSIONS, "--output",
                      tmp_path / "local.csv")
    assert json.loads((tmp_path / "report.json").read_text()) == report
    assert (tmp_path / "devices.csv").read_text() == (tmp_path / "local.csv").read_text()

    told = jobmedic("forecast", "features", "--traces", TRACES, "--output", tmp_path / "features.csv")
    compared = subprocess.run([spark.python, "-c", COMPARE, tmp_path / "features.csv", tmp_path / "features"], check=True,
                              stdout=subprocess.PIPE, text=True).stdout.split(" ")
    rows, columns, different = compared
    assert int(rows) == told["readings"] > 100_000 and int(columns) == told["features"] + 4
    assert different.strip() == ""


def test_the_commands_of_the_guide_bring_a_model_into_service(tmp_path):
    if not (BUILD / "lib/libjobmedic_torch.so").exists():
        pytest.skip("libjobmedic_torch.so is not built")
    for file in KILLS.iterdir():
        (tmp_path / file.name).symlink_to(file)
    commands = GUIDE.read_text().split("```sh run-by=tests/live/test_spark_forecast.py\n")[1].split("```")[0]
    path = f"{pathlib.Path(TOOL).parent}:{os.environ['PATH']}"
    # A look at the first fold tells that it works; how good it is, the benchmark tells.
    quick = commands.replace("forecast evaluate", "forecast evaluate --play 1 --bootstrap 10")
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", quick], cwd=tmp_path, capture_output=True, text=True, timeout=300,
                          env={**os.environ, "PATH": path})
    assert done.returncode == 0, done.stdout + done.stderr
    assert "is in service" in done.stdout and "better_than_working_set" in done.stdout
