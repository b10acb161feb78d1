"""What the estimators of effects say on floors whose truth is known: ``insight_effects.py [--quick]``.

A help period for the lowest tenth, three waves, months that wobble; trials looked at weekly for a year; interrupted
series without a step. Beside each figure what the spreadsheet, or the usual shortcut, says of the same floors.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onefloor.insight.effects import history, looks, series, stacked, staggered, synthetic, threshold
from onefloor.insight.effects.found import Draws, Found
from onefloor.insight.effects.panel import NEVER, Panel

Floats = NDArray[np.float64]
WINDOW = 3
SEED = 20260701


class World(NamedTuple):
    """A floor: rates are shares, ``pick`` the share of agents picked over all waves but one."""

    label: str
    effect: float = 0.0
    agents: int = 120
    months: int = 12
    contacts: float = 150
    agent_sd: float = 0.04
    month_sd: float = 0.02
    drift: float = 0.006
    uneven: bool = False
    picks: str = "low"
    size: float = 0.1
    waves: tuple[int, ...] = (4, 6, 8)


def floor(world: World, rng: np.random.Generator) -> Panel:
    """Monthly rates of agents who learn; in each wave's month some of those not helped yet get help from then on."""
    skill = rng.normal(0.72, world.agent_sd, world.agents)
    learn = world.drift * rng.uniform(0, 2, world.agents)[:, None] * np.sqrt(np.arange(world.months))
    common = 0.01 * np.sin(np.arange(world.months)) - 0.004 * np.arange(world.months)
    start = np.full(world.agents, NEVER)
    mean = world.contacts * (rng.gamma(2, 0.5, (world.agents, 1)) if world.uneven else 1)
    rows = rng.poisson(np.broadcast_to(mean, (world.agents, world.months))) + 1
    hits = np.zeros_like(rows)
    for month in range(world.months):
        if month in world.waves:
            _pick(world, start, hits / rows, month, rng)
        gain = np.where(month >= start, world.effect, 0)
        rate = skill + learn[:, month] + common[month] + rng.normal(0, world.month_sd, world.agents) + gain
        hits[:, month] = rng.binomial(rows[:, month], np.clip(rate, 0.02, 0.98))
    names = tuple(f"a{number}" for number in range(world.agents))
    return Panel(names, tuple(map(str, range(world.months))), hits, rows, start, start)


def _pick(world: World, start: NDArray[np.intp], rate: Floats, month: int, rng: np.random.Generator) -> None:
    free = np.flatnonzero(start == NEVER)
    count = int(world.size * world.agents)
    order = np.argsort(rate[free, month - 1]) if world.picks == "low" else rng.permutation(len(free))
    start[free[order[:count]]] = month


def ends(panel: Panel) -> dict[int, int]:
    """The window of each wave."""
    return {start: min(start + WINDOW, len(panel.periods)) for _, start in history.waves(panel)}


def before_after(panel: Panel) -> tuple[float, float, float]:
    """The spreadsheet: the three months after less the month that picked."""
    gaps = [
        np.nanmean(panel.rates[unit, start : start + WINDOW]) - panel.rates[unit, start - 1]
        for unit, start in enumerate(panel.start)
        if start < NEVER
    ]
    half = 1.97 * float(np.std(gaps, ddof=1)) / len(gaps) ** 0.5
    return float(np.mean(gaps)), float(np.mean(gaps)) - half, float(np.mean(gaps)) + half


def on_history(panel: Panel) -> tuple[float, float, float]:
    """The comparison on the picking history."""
    spans = {touched: (touched - 1, touched) for touched, _ in history.waves(panel)}
    return _interval(stacked.compared(history.blocks(panel, history.Picking(panel, spans), ends(panel))))


def after_lot(panel: Panel) -> tuple[float, float, float]:
    """The same after a lot: three months before as history."""
    spans = {touched: (touched - 3, touched) for touched, _ in history.waves(panel)}
    return _interval(stacked.compared(history.blocks(panel, history.Picking(panel, spans), ends(panel))))


def callaway(panel: Panel, gap: int) -> tuple[float, float, float]:
    """Staggered difference-in-differences from the ``gap`` months before each start."""
    above, below = panel.numerator.astype(float), panel.denominator.astype(float)
    data = staggered.Changes(above, below, panel.start, panel.touched)
    found = staggered.effects(data, {s: (s - gap, s) for _, s in history.waves(panel)}, ends(panel))
    return _interval(staggered.averaged(data, found, staggered.simple(found)))


def _interval(found: Found) -> tuple[float, float, float]:
    shown = found.interval()
    return shown.value, shown.low, shown.high


Estimator = Callable[[Panel], tuple[float, float, float]]
PICKED_LOW: dict[str, Estimator] = {
    "before/after": before_after,
    "difference-in-differences from the picking month": lambda panel: callaway(panel, 1),
    "comparison on the picking history": on_history,
}
UNRELATED: dict[str, Estimator] = {
    "comparison after a lot": after_lot,
    "staggered difference-in-differences, base of 3 months": lambda panel: callaway(panel, 3),
}
HONEST = ("comparison on the picking history", *UNRELATED)
LOW = (
    World("truth 0"),
    World("truth +3", effect=0.03),
    World("truth 0, 40 agents", agents=40),
    World("truth +3, 40 agents", effect=0.03, agents=40),
    World("truth +3, agents drift apart", effect=0.03, drift=0.015),
    World("truth 0, 600 contacts, quiet months", contacts=600, month_sd=0.005),
    World("truth +3, uneven contacts", effect=0.03, uneven=True),
)
RANDOM = (
    World("truth 0", picks="lot"),
    World("truth +3", picks="lot", effect=0.03),
    World("truth +3, 40 agents", picks="lot", effect=0.03, agents=40),
    World("truth +3, 40 agents, one wave of 12", picks="lot", effect=0.03, agents=40, waves=(6,), size=0.3),
)


class Row(NamedTuple):
    """One estimator on one kind of floor: points, and shares of floors."""

    world: World
    estimator: str
    value: float
    bias: float
    spread: float
    covers: float
    helped: float
    half: float


def calibrated(world: World, estimators: dict[str, Estimator], floors: int) -> Iterator[Row]:
    """For each estimator: mean, bias and spread in points, coverage, and how often it says that it helped."""
    rng, rows = np.random.default_rng(SEED), {name: [] for name in estimators}  # type: ignore[var-annotated]
    for _ in range(floors):
        panel = floor(world, rng)
        for name, estimator in estimators.items():
            value, low, high = estimator(panel)
            rows[name].append((value, value**2, low <= world.effect <= high, low > 0, (high - low) / 2))
    for name, found in rows.items():
        value, square, covers, helped, half = np.mean(found, axis=0)
        sd = 100 * max(0.0, square - value**2) ** 0.5
        yield Row(world, name, 100 * value, 100 * (value - world.effect), sd, covers, helped, 100 * half)


def missed(row: Row) -> Iterator[str]:
    """Which goals an honest estimator misses: bias within 0.3 points, coverage, "helped" of nothing at most .05."""
    if row.estimator not in HONEST:
        return
    name, least = f"{row.world.label}, {row.estimator}", 0.92 if row.world.agents <= 40 else 0.93
    if abs(row.bias) > 0.3:
        yield f"{name}: bias {row.bias:+.2f} pt, wanted within 0.3"
    if row.covers < least:
        yield f"{name}: covers {row.covers:.3f}, wanted >= {least}"
    if row.world.effect == 0 and row.helped > 0.05:
        yield f"{name}: says it helped {row.helped:.3f}, wanted <= .05"


def at_most(name: str, measured: float, goal: float) -> Iterator[str]:
    """The goal that is missed, if it is."""
    if measured > goal:
        yield f"{name}: {measured:.3f}, wanted <= {goal}"


def looked_at(floors: int, weeks: int = 52, arm: int = 40) -> tuple[float, float, float]:
    """A trial by lot without effect, looked at weekly for a year: false successes or failures at any look.

    The estimate is the difference of the arms so far given nothing, its error that of agents: fixed interval, sequence.
    """
    rng, wrong = np.random.default_rng(SEED), np.zeros(3)
    for _ in range(floors):
        skill = rng.normal(0.72, 0.04, 2 * arm)
        rate = np.clip(skill[:, None] + rng.normal(0, 0.02, (2 * arm, weeks)), 0.02, 0.98)
        rows = rng.poisson(40, (2 * arm, weeks)) + 1
        hits, below = rng.binomial(rows, rate).cumsum(1), rows.cumsum(1)
        so_far = hits / below
        gap = so_far[:arm].mean(0) - so_far[arm:].mean(0)
        error = np.sqrt(sum(side.var(0, ddof=1) / arm for side in (so_far[:arm], so_far[arm:])))
        half = looks.half_widths(1 / error**2, looks.rho_for(looks.PLAN / error[0] ** 2))
        wrong += (np.any(np.abs(gap) > 1.96 * error), np.any(np.abs(gap) > half), np.any(gap > half))
    return tuple(wrong / floors)  # type: ignore[return-value]


def looked_at_by_month(floors: int) -> tuple[float, float]:
    """The same by the comparison after a lot, 36 of 80 agents, at each of nine months: fixed interval, sequence."""
    world = World("", agents=80, picks="lot", waves=(3,), size=0.45)
    rng, wrong = np.random.default_rng(SEED), np.zeros(2)
    for _ in range(floors):
        panel = floor(world, rng)
        picking = history.Picking(panel, {3: (0, 3)})
        every = [stacked.compared(history.blocks(panel, picking, {3: end})) for end in range(4, 13)]
        rho = looks.rho_for(looks.PLAN / every[0].error ** 2)
        wrong += [any(map(_leaves_0, every)), any(_leaves_0(looks.always_valid(one, rho)) for one in every)]
    return tuple(wrong / floors)  # type: ignore[return-value]


def _leaves_0(found: Found) -> bool:
    return not found.interval().low <= 0 <= found.interval().high


def looked_at_weeks(floors: int, weeks: int = 52) -> tuple[float, float]:
    """The same where every week is new people: fixed interval from the fifth week on, and sequence."""
    rng, wrong = np.random.default_rng(SEED), np.zeros(2)
    count = np.arange(1, weeks + 1)
    for _ in range(floors):
        mean = rng.normal(size=weeks).cumsum() / count
        half = looks.half_widths(count.astype(float), looks.rho_for(looks.PLAN * 5))
        wrong += (np.any((np.abs(mean) * count**0.5 > 1.96)[4:]), np.any(np.abs(mean) > half))
    return tuple(wrong / floors)  # type: ignore[return-value]


def steps(floors: int, rho: float, size: int = 78, step: int = 52) -> tuple[float, float, float]:
    """False steps in a series without one: plain errors, AR(1) errors, less a control series with AR(1) errors."""
    rng, wrong = np.random.default_rng(SEED), np.zeros(3)
    x = series.design(size, step)
    for _ in range(floors):
        shock = np.zeros(size)
        for place in range(1, size):
            shock[place] = rho * shock[place - 1] + rng.normal()
        y, control = (0.02 * np.arange(size) + shock + 0.5 * rng.normal(size=size) for _ in range(2))
        wrong += (
            _plain(y, x),
            series.stepped(y, step, size)[0].p_value < 0.05,
            series.stepped(y - control, step, size)[0].p_value < 0.05,
        )
    return tuple(wrong / floors)  # type: ignore[return-value]


def _plain(y: Floats, x: Floats) -> bool:
    inverse = np.linalg.inv(x.T @ x)
    beta = inverse @ (x.T @ y)
    left = y - x @ beta
    return bool(abs(beta[2]) > 1.99 * np.sqrt(inverse[2, 2] * (left @ left) / (len(y) - 3)))


def jumps(floors: int, people: int = 300) -> tuple[float, float, float]:
    """A threshold rule, truth +3: bias and coverage of the jump; beside it the plain difference of the sides."""
    rng, found = np.random.default_rng(SEED), []
    for _ in range(floors):
        skill = rng.normal(0.72, 0.04, people)
        x = rng.binomial(150, np.clip(skill, 0, 1)) / 150 + rng.uniform(-1e-6, 1e-6, people)
        helped = x < 0.70
        y = skill + 0.03 * helped + rng.normal(0, 0.02, people)
        one = threshold.jump(x, y, 0.70, helped)
        shown = one.interval()
        found.append((one.value - 0.03, shown.low <= 0.03 <= shown.high, y[helped].mean() - y[~helped].mean() - 0.03))
    bias, covers, naive = np.mean(found, axis=0)
    return 100 * bias, covers, 100 * naive


def placebos(floors: int, effect: float, teams: int = 30) -> tuple[float, float, float]:
    """One team of thirty, 300 contacts a month, six months before and five after: bias, coverage, "it helped"."""
    rng, found = np.random.default_rng(SEED), []
    for _ in range(floors):
        level = rng.normal(0.7, 0.03, teams)[:, None] + rng.normal(0, 0.015, (teams, 11)) + rng.normal(0, 0.01, 11)
        level[0, 6:] += effect
        rows = rng.poisson(rng.gamma(4, 75, (teams, 11))) + 20
        one = synthetic.one_against_others(rng.binomial(rows, np.clip(level, 0, 1)).astype(float), rows * 1.0, 0, 6)[0]
        shown = one.interval()
        found.append((one.value - effect, shown.low <= effect <= shown.high, shown.low > 0))
    bias, covers, helped = np.mean(found, axis=0)
    return 100 * bias, covers, helped


def picked_few(floors: int, picks: str, effect: float, draws: int = 199) -> tuple[float, float]:
    """Five of forty got it: coverage of the interval from possible picks, and how often it leaves 0 above."""
    world = World("", effect, agents=40, picks=picks, waves=(6,), size=0.125)
    rng, found = np.random.default_rng(SEED), []
    span = {6: (5, 6) if picks == "low" else (3, 6)}

    def estimated(panel: Panel) -> Found | None:
        return stacked.roughly(history.blocks(panel, history.Picking(panel, span), {6: 6 + WINDOW}))

    def statistic(panel: Panel) -> float | None:
        one = estimated(panel)
        return one.value / one.error if one else None

    for _ in range(floors):
        panel = floor(world, rng)
        one = estimated(panel)
        assert one is not None
        chance = Draws(history.null_sizes(statistic, panel, np.ones(40, bool), rng, draws))
        shown = replace(one, chance=chance).interval()
        found.append((shown.low <= effect <= shown.high, shown.low > 0))
    covers, helped = np.mean(found, axis=0)
    return covers, helped


def _table(worlds: Sequence[World], estimators: dict[str, Estimator], floors: int) -> list[str]:
    """Print the table; the goals that were missed."""
    print("| floor | estimator | estimate, pt | bias, pt | spread, pt | covers | says it helped | half-width, pt |")
    print("|---|---|---|---|---|---|---|---|")
    found: list[str] = []
    for world in worlds:
        for row in calibrated(world, estimators, floors):
            print(
                f"| {world.label} | {row.estimator} | {row.value:+.2f} | {row.bias:+.2f} | {row.spread:.2f} | "
                f"{row.covers:.3f} | {row.helped:.3f} | {row.half:.1f} |",
                flush=True,
            )
            found += missed(row)
    print()
    return found


def main() -> int:
    """Print every table; 1 if a goal is missed (with ``--quick`` chance alone may miss one, so 0)."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--quick", action="store_true", help="a tenth of the floors")
    asked.add_argument("--floors", type=int, default=1000)
    given = asked.parse_args()
    floors = given.floors // 10 if given.quick else given.floors
    began = time.process_time()
    print(f"## Picked for being low ({floors} floors a line)\n")
    short = _table(LOW, PICKED_LOW, floors)
    print("## Drawn by lot\n")
    short += _table(RANDOM, UNRELATED, floors)
    fixed, sequence, success = looked_at(floors)
    print("## Looked at weekly for a year, no effect\n")
    print(f"40 + 40 agents: fixed interval {fixed:.3f}, sequence {sequence:.3f}, of it successes {success:.3f}")
    monthly = looked_at_by_month(max(1, floors // 2))
    print(f"the comparison after a lot at nine months: fixed interval {monthly[0]:.3f}, sequence {monthly[1]:.3f}")
    weekly = looked_at_weeks(4 * floors)
    print(f"new people every week: fixed interval {weekly[0]:.3f}, sequence {weekly[1]:.3f}\n")
    for name, share in (("weekly", sequence), ("monthly", monthly[1]), ("new people weekly", weekly[1])):
        short += at_most(f"wrong at any look, {name}", share, 0.05)
    print("## False steps in a series of 78 weeks (plain errors; AR(1) errors; less a control series)\n")
    for rho in (0.0, 0.4, 0.7):
        shares = steps(floors, rho)
        print(f"autocorrelation {rho}: " + "; ".join(f"{one:.3f}" for one in shares), flush=True)
        short += at_most(f"false steps, autocorrelation {rho}, AR(1) errors", shares[1], 0.08)
        short += at_most(f"false steps, autocorrelation {rho}, less a control", shares[2], 0.05)
    print("\n## Five of forty, interval from possible picks\n")
    for picks in ("lot", "low"):
        for effect in (0.0, 0.06):
            covers, helped = picked_few(max(1, floors // 4), picks, effect)
            print(f"{picks}, truth {100 * effect:+.0f}: covers {covers:.3f}, above 0 {helped:.3f}", flush=True)
    bias, covers, naive = jumps(floors)
    print("\n## Threshold rule, truth +3\n")
    print(f"bias {bias:+.2f} pt, covers {covers:.3f}; difference of the sides is off by {naive:+.2f} pt\n")
    print("## One team of thirty\n")
    for effect in (0.0, 0.06):
        bias, covers, helped = placebos(floors, effect)
        print(
            f"truth {100 * effect:+.0f}: bias {bias:+.2f} pt, covers {covers:.3f}, says it helped {helped:.3f}",
            flush=True,
        )
    print(f"\n{time.process_time() - began:.0f} CPU seconds")
    print("\n".join(short) or "every goal is met")
    return 1 if short and not given.quick else 0


if __name__ == "__main__":
    raise SystemExit(main())
