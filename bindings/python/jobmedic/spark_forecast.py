"""Curation and features of telemetry inside Apache Spark (pyspark >= 3.4 with pandas and pyarrow): the functions of `jobmedic
forecast curate` and `features`, with their answers to the last bit.

    from jobmedic.spark_forecast import curate, features

    curation = curate(spark.read.csv("lake/", header=True), keys=keys)     # {"table": CSV, "report": {...}}
    features(spark.read.csv("telemetry/", header=True, schema=...), model="forecast.safetensors").write.parquet("features/")

This package has to be installed where the executors run.
"""

from __future__ import annotations

import csv
import functools
import io
import json
import os
import tempfile
from typing import Any, Optional

import numpy
import pandas
from pyspark.sql.functions import col, pandas_udf

from . import curation
from .forecast import READING_MEMBERS, Forecaster, columns

_TYPE = "jobmedic_device_type"


def _csv(table: pandas.DataFrame) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows(table.where(table.notna(), "").itertuples(index=False, name=None))
    return text.getvalue()


def curate(lake: Any, *, secondary: Optional[str] = None, keys: Optional[str] = None, truth: Optional[str] = None,
           policy: Optional[dict[str, Any]] = None) -> dict[str, Any]:
    """`lake`: a DataFrame of strings as they are written (spark.read.csv(..., header=True) without a schema), with device_type
    and sdk_version; the rest as for jobmedic.curation.curate(): small tables, as CSV. Rows are shuffled by device type, each
    type is curated on an executor. -> {"table", "report"}: those of `jobmedic forecast curate` on the same rows."""
    shared = lake.sparkSession.sparkContext.broadcast(
        json.dumps({"secondary": secondary, "keys": keys, "truth": truth, "policy": policy}))

    def device_type(types: pandas.Series) -> pandas.Series:
        forms = {each: curation.device(each)[0] for each in types.dropna().unique()}
        return types.map(forms).fillna("")

    def part(rows: pandas.DataFrame) -> pandas.DataFrame:
        answer = curation.curate(_csv(rows.drop(columns=_TYPE)), **json.loads(shared.value))
        return pandas.DataFrame({"answer": [json.dumps(answer)]})

    typed = lake.withColumn(_TYPE, pandas_udf(device_type, "string")(col("device_type")))
    parts = [json.loads(row.answer) for row in typed.groupBy(_TYPE).applyInPandas(part, "answer string").collect()]
    if not parts:
        parts = [curation.curate(",".join(lake.columns) + "\n", secondary=secondary, keys=keys, truth=truth, policy=policy)]
    return curation.merge(parts, truth=truth)


@functools.lru_cache(maxsize=4)
def _forecaster(model: Optional[bytes], store: Optional[str]) -> Forecaster:
    """One in a process."""
    if model is None:
        return Forecaster(store=store)
    with tempfile.NamedTemporaryFile(suffix=".safetensors") as file:
        file.write(model)
        file.flush()
        return Forecaster(file.name)


def features(readings: Any, *, model: Any = None, store: Optional[str] = None, order: str = "seq") -> Any:
    """`readings`: a DataFrame of session_id, device_type, sdk_version and what is known of the columns of
    jobmedic.forecast.columns(), as numbers. `model`: a file here, which is sent along; `store`: the version in service, at a URL
    that executors reach; neither: the shipped model. `order`: the column by which a session's readings were taken.
    -> a row a reading: session_id, reading (from 0), t_s, accepted, and the features, null where not known: those of `jobmedic forecast features`.
    """
    sent = None
    if model is not None:
        with open(model, "rb") as file:
            sent = file.read()
    shared = readings.sparkSession.sparkContext.broadcast((sent, store))
    known = [each for each in columns()["columns"] if each["column"] in readings.columns]
    places = [READING_MEMBERS.index(each["member"]) for each in known]
    names = columns()["features"]

    def session(rows: pandas.DataFrame) -> pandas.DataFrame:
        rows = rows.sort_values(order, kind="stable")
        matrix = numpy.full((len(rows), len(READING_MEMBERS)), numpy.nan)
        for each, place in zip(known, places):
            matrix[:, place] = rows[each["column"]].to_numpy("float64") * each["unit"]
        first = rows.iloc[0]
        found, accepted = _forecaster(*shared.value).features(matrix, device_type=_text(first["device_type"]),
                                                              sdk_version=_text(first["sdk_version"]))
        table = pandas.DataFrame(numpy.frombuffer(found, "float32").reshape(len(rows), len(names)), columns=names)
        table.insert(0, "session_id", rows["session_id"].to_numpy())
        table.insert(1, "reading", numpy.arange(len(rows), dtype="int64"))
        table.insert(2, "t_s", rows["t_s"].to_numpy("float64"))
        table.insert(3, "accepted", numpy.frombuffer(accepted, "uint8") == 1)
        return table

    form = f"session_id {readings.schema['session_id'].dataType.simpleString()}, reading long, t_s double, accepted boolean, "
    return readings.groupBy("session_id").applyInPandas(session, form + ", ".join(f"`{name}` float" for name in names))


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value)
