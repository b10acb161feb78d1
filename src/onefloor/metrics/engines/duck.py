"""DuckDB: the default engine, in this process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import Any

import duckdb
import polars as pl

from onefloor.metrics.engines.compiled import aggregate_expression, select_expression, sql
from onefloor.metrics.engines.queries import Aggregate, Select, integers
from onefloor.metrics.expressions import Resolve

COMPILED = 512  # queries whose SQL is kept
FILES = "onefloor_files"


class DuckDB:
    """Runs compiled SQL over the Parquet files.

    Args:
        options: DuckDB settings such as ``threads`` and ``memory_limit``.
    """

    name = "duckdb"

    def __init__(self, options: Mapping[str, Any] | None = None) -> None:
        # Row order costs memory and means nothing here: sums have none, listed rows are ordered by the query.
        self._settings = {"preserve_insertion_order": False, **(options or {})}
        # Compiling costs more than answering from a cube, and pages ask the same again of other months and data.
        self._compiled = lru_cache(maxsize=COMPILED)(_compiled)

    @cached_property
    def _database(self) -> duckdb.DuckDBPyConnection:
        # One for all queries of the engine: opening it costs as much CPU as answering from a cube.
        database = duckdb.connect()
        for name, value in self._settings.items():
            database.execute(f"SET {name} = {_setting(value)}")
        return database

    def aggregate(self, query: Aggregate, resolve: Resolve) -> pl.DataFrame:
        """See ``Engine``. A sum beyond int64 is an error, never a wrong number."""
        return integers(self._run(query, resolve))

    def select(self, query: Select, resolve: Resolve) -> pl.DataFrame:
        """See ``Engine``."""
        return self._run(query, resolve)

    def _run(self, query: Aggregate | Select, resolve: Resolve) -> pl.DataFrame:
        text = self._compiled(replace(query, files=()), resolve).replace(FILES, reader(query.files))
        with self._database.cursor() as connection:
            answer = pl.from_arrow(connection.execute(text).to_arrow_table())
        assert isinstance(answer, pl.DataFrame)
        return answer


def _compiled(query: Aggregate | Select, resolve: Resolve) -> str:
    """The query as SQL, ``FILES`` standing for its files."""
    expression: Any
    if isinstance(query, Aggregate):
        expression = aggregate_expression(query, resolve)
    else:
        expression = select_expression(query, resolve)
    # DuckDB sums int64 as int128; the cast fails loudly where int64 would not hold it.
    kept = ", ".join(
        f'CAST("{c}" AS BIGINT) AS "{c}"' if c[0] == "s" and c[1:].isdigit() else f'"{c}"' for c in expression.columns
    )
    return f"SELECT {kept} FROM ({sql(expression, 'duckdb', FILES)}) AS answer"


def reader(files: tuple[str, ...]) -> str:
    """The DuckDB table function that reads exactly these files."""
    listed = ", ".join("'" + path.replace("'", "''") + "'" for path in files)
    return f"read_parquet([{listed}], hive_partitioning = false)"


def _setting(value: object) -> str:
    if isinstance(value, bool | int):
        return str(value).lower()
    return "'" + str(value).replace("'", "''") + "'"
