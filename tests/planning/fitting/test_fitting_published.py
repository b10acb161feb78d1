"""Patience at the Anonymous Bank: the published curves exactly, and the announcements its literature names.

Source of data: "Anonymous Bank" call-center data, I. Guedj and A. Mandelbaum, Technion, 2000. Statistical analysis:
Brown, Gans, Mandelbaum, Sakov, Shen, Zeltyn, Zhao, JASA 100 (2005), 36-50.
"""

from __future__ import annotations

import gzip
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from onefloor.planning.fitting.patience import Willing, willing
from onefloor.planning.fitting.surviving import kaplan_meier
from onefloor.planning.fitting.times import fitted

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "anonymous_bank_1999"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data/anonymous_bank_1999")
MONTHS = ("1999_01", "1999_02")
TYPES = ("PS", "NW", "IN", "NE")


@lru_cache
def calls(month: str) -> pl.DataFrame:
    rows = pl.read_csv(gzip.decompress((DATA / f"{month}.tsv.gz").read_bytes()), separator="\t")
    return rows.filter(pl.col("outcome") != "PHANTOM")


@lru_cache
def expected() -> dict[str, Any]:
    return dict(json.loads((DATA / "expected.json").read_text(encoding="utf-8")))


def waited(month: str, kind: str | None) -> pl.DataFrame:
    rows = calls(month).filter(pl.col("q_start") != "0:00:00")
    return rows.filter(pl.col("type") == kind) if kind else rows


def patience(kind: str) -> Willing:
    rows = pl.concat([waited(month, kind) for month in MONTHS])
    found = willing(rows["q_time"].to_numpy().astype(float), (rows["outcome"] == "HANG").to_numpy())
    assert found is not None
    return found


@pytest.mark.parametrize("kind", [None, *TYPES])
@pytest.mark.parametrize("month", MONTHS)
def test_the_curve_of_patience_is_the_published_one(month: str, kind: str | None) -> None:
    rows = waited(month, kind)
    curve = kaplan_meier(rows["q_time"].to_numpy().astype(float), (rows["outcome"] == "HANG").to_numpy())
    wanted = expected()[month]["by_type"][kind] if kind else expected()[month]["all"]
    found = {at: round(float(curve.at(float(at))), 6) for at in wanted["patience_km_survival"]}
    assert found == wanted["patience_km_survival"]
    assert curve.quantile(0.5) == wanted["patience_km_median_s"]


def test_customers_of_regular_services_are_more_patient_than_prospective_ones() -> None:
    regular, prospective = patience("PS"), patience("NW")
    assert regular.curve.quantile(0.25) > prospective.curve.quantile(0.25)  # type: ignore[operator]
    assert regular.mean.low > prospective.mean.high


def test_the_rate_of_leaving_peaks_at_the_announcements() -> None:
    """Brown et al. (2005), section 6, show the same two peaks in the hazard rate of regular customers."""
    found = patience("PS")
    assert [one.start for one in found.peaks] == [10.0, 55.0]


def test_patience_looks_much_shorter_to_who_ignores_those_who_were_answered() -> None:
    """Mean wait of abandoned regular calls: 56 s (published); half of all were willing to wait several minutes."""
    left = waited("1999_01", "PS").filter(pl.col("outcome") == "HANG")["q_time"].mean()
    assert left == pytest.approx(expected()["1999_01"]["by_type"]["PS"]["mean_wait_abandoned_s"], abs=1e-6)
    assert patience("PS").median > 400  # type: ignore[operator]


def test_service_of_half_a_minute_or_more_is_closest_to_lognormal() -> None:
    """Brown et al. (2005), section 4.2: lognormal, once the agents who hung up on customers are left out."""
    rows = calls("1999_02").filter((pl.col("outcome") == "AGENT") & (pl.col("type") == "PS"))
    times = rows.filter(pl.col("ser_time") >= 10)["ser_time"].to_numpy().astype(float)
    found = fitted(times)
    assert min(dict(found.criteria).items(), key=lambda pair: pair[1])[0] == "lognormal"
