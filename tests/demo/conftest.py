from collections.abc import Callable
from functools import lru_cache

import polars as pl
import pytest

from onefloor.demo.year import MonthOfFacts, Plan, year


@lru_cache(maxsize=4)
def _drawn(plan: Plan) -> tuple[MonthOfFacts, ...]:
    return tuple(year(plan))


@pytest.fixture(scope="session")
def drawn() -> Callable[[Plan], tuple[MonthOfFacts, ...]]:
    """The months of a plan, drawn once for all tests that ask for it."""
    return _drawn


@pytest.fixture(scope="session")
def quiet_year() -> Plan:
    """Twelve months of a small floor."""
    return Plan(seed=7, contacts=240_000)


@pytest.fixture(scope="session")
def wide_month() -> Plan:
    """One month of many agents, for questions about people."""
    return Plan(seed=11, contacts=3_000_000, months=1)


@pytest.fixture(scope="session")
def facts(drawn: Callable[[Plan], tuple[MonthOfFacts, ...]]) -> Callable[[Plan, str], pl.DataFrame]:
    """One fact table (or ``hidden``) of a plan, all months."""

    def table(plan: Plan, name: str) -> pl.DataFrame:
        months = drawn(plan)
        tables = [month.hidden if name == "hidden" else month.tables[name] for month in months]
        return pl.concat([pl.DataFrame(pl.from_arrow(rows)) for rows in tables])

    return table
