"""Classification and feature extraction inside Apache Spark, as pandas UDFs (pyspark >= 3.4 with pandas and pyarrow).

    from jobmedic.spark import classify_udf

    logs.select("id", get_json_object(classify_udf(spark)("name", "content"), "$.category"))

The engine's configuration, with the rules in it, is broadcast; each Python worker opens one engine of it and keeps it for
all its tasks. This package has to be installed where the executors run.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any, Iterator, Optional, Tuple

import pandas
from pyspark.sql.functions import pandas_udf

from .engine import Engine


@functools.lru_cache(maxsize=None)
def _engine(config: str) -> Engine:
    """One in a process."""
    return Engine(json.loads(config))


def _broadcast(spark: Any, config: dict[str, Any]) -> Any:
    rules = [each if isinstance(each, dict) else json.loads(Path(each).read_text()) for each in config.get("rules", [])]
    return spark.sparkContext.broadcast(json.dumps({**config, "rules": rules}))


def classify_udf(spark: Any, **config: Any) -> Any:
    """A UDF of (name, content): a log's name ("driver.stderr", or "") and its text or bytes. -> jobmedic.classification/1
    as a string; null where the content is null.

    `config`: as for Engine(); rules are read here and broadcast, other paths must exist on the executors.
    """
    shared = _broadcast(spark, config)

    def classify(batches: Iterator[Tuple[pandas.Series, pandas.Series]]) -> Iterator[pandas.Series]:
        engine = _engine(shared.value)
        for names, contents in batches:
            pairs = zip(names.tolist(), contents.tolist())
            yield pandas.Series([_verdict(engine, name, content) for name, content in pairs], dtype=object)

    return pandas_udf(classify, "string")  # which kind, it reads from the annotations


def collect_udf(spark: Any, collector: dict[str, Any], **config: Any) -> Any:
    """A UDF of an attempt (jobmedic.attempt/1 as a string) whose logs lie where `collector` finds them, its paths as the
    executors see them. -> {"classification": ..., "attempt": ...} as a string: the attempt is completed by what Spark event
    logs tell (metrics, configuration), the features that a model learns from.
    """
    shared = _broadcast(spark, config)

    def collect(batches: Iterator[pandas.Series]) -> Iterator[pandas.Series]:
        engine = _engine(shared.value)
        for attempts in batches:
            answers = [json.dumps(engine.collect(json.loads(attempt), collector)) for attempt in attempts]
            yield pandas.Series(answers, dtype=object)

    return pandas_udf(collect, "string")


def _verdict(engine: Engine, name: Optional[str], content: Any) -> Optional[str]:
    if content is None:
        return None
    data = content.encode() if isinstance(content, str) else content
    return json.dumps(engine.classify({name or "": data}), ensure_ascii=False)
