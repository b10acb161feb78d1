"""Engines: DuckDB by default; Spark and ClickHouse by the same expressions; Polars as the independent verifier."""

from __future__ import annotations

from onefloor.floor import Floor
from onefloor.metrics.engines.clickhouse import ClickHouse
from onefloor.metrics.engines.duck import DuckDB
from onefloor.metrics.engines.missing import MissingEngine
from onefloor.metrics.engines.polars import Polars
from onefloor.metrics.engines.queries import Aggregate, Engine, Select, Sum
from onefloor.metrics.engines.spark import Spark

__all__ = [
    "Aggregate",
    "ClickHouse",
    "DuckDB",
    "Engine",
    "MissingEngine",
    "Polars",
    "Select",
    "Spark",
    "Sum",
    "engine_of",
]


def engine_of(floor: Floor) -> Engine:
    """The engine that floor.toml names, with its options.

    Raises:
        MissingEngine: its package is not installed; says how to install it.
    """
    if floor.engine.name == "spark":
        return Spark(floor.engine.options)
    if floor.engine.name == "clickhouse":
        return ClickHouse(floor.engine.options)
    return DuckDB(floor.engine.options)
