"""A real log on charts: the Anonymous Bank, January and February 1999 (Mandelbaum, Sakov & Zeltyn 2000).

Recomputed figures: on the p chart three days of four are out of limits; days vary four to eight times as much as
counting alone makes them.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from onefloor.facts.load import load_files
from onefloor.facts.sources import table
from onefloor.facts.sources.reading_mappings import read_mapping
from onefloor.floor import create_floor
from onefloor.insight.charts.limits import Kind, laney, scores, spread
from onefloor.insight.charts.series import Series, series
from onefloor.metrics.prepare import prepare
from onefloor.metrics.prepared import Prepared
from onefloor.periods import MS_PER_DAY, Month, Period

ROOT = Path(__file__).parents[3]
BANK = ROOT / "../shared/data/anonymous_bank_1999"
DAYS = Period(Month(1999, 1).days.start, Month(1999, 2).days.end)


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    if not BANK.exists():
        pytest.skip("the Anonymous Bank files are not beside the checkout")
    floor = create_floor(tmp_path_factory.mktemp("bank") / "floor", timezone="Asia/Jerusalem")
    mapping = read_mapping(ROOT / "examples/mappings/anonymous-bank.yaml")
    files = [BANK / f"1999_0{month}.tsv.gz" for month in (1, 2)]
    load_files(floor, table.SOURCE, table.reader(mapping), files, options=mapping.digest)
    return prepare(floor)


def busy(bank: Prepared, metric: str) -> Series:
    ended = replace(bank, watermark_ms=bank.watermark_ms + MS_PER_DAY)  # its last evening is the end of the log
    (one,) = series(ended, metric, (), DAYS)
    return one.chosen(one.below > 300)


@pytest.mark.parametrize(
    ("metric", "out", "sigma"), [("service_level:formula=F3,within=20s", 0.75, 7.7), ("abandonment", 0.73, 4.3)]
)
def test_the_p_chart_of_a_real_log_is_out_of_limits_on_three_days_of_four(
    bank: Prepared, metric: str, out: float, sigma: float
) -> None:
    one = busy(bank, metric)
    plain = laney(Kind.SHARE, one.above, one.below, overdispersed=False)
    assert len(one) == 48
    assert round(float(plain.outside(one.values).mean()), 2) == out
    assert round(spread(scores(Kind.SHARE, one.above, one.below, plain.centre)), 1) == sigma
    wide = laney(Kind.SHARE, one.above, one.below)
    assert wide.outside(one.values).mean() < 0.05
