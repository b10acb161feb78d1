"""The work of companies as it is read from measuring tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from measuring_tables import prepared_of, random_tables

from onefloor.insight.cells import HALF_HOUR_MS
from onefloor.insight.fair.asked import Asked
from onefloor.insight.fair.comparing import compare
from onefloor.insight.fair.findings import findings
from onefloor.insight.fair.loading import load
from onefloor.insight.fair.logarithms import MICRO, SHORTEST_MS
from onefloor.insight.fair.work import Family
from onefloor.metrics.prepared import Prepared

Maker = Callable[..., Prepared]
OWN = {"company": "Own", "agents": 5, "days": 40}  # two months
NORTH = {"company": "North", "agents": 4}


def test_logarithms_are_those_of_the_rows_agent_by_agent(floor_of: Maker) -> None:
    prepared = floor_of(OWN, NORTH)
    found = load(Asked(prepared, "aht", ("Own", "North")))
    assert found.work.family is Family.DURATION
    assert found.work.logs is not None
    rows = pl.concat([pl.read_parquet(path) for path in prepared.paths("legs")])
    names = prepared.names.of("agent")
    for place, (name, _) in enumerate(found.people):
        times = rows.filter(pl.col("agent").replace_strict(names, default="") == name)["handle_ms"].to_numpy()
        mine = found.work.agent == place
        exact = np.log(np.maximum(times, SHORTEST_MS)).sum()
        assert found.work.logs[mine].sum() == pytest.approx(exact, abs=len(times) / MICRO)
        assert found.work.n[mine].sum() == len(times)
        assert found.work.k[mine].sum() == times.sum()


def test_a_time_that_is_often_nought_has_no_logarithm(floor_of: Maker) -> None:
    assert load(Asked(floor_of(OWN, NORTH), "hold_time", ("Own", "North"))).work.family is Family.COUNT


@pytest.mark.parametrize(
    ("metric", "family"),
    [
        ("fcr", Family.SHARE),
        ("complaints_per_10000", Family.COUNT),
        ("transfers", Family.SHARE),
        ("aht", Family.DURATION),
    ],
)
def test_the_model_follows_from_what_is_counted(floor_of: Maker, metric: str, family: Family) -> None:
    assert load(Asked(floor_of(OWN, NORTH), metric, ("Own", "North"))).work.family is family


def test_times_count_in_half_hours(tmp_path: Path) -> None:
    drawn = prepared_of(tmp_path, {"agent_time": [row | {"agent": 1} for row in random_tables(7, 60)["agent_time"]]})
    found = load(Asked(drawn, "occupancy", ("North", "South")))
    assert (found.work.family, found.work.unit, found.adjusted) == (Family.COUNT, HALF_HOUR_MS, ("hour", "month"))


def test_somebody_who_changes_company_is_two_people(floor_of: Maker) -> None:
    prepared = floor_of(OWN, NORTH)
    for path in prepared.paths("contacts"):
        frame = pl.read_parquet(path)
        frame.with_columns(agent=pl.lit(7, pl.Int32)).write_parquet(path)
    assert load(Asked(prepared, "fcr", ("Own", "North"))).people == (("a007", "Own"), ("a007", "North"))


def test_the_check_without_a_model_is_near_the_model(floor_of: Maker) -> None:
    queues = [
        side | {"agents": 12, "queue": queue, "rate": rate, "contacts": contacts, "days": 1}
        for side, rates, sizes in ((OWN, (0.9, 0.6), (60, 30)), (NORTH, (0.8, 0.5), (30, 60)))
        for queue, rate, contacts in zip(("tax", "water"), rates, sizes, strict=True)
    ]
    (found,) = compare(Asked(floor_of(*queues), "fcr", ("Own", "North")), adjust=["queue"])
    line = found.lines[0]
    assert line.strata is not None
    assert line.gap is not None
    assert line.strata.gap == pytest.approx(line.gap.value, abs=0.03)
    assert line.strata.observed_by_expected is not None
    assert line.strata.observed_by_expected.value == pytest.approx(line.gap.theirs / line.gap.ours, abs=0.05)
    assert findings(found)[0].as_json()["details"]["by_strata"]["gap"] == pytest.approx(100 * line.strata.gap)
    assert found.lines[1].strata is None
