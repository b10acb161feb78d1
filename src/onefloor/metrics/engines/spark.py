"""Spark: for floors that have outgrown one machine and own a cluster; local by default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from onefloor.metrics.engines.compiled import aggregate_expression, select_expression, sql
from onefloor.metrics.engines.missing import MissingEngine
from onefloor.metrics.engines.queries import Aggregate, Select, integers
from onefloor.metrics.expressions import Resolve

VIEW = "onefloor_rows"
DEFAULTS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",  # a sum beyond int64 is an error, not a wrong number
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "4",
}


class Spark:
    """Runs compiled SQL over the Parquet files in a Spark session.

    Args:
        options: ``master`` (default ``local[*]``) and any Spark setting.
    """

    name = "spark"

    def __init__(self, options: Mapping[str, Any] | None = None) -> None:
        try:
            from pyspark.sql import SparkSession
        except ImportError:
            raise MissingEngine("spark") from None
        settings = {**DEFAULTS, **(options or {})}
        builder = SparkSession.builder.master(str(settings.pop("master", "local[*]"))).appName("onefloor")
        for name, value in settings.items():
            builder = builder.config(name, str(value))
        self._session = builder.getOrCreate()

    def aggregate(self, query: Aggregate, resolve: Resolve) -> pl.DataFrame:
        """See ``Engine``."""
        return integers(self._run(aggregate_expression(query, resolve), query.files))

    def select(self, query: Select, resolve: Resolve) -> pl.DataFrame:
        """See ``Engine``."""
        return self._run(select_expression(query, resolve), query.files)

    def close(self) -> None:
        """End the Spark session."""
        self._session.stop()

    def _run(self, expression: Any, files: tuple[str, ...]) -> pl.DataFrame:
        self._session.read.parquet(*files).createOrReplaceTempView(VIEW)
        answer = self._session.sql(sql(expression, "pyspark", f"`{VIEW}`"))
        rows = [tuple(row) for row in answer.collect()]
        return pl.DataFrame(rows, schema=list(expression.columns), orient="row", infer_schema_length=None)
