"""ClickHouse, in this process by chdb: the same SQL that a ClickHouse server runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from onefloor.metrics.engines.compiled import (
    aggregate_expression,
    count_if_of_clickhouse,
    select_expression,
    sql,
    text_literal,
)
from onefloor.metrics.engines.missing import MissingEngine
from onefloor.metrics.engines.queries import Aggregate, Select, integers
from onefloor.metrics.expressions import Resolve

# A missing value stays missing; a folder named month=202611 adds no column; an alias never hides a column.
SETTINGS = {"join_use_nulls": 1, "use_hive_partitioning": 0, "prefer_column_name_to_alias": 1, "transform_null_in": 0}


class ClickHouse:
    """Runs compiled SQL over the Parquet files in chdb.

    Args:
        options: ClickHouse settings such as ``max_threads`` and ``max_memory_usage``.
    """

    name = "clickhouse"

    def __init__(self, options: Mapping[str, Any] | None = None) -> None:
        try:
            import chdb
        except ImportError:
            raise MissingEngine("clickhouse") from None
        self._chdb = chdb
        self._settings = {**SETTINGS, **(options or {})}

    def aggregate(self, query: Aggregate, resolve: Resolve) -> pl.DataFrame:
        """See ``Engine``."""
        return integers(self._run(aggregate_expression(query, resolve, count_if_of_clickhouse), query.files))

    def select(self, query: Select, resolve: Resolve) -> pl.DataFrame:
        """See ``Engine``."""
        return self._run(select_expression(query, resolve), query.files)

    def _run(self, expression: Any, files: tuple[str, ...]) -> pl.DataFrame:
        settings = ", ".join(f"{name} = {_setting(value)}" for name, value in self._settings.items())
        text = f"{sql(expression, 'clickhouse', _reader(files))} SETTINGS {settings}"
        answer = self._chdb.query(text, "ArrowStream").bytes()
        return (
            pl.read_ipc_stream(answer) if answer else pl.DataFrame(schema=dict.fromkeys(expression.columns, pl.Int64))
        )


def _reader(files: tuple[str, ...]) -> str:
    """A union of readers: ``file('{a,b}')`` would take braces and stars in a path for patterns."""
    readers = [f"SELECT * FROM file({text_literal(path)}, Parquet)" for path in files]
    return f"({' UNION ALL '.join(readers)})"


def _setting(value: object) -> str:
    return str(int(value)) if isinstance(value, bool | int) else text_literal(str(value))
