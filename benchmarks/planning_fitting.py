"""How often fitted parameters and simulated bands are right, on data whose truth is known.

    python benchmarks/planning_fitting.py [--draws 400] [--floors 12] [--quick] [--json]

Intervals: of patience (four laws, waits cut short by answers), of who does not wait at all, of mean service and of the
factors of a day: how often the 95 % interval holds the truth, and by how much the estimate leans; beside it what the
mean wait of those who left says, which ignores that the others were answered. Floors: days of a known model,
fitted and simulated again: how often an observed half hour lies in its band of 95 %, and whether redials, repeats and
the overflow come back. Speed: four laws with censoring against two of lifelines, in turn in one run, CPU seconds. Fixed
seeds; one process. ``--quick`` takes a tenth; chance alone may then miss a goal, so it exits 0.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np

from onefloor.insight.finding import Estimate
from onefloor.planning.fitting.busyness import busyness
from onefloor.planning.fitting.comparing import cells, compare, whole
from onefloor.planning.fitting.days import Days
from onefloor.planning.fitting.fit import fit
from onefloor.planning.fitting.patience import willing
from onefloor.planning.fitting.times import fitted

TESTS = Path(__file__).resolve().parents[1] / "tests" / "planning" / "fitting"
HOLDS, LEANS, INSIDE = (0.90, 0.985), 0.03, (0.93, 0.998)  # counts have steps: bands hold a little more
SMALL = "busyness, own .05"  # often no more than chance: its estimates lean low, and no goal is set for that
Draw = Callable[[np.random.Generator, int], np.ndarray]
LAWS: dict[str, tuple[Draw, float]] = {
    "exponential": (lambda chance, n: chance.exponential(120.0, n), 120.0),
    "lognormal": (lambda chance, n: chance.lognormal(5.0, 1.0, n), math.exp(5.5)),
    "gamma": (lambda chance, n: chance.gamma(2.0, 60.0, n), 120.0),
    "weibull": (lambda chance, n: 120.0 * chance.weibull(1.6, n), 120.0 * math.gamma(1 + 1 / 1.6)),
}
Found = list[tuple[Estimate, float, float]]
"""Estimates with the truth, and what ignoring censoring says (nan where there is none)."""


def patience_of(law: str, draws: int, seed: int) -> dict[str, Found]:
    """Patience and who does not wait, 5 % of 4,000 customers, half of the others answered first."""
    told: dict[str, Found] = {"mean": [], "never": []}
    draw, truth = LAWS[law]
    for place in range(draws):
        chance = np.random.default_rng([seed, place])
        patience = np.where(chance.random(4000) < 0.05, 0.4, draw(chance, 4000))
        answer = chance.exponential(90.0, 4000)
        waits, left = np.minimum(patience, answer), patience <= answer
        found = willing(waits, left)
        assert found is not None
        told["mean"].append((found.mean, truth, float(waits[left & (waits > 1)].mean())))
        told["never"].append((found.never_waits, 0.05, math.nan))
    return told


def service_of(draws: int, seed: int) -> Found:
    """Mean service of 500 lognormal times."""
    drawn = (np.random.default_rng([seed, 1, place]).lognormal(5.0, 0.8, 500) for place in range(draws))
    return [(fitted(times).mean, math.exp(5.32), math.nan) for times in drawn]


def days_of(draws: int, seed: int) -> dict[str, Found]:
    """Two types over 120 days: shared factor .10, own .05 and .15."""
    told: dict[str, Found] = {"shared .10": [], "own .05": [], "own .15": []}
    truth = (0.10, 0.05, 0.15)
    weekday = np.arange(120) % 7 + 1
    means = np.array([400.0, 150.0])[:, None] * np.array([1.2, 1.1, 1.0, 1.0, 1.0, 0.8, 0.7])[weekday - 1]
    for place in range(draws):
        chance = np.random.default_rng([seed, 2, place])
        shared, *own = (chance.gamma(1 / cv**2, cv**2, 120) for cv in truth)
        counts = chance.poisson((means * shared * np.stack(own))[:, :, None] / 48 * np.ones(48)).astype(float)
        found = busyness(Days(np.arange(120), weekday, counts, {}))
        for name, one, cv in zip(told, (found.shared, *found.own), truth, strict=True):
            assert one is not None
            told[name].append((one, cv, math.nan))
    return told


def line(name: str, found: Found) -> tuple[float, float, float]:
    """Share that holds the truth, mean of the estimates over it, and what ignoring censoring has."""
    holds = float(np.mean([one.low <= truth <= one.high for one, truth, _ in found]))
    leans = float(np.mean([one.value / truth for one, truth, _ in found])) - 1
    naive = float(np.mean([ignored / truth for _, truth, ignored in found]))
    shown = "" if math.isnan(naive) else f"   ignoring answers {naive:.2f} of the truth"
    print(f"{name:36s} holds {holds:.3f}   leans {100 * leans:+5.1f} %{shown}", flush=True)
    return holds, leans, naive


def floors_of(floors: int, seed: int) -> dict[str, float]:
    """Days of a known model, fitted and compared: shares of half hours inside, and what else comes back."""
    sys.path.insert(0, str(TESTS))
    from simulated_floor import floor_of, truth

    inside: dict[str, list[float]] = {}
    held: dict[str, list[bool]] = {"redials": [], "repeats": [], "overflow": []}
    for place in range(floors):
        with tempfile.TemporaryDirectory() as folder:
            source = floor_of(Path(folder), truth(), 56, seed + place)
            found = fit(source)
            bases = {(one.parameter.en, one.of): one for one in found.bases}
            for name, of, share in (("redials", "tech", 30.0), ("repeats", "bills", 8.0)):
                estimate = bases[name, of].estimate
                held[name].append(estimate is not None and estimate.low <= share <= estimate.high)
            late = [offer.after for offer in found.model.types[0].groups if offer.after]
            held["overflow"].append(len(late) == 1 and abs(late[0] - 20) <= 0.5)
            compared = compare(source, replications=100, seed=seed, threads=1)
            for figure in compared.figures:
                inside.setdefault(figure.name, []).append(cells(compared, figure).inside)
                seen, band = whole(compared, figure)
                inside.setdefault(f"{figure.name}, all days", []).append(float(band.low <= seen <= band.high))
    shares = {name: float(np.mean(values)) for name, values in (*inside.items(), *held.items())}
    for name, share in shares.items():
        print(f"{name:36s} {share:.3f}", flush=True)
    return shares


def speed(rounds: int) -> float | None:
    """CPU of two laws of lifelines over that of all four here; None without lifelines."""
    try:
        import lifelines
    except ImportError:
        print("lifelines is not installed: no comparison of speed")
        return None
    chance = np.random.default_rng(3)
    patience, answer = chance.lognormal(5.0, 1.0, 20_000), chance.exponential(90.0, 20_000)
    waits, left = np.minimum(patience, answer), patience <= answer
    ratios = []
    for _ in range(rounds):
        start = time.process_time()
        willing(waits, left)
        middle = time.process_time()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            lifelines.LogNormalFitter().fit(waits, left)
            lifelines.WeibullFitter().fit(waits, left)
            lifelines.KaplanMeierFitter().fit(waits, left)
        ratios.append((time.process_time() - middle) / (middle - start))
    print(f"{'lifelines, two laws / four laws here':36s} {median(ratios):.2f} of CPU (goal >= 1)", flush=True)
    return median(ratios)


def main() -> int:
    """Print the table; 1 if a goal is missed (with ``--quick`` 0)."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=400)
    parser.add_argument("--floors", type=int, default=12)
    parser.add_argument("--quick", action="store_true", help="a tenth of it")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    draws, floors = (max(asked.draws // 10, 10), 1) if asked.quick else (asked.draws, asked.floors)
    missed, told = [], {}
    print(f"{draws} draws, {floors} floors, seed {asked.seed}; goals: holds {HOLDS[0]}-{HOLDS[1]}, leans {LEANS:.0%}")
    intervals = {f"patience, {law}: {name}": found for law in LAWS
                 for name, found in patience_of(law, draws, asked.seed).items()}  # fmt: skip
    intervals["service, mean"] = service_of(draws, asked.seed)
    intervals |= {f"busyness, {name}": found for name, found in days_of(draws, asked.seed).items()}
    for name, found in intervals.items():
        told[name] = line(name, found)
        if not HOLDS[0] <= told[name][0] <= HOLDS[1] or (abs(told[name][1]) > LEANS and name != SMALL):
            missed.append(name)
    shares = floors_of(floors, asked.seed)
    figures = ("service_level", "abandonment", "mean_wait", "handled")
    missed += [name for name in figures if not INSIDE[0] <= shares[name] <= INSIDE[1]]
    ratio = speed(3 if asked.quick else 7)
    missed += ["speed"] if ratio is not None and ratio < 1 else []
    print("missed: " + "; ".join(missed) if missed else "every goal is met")
    if asked.json:
        print(json.dumps({"intervals": told, "floors": shares, "speed": ratio, "missed": missed}))
    return 1 if missed and not asked.quick else 0


if __name__ == "__main__":
    raise SystemExit(main())
