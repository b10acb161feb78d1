"""What rules about raters do on simulated months whose truth is known.

    python benchmarks/insight_rating.py [--quick]

Wrong penalties: the true rate is exactly the target, raters differ by 5 points (standard deviation), 600 contacts a
month; the plain bound counts contacts as independent, the other takes raters as the sample. Power: the same 8 points
below. Severity: seven raters, one of them strict, 60 contacts marked three times each; and three raters, 60 contacts
marked twice; how often the 95 % interval of a rater against the mean holds the truth. Agreement: how often the interval
of alpha does, with two raters who err in 8 of 100. False alarms: lists of even raters of which one or more is flagged.

Reports 1 if the rater-aware bound fines a kept target in more than 5 of 100 months (2 of 1,000 allowed for chance).
"""

from __future__ import annotations

import argparse
import sys
from functools import partial

import numpy as np

from onefloor.insight.finding import Verdict
from onefloor.insight.rating.agreement import alpha, counts, resampled
from onefloor.insight.rating.bounds import clustered, exact
from onefloor.insight.rating.judging import Asked, rated
from onefloor.insight.rating.marks import Marks
from onefloor.insight.rating.penalty import chance
from onefloor.insight.rating.severity import of_raters, severity

TARGET, CONTACTS, SPREAD = 0.76, 600, 0.05
SEED, MONTHS, LISTS = 20_261, 20_000, 400
CHANCE = 0.002
TARGETS, SIZES = (0.76, 0.85, 0.90, 0.95, 0.98), (30, 100, 150, 300, 1_000, 3_000)


def penalties(rng: np.random.Generator, true: float, raters: int, months: int) -> tuple[float, float]:
    """How often the plain and the rater-aware bound bring a penalty."""
    rows = np.full(raters, CONTACTS // raters)
    passed = rng.binomial(rows, np.clip(rng.normal(true, SPREAD, (months, raters)), 0, 1))
    plain = exact(passed.sum(axis=1), rows.sum(), "high") < TARGET
    aware = [clustered(month, rows, "high", plain=exact) < TARGET for month in passed]
    return float(plain.mean()), float(np.mean(aware))


def floor(rng: np.random.Generator, bias: np.ndarray, contacts: int, per: int) -> Marks:
    """Scores of contacts, each marked by some raters drawn by lot."""
    contact = np.repeat(np.arange(contacts), per)
    rater = np.concatenate([rng.choice(len(bias), per, replace=False) for _ in range(contacts)])
    value = 80 + rng.normal(0, 6, contacts)[contact] + bias[rater] + rng.normal(0, 5, contacts * per)
    names = tuple(f"R{place}" for place in range(len(bias)))
    return Marks(contact, rater, value, tuple(map(str, range(contacts))), names, (None,) * len(bias), passed=False)


def coverage(rng: np.random.Generator, raters: int, per: int, lists: int) -> float:
    """How often the interval of a rater's severity holds the truth."""
    inside = []
    for _ in range(lists):
        bias = rng.normal(0, 4, raters)
        bias[-1] = -6
        found = of_raters(severity(floor(rng, bias, 60, per)))
        inside += [one.low <= true <= one.high for one, true in zip(found, bias - bias.mean(), strict=True)]
    return float(np.mean(inside))


def alpha_coverage(rng: np.random.Generator, lists: int) -> float:
    """How often the interval of alpha holds that of infinitely many contacts."""
    inside = []
    for _ in range(lists):
        truth = rng.random(200) < 0.5
        seen = np.where(rng.random((200, 2)) < 0.08, ~truth[:, None], truth[:, None]).astype(float)
        one = resampled(rng, 200, partial(alpha, counts(seen)), draws=400)
        inside.append(one.low <= (1 - 2 * 0.08) ** 2 <= one.high)
    return float(np.mean(inside))


def false_alarms(rng: np.random.Generator, raters: int, lists: int) -> float:
    """How many lists of even raters have one flagged, whatever the size of the difference."""
    flagged = 0
    for _ in range(lists):
        found = rated(floor(rng, np.zeros(raters), 120, 2), rng, Asked(margin=1e-6, draws=1))
        flagged += found.findings[1].verdict is Verdict.WORTH_A_LOOK
    return flagged / lists


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the months and lists")
    tenth = 10 if parser.parse_args().quick else 1
    months, lists = MONTHS // tenth, LISTS // tenth
    rng, worst = np.random.default_rng(SEED), 0.0
    print(f"{months:,} months, target {TARGET:.0%}, {CONTACTS} contacts, raters spread by {SPREAD * 100:g} points")
    print("raters   wrong: plain   rater-aware   power 8 points below: plain   rater-aware")
    for raters in (3, 4, 6, 8, 12):
        wrong, right = (penalties(rng, true, raters, months) for true in (TARGET, TARGET - 0.08))
        worst = max(worst, wrong[1])
        print(f"{raters:6d} {wrong[0]:14.3f} {wrong[1]:13.3f} {right[0]:29.2f} {right[1]:13.2f}")
    kept = {rule: max(float(chance(t, t, n, rule)) for t in TARGETS for n in SIZES) for rule in ("bound", "wilson")}
    worst = max(worst, kept["bound"])
    print(
        f"raters alike, targets {TARGETS}, {SIZES} contacts: wrong at most {kept['bound']:.3f}; "
        f"Wilson {kept['wilson']:.3f}"
    )
    print(f"severity covered, {lists:,} lists: 7 raters x 60 x 3: {coverage(rng, 7, 3, lists):.3f};", end=" ")
    print(f"3 raters x 60 x 2: {coverage(rng, 3, 2, lists):.3f}")
    print(f"alpha covered, {lists:,} lists of 200 contacts: {alpha_coverage(rng, lists):.3f}")
    print(f"lists of even raters with a false alarm: {[false_alarms(rng, raters, lists) for raters in (3, 6, 12)]}")
    return int(worst > 0.05 + CHANCE + (0.015 if tenth > 1 else 0))


if __name__ == "__main__":
    sys.exit(main())
