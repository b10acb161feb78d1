"""The package survival of R gives the same figures, to the printed digits."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from onefloor.insight.attrition.cox import cox
from onefloor.insight.attrition.curves import Curve, kaplan_meier, quantile
from onefloor.insight.attrition.log_rank import log_rank
from onefloor.insight.attrition.parametric import accelerated
from onefloor.insight.attrition.spells import Spells, spells

FOLDER = Path(__file__).parents[3] / "../shared/data/survival"
if not FOLDER.exists():
    pytest.skip("the survival sets are not beside the checkout", allow_module_level=True)
EXPECTED: dict[str, Any] = json.loads((FOLDER / "expected.json").read_text())
CLOSE = float(EXPECTED["tolerance"])


def table(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def numbers(rows: list[dict[str, str]], column: str) -> np.ndarray:
    return np.array([float(row[column]) if row[column] not in ("", "NA") else np.nan for row in rows])


def aml(group: str = "") -> tuple[Spells, np.ndarray]:
    rows = [row for row in table("aml") if group in ("", row["x"])]
    codes = np.array([int(row["x"] != "Maintained") for row in rows])
    return spells(numbers(rows, "time"), numbers(rows, "status") == 1), codes


def lung(*complete: str) -> tuple[Spells, np.ndarray]:
    rows = [row for row in table("lung") if all(row[name] not in ("", "NA") for name in complete)]
    x = np.column_stack([numbers(rows, name) for name in (*complete, "sex")])
    return spells(numbers(rows, "time"), numbers(rows, "status") == 2), x


def none_for_nan(values: Any) -> list[float | None]:
    return [None if np.isnan(value) or np.isinf(value) else float(value) for value in values]


def same(found: Any, wanted: list[float | None]) -> bool:
    values = [np.nan if value is None else value for value in wanted]
    return np.asarray(found, dtype=float) == pytest.approx(values, rel=CLOSE, abs=CLOSE, nan_ok=True)


@pytest.mark.parametrize("name", ["Maintained", "Nonmaintained"])
def test_curves_of_aml(name: str) -> None:
    wanted = EXPECTED["aml"][f"km_{name.lower()}"]
    curve = kaplan_meier(aml(name)[0], scale="log")
    assert same(curve.table.time, wanted["time"])
    assert same(curve.table.at_risk, wanted["n_risk"])
    assert same(curve.table.events, wanted["n_event"])
    assert same(curve.value, wanted["survival"])
    assert same(curve.error, wanted["std_err"])
    assert same(curve.low, wanted["lower95"])
    assert same(curve.high, wanted["upper95"])


def median(held: Spells) -> dict[str, Any]:
    found = none_for_nan(quantile(kaplan_meier(held, scale="log")))
    names = ("median", "lower95", "upper95")
    return {"n": len(held), "events": held.leavers, **dict(zip(names, found, strict=True))}


def test_medians() -> None:
    assert median(aml("Maintained")[0]) == EXPECTED["aml"]["median_maintained"]
    assert median(aml("Nonmaintained")[0]) == EXPECTED["aml"]["median_nonmaintained"]
    assert median(lung()[0]) == EXPECTED["lung"]["median"]
    rows = table("ovarian")
    held = spells(numbers(rows, "futime"), numbers(rows, "fustat") == 1)
    assert median(held) == EXPECTED["ovarian"]["median"]


def at(curve: Curve, values: np.ndarray, times: list[float]) -> list[float]:
    return [float(values[np.searchsorted(curve.table.time, time, side="right") - 1]) for time in times]


def test_the_curve_of_lung_at_fixed_times() -> None:
    wanted = EXPECTED["lung"]["km_at_100_200_300_400_600_800"]
    held, times = lung()[0], wanted["time"]
    curve = kaplan_meier(held, scale="log")
    assert same(at(curve, curve.value, times), wanted["survival"])
    assert same(at(curve, curve.error, times), wanted["std_err"])
    assert same(at(curve, curve.low, times), wanted["lower95"])
    assert same(at(curve, curve.high, times), wanted["upper95"])
    assert [int((held.exit >= time).sum()) for time in times] == wanted["n_risk"]
    edges = np.searchsorted(np.array([0, *times]), held.exit[held.event], side="left")
    assert np.bincount(edges, minlength=8)[1:7].tolist() == wanted["n_event"]


@pytest.mark.parametrize("name", ["aml", "lung"])
def test_log_rank(name: str) -> None:
    held, group = aml() if name == "aml" else (lung()[0], (lung()[1][:, -1] - 1).astype(int))
    wanted = EXPECTED[name]["logrank" if name == "aml" else "logrank_sex"]
    found = log_rank(held, group)
    assert same(found.observed, wanted["observed"])
    assert same(found.expected, wanted["expected"])
    assert same([found.chi_square, found.freedom, found.p], [wanted[key] for key in ("chisq", "df", "p")])


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_cox_of_lung(ties: Any) -> None:
    held, x = lung("age", "ph.ecog")
    wanted = EXPECTED["lung"]["cox_age_sex_phecog" + ("" if ties == "efron" else "_breslow")]
    found = cox(held, x[:, [0, 2, 1]], ties)
    names = ("age", "sex", "ph.ecog")
    assert same(found.beta, [wanted["coef"][name] for name in names])
    assert same(found.error, [wanted["se"][name] for name in names])
    assert same([found.null_log_likelihood, found.log_likelihood], [wanted["loglik_null"], wanted["loglik"]])
    assert same([found.concordance], [wanted["concordance"]])
    assert (len(held), found.leavers) == (wanted["n"], wanted["events"])


@pytest.mark.parametrize("law", ["weibull", "lognormal", "loglogistic", "exponential"])
def test_accelerated_lives_of_ovarian(law: Any) -> None:
    rows = table("ovarian")
    held = spells(numbers(rows, "futime"), numbers(rows, "fustat") == 1)
    x = np.column_stack([numbers(rows, name) for name in ("ecog.ps", "rx")])
    wanted = EXPECTED["ovarian"][f"{law}_ecogps_rx"]
    found, null = accelerated(held, x, law), accelerated(held, None, law)
    assert same(found.beta, list(wanted["coef"].values()))
    assert same(found.error, wanted["se"])
    assert same([found.scale], [wanted["scale"]])
    assert same([null.log_likelihood, found.log_likelihood], [wanted["loglik_null"], wanted["loglik"]])
