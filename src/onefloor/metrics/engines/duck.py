"""DuckDB: the default engine, in this process."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import duckdb
import polars as pl

from onefloor.metrics.engines.compiled import aggregate_expression, select_expression, sql
from onefloor.metrics.engines.queries import Aggregate, Select, integers
from onefloor.metrics.expressions import Resolve


class DuckDB:
    """Runs compiled SQL over the Parquet files.

    Args:
        options: DuckDB settings such as ``threads`` and ``memory_limit``.
    """

    name = "duckdb"

    def __init__(self, options: Mapping[str, Any] | None = None) -> None:
        # Row order costs memory and means nothing here: sums have none, listed rows are ordered by the query.
        self._settings = {"preserve_insertion_order": False, **(options or {})}

    @cached_property
    def _database(self) -> duckdb.DuckDBPyConnection:
        # One for all queries of the engine: opening it costs as much CPU as answering from a cube.
        database = duckdb.connect()
        for name, value in self._settings.items():
            database.execute(f"SET {name} = {_setting(value)}")
        return database

    def aggregate(self, query: Aggregate, resolve: Resolve) -> pl.DataFrame:
        """See ``Engine``. A sum beyond int64 is an error, never a wrong number."""
        return integers(self._run(aggregate_expression(query, resolve), query.files))

    def select(self, query: Select, resolve: Resolve) -> pl.DataFrame:
        """See ``Engine``."""
        return self._run(select_expression(query, resolve), query.files)

    def _run(self, expression: Any, files: tuple[str, ...]) -> pl.DataFrame:
        columns = expression.columns
        # DuckDB sums int64 as int128; the cast fails loudly where int64 would not hold it.
        kept = ", ".join(
            f'CAST("{c}" AS BIGINT) AS "{c}"' if c[0] == "s" and c[1:].isdigit() else f'"{c}"' for c in columns
        )
        text = f"SELECT {kept} FROM ({sql(expression, 'duckdb', reader(files))}) AS answer"
        with self._database.cursor() as connection:
            answer = pl.from_arrow(connection.execute(text).to_arrow_table())
        assert isinstance(answer, pl.DataFrame)
        return answer


def reader(files: tuple[str, ...]) -> str:
    """The DuckDB table function that reads exactly these files."""
    listed = ", ".join("'" + path.replace("'", "''") + "'" for path in files)
    return f"read_parquet([{listed}], hive_partitioning = false)"


def _setting(value: object) -> str:
    if isinstance(value, bool | int):
        return str(value).lower()
    return "'" + str(value).replace("'", "''") + "'"
