"""The same figures, to the last digit, whoever computes them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from measuring_tables import END_OF_NOVEMBER, NAMES, prepared_of, random_tables

from onefloor.floor import Engine as EngineSetting
from onefloor.floor import create_floor
from onefloor.metrics import catalogue
from onefloor.metrics.engines import (
    Aggregate,
    ClickHouse,
    DuckDB,
    Engine,
    MissingEngine,
    Polars,
    Select,
    Spark,
    Sum,
    engine_of,
)
from onefloor.metrics.measure import as_json, measure
from onefloor.metrics.prepared import Prepared
from onefloor.metrics.tables import ABSENT, MEASURING
from onefloor.periods import MS_PER_DAY

GROUPINGS: list[list[str]] = [
    [],
    ["company", "month"],
    ["team", "day"],
    ["queue", "weekday", "topic"],
    ["tenure", "week"],
    ["agent", "interval"],
]
# A session of a minute ends before what the second compiler makes of its code would pay.
SPARK = {"master": "local[2]", "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}
SCOPE = "(company == 'North' or company == '') and not start_ms in (5, 7)"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return prepared_of(tmp_path_factory.mktemp("engines"), random_tables(7, 300), END_OF_NOVEMBER - 3 * MS_PER_DAY)


def digest(prepared: Prepared, by: list[str], engine: Engine, scope: str = "") -> str:
    """The hash of all catalogue metrics that can be grouped so."""
    found = measure(prepared, groupable(by), by, engine=engine, scope=scope)
    return hashlib.sha256(json.dumps(as_json(found), sort_keys=True).encode()).hexdigest()


def groupable(by: list[str]) -> list[str]:
    def absent(name: str) -> set[str]:
        return {dimension for table in catalogue.metric(name).tables for dimension in ABSENT[table]}

    return [name for name in catalogue.names() if not absent(name) & set(by)]


def optional(engine: type[Spark] | type[ClickHouse]) -> Any:
    try:
        return engine(SPARK if engine is Spark else None)
    except MissingEngine as problem:
        pytest.skip(str(problem))


@pytest.mark.parametrize("by", GROUPINGS, ids=lambda by: "-".join(by) or "all")
def test_polars_and_duckdb_agree_on_every_metric(prepared: Prepared, by: list[str]) -> None:
    assert digest(prepared, by, Polars()) == digest(prepared, by, DuckDB())
    assert digest(prepared, by, Polars(), SCOPE) == digest(prepared, by, DuckDB(), SCOPE)


def test_clickhouse_and_duckdb_agree_on_every_metric(prepared: Prepared) -> None:
    engine = optional(ClickHouse)
    for by in GROUPINGS:
        assert digest(prepared, by, engine) == digest(prepared, by, DuckDB())
        assert digest(prepared, by, engine, SCOPE) == digest(prepared, by, DuckDB(), SCOPE)


@pytest.mark.filterwarnings("ignore")  # Spark's own imports and sockets warn
def test_spark_and_duckdb_agree_on_every_metric(prepared: Prepared) -> None:
    engine = optional(Spark)
    try:
        for by in GROUPINGS:
            assert digest(prepared, by, engine) == digest(prepared, by, DuckDB())
        assert digest(prepared, ["company"], engine, SCOPE) == digest(prepared, ["company"], DuckDB(), SCOPE)
    finally:
        engine.close()


def test_one_thread_and_two_agree(prepared: Prepared) -> None:
    one, two = (digest(prepared, ["team", "day"], DuckDB({"threads": threads})) for threads in (1, 2))
    assert one == two


@pytest.mark.parametrize("engine", [DuckDB(), Polars()], ids=lambda engine: engine.name)
def test_a_narrow_column_does_not_wrap(tmp_path: Path, engine: Engine) -> None:
    rows = [{"rings_unanswered": 2**31 - 1, "hour": 23}] * 5
    prepared = prepared_of(tmp_path, {"legs": rows})
    sums = (Sum("", "rings_unanswered"), Sum("hour + 120 > 142"), Sum("hour in (23, -1)"), Sum("not hour in (23,)"))
    query = Aggregate("legs", MEASURING["legs"], tuple(prepared.paths("legs")), (), "", sums)
    assert engine.aggregate(query, NAMES.id).row(0) == (5 * (2**31 - 1), 5, 5, 0)


def test_a_sum_beyond_int64_is_an_error_and_not_a_wrong_number(tmp_path: Path) -> None:
    import duckdb

    prepared = prepared_of(tmp_path, {"legs": [{"wait_ms": 2**62}] * 3})
    query = Aggregate("legs", MEASURING["legs"], tuple(prepared.paths("legs")), (), "", (Sum("", "wait_ms"),))
    with pytest.raises(duckdb.ConversionException):
        DuckDB().aggregate(query, NAMES.id)


@pytest.mark.parametrize("engine", [DuckDB(), Polars()], ids=lambda engine: engine.name)
def test_rows_come_in_order_of_time_page_by_page(prepared: Prepared, engine: Engine) -> None:
    def page(limit: int | None, offset: int) -> list[tuple[Any, ...]]:
        query = Select(
            "legs", MEASURING["legs"], tuple(prepared.paths("legs")), ("row_id", "start_ms"), "answered", "wait_ms",
            limit, offset,
        )  # fmt: skip
        return engine.select(query, NAMES.id).rows()

    every = page(None, 0)
    assert every == sorted(every, key=lambda row: (row[1], row[0]))
    assert page(10, 0) + page(10, 10) == every[:20]


def test_a_path_with_a_quote_is_read(tmp_path: Path) -> None:
    prepared = prepared_of(tmp_path / "O'Brien's {floor}", {"legs": [{"offered": True}]})
    assert measure(prepared, ["offered_contacts"]).rows[0].figures["offered_contacts"].numerator == 1


def test_floor_toml_chooses_the_engine(tmp_path: Path) -> None:
    from dataclasses import replace

    floor = create_floor(tmp_path / "floor", timezone="UTC")
    assert engine_of(floor).name == "duckdb"
    tuned = replace(floor, engine=EngineSetting("duckdb", {"threads": 1, "memory_limit": "200MB"}))
    assert engine_of(tuned).name == "duckdb"


def test_an_engine_that_is_not_installed_says_how_to_install_it() -> None:
    assert str(MissingEngine("spark")) == (
        'The engine spark is not installed. Run pip install "onefloor[spark]", or use duckdb in floor.toml.'
    )
