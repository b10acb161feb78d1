"""Pictures can be drawn of whatever a comparison says, and are the same bytes each time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from onefloor.insight.fair.asked import Asked
from onefloor.insight.fair.comparing import compare
from onefloor.insight.fair.findings import people_finding
from onefloor.insight.fair.loading import load
from onefloor.insight.fair.people import people
from onefloor.insight.fair.picture import funnel_picture, picture
from onefloor.insight.pictures import save
from onefloor.language import Language, Text
from onefloor.metrics.prepared import Prepared

Maker = Callable[..., Prepared]
OWN = {"company": "Own", "agents": 12}
NORTH = {"company": "North", "agents": 12, "rate": 0.5}
SOUTH = {"company": "South", "agents": 12, "queue": "water"}  # nothing to compare with


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("metric", ["fcr", "aht", "complaints_per_10000"])
def test_a_comparison_is_drawn_alike_each_time(
    floor_of: Maker, tmp_path: Path, language: Language, metric: str
) -> None:
    found = compare(Asked(floor_of(OWN, NORTH, SOUTH), metric, ("Own", "North", "South")), same_half_hour=True)
    drawn = picture(found)
    assert drawn is not None
    one, other = (save(drawn, tmp_path / name, language) for name in ("one", "other"))
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in other]


def test_nothing_comparable_is_no_picture(floor_of: Maker) -> None:
    assert picture(compare(Asked(floor_of(OWN, SOUTH), "fcr", ("Own", "South")))) is None


def test_teams_are_drawn_as_a_funnel(floor_of: Maker, tmp_path: Path) -> None:
    teams = [OWN | {"team": team, "first": 12 * place} for place, team in enumerate("ABC")]
    loaded = load(Asked(floor_of(*teams, NORTH), "fcr", ("Own", "North")))
    found = people(loaded, "team", np.random.default_rng(1))
    unit = Text("个百分点", "points")
    drawn = funnel_picture(found, people_finding(found, loaded.metric, unit).sentence, unit)
    assert drawn is not None
    for path in save(drawn, tmp_path / "teams", "en"):
        assert path.stat().st_size > 10_000
