"""What guards do on simulated floors whose truth is known.

    python benchmarks/insight_guards.py [--quick]

Verdicts: who truly sells more than 2 points above and serves more than 4 points below; 600 offers and 30 evaluations an
agent. "Right" is the share of those named who truly do, "finds" the share of those who truly do that are named; raw
rates are judged on the same floors. Trade-off: how often its 95 % interval holds the true correlation.
The same with three companies that differ by themselves: how often a trade-off is said that agents do not have.
Gaming: 300 agents, of whom three do it three times as often (a third as often for invitations); honest floors beside.
Reports 1 if fewer than nine of ten named are right, in verdicts or in gaming, or more than 8 of 100 honest screens
name somebody (the budget is 5), a trade-off is said on more than 5 of 100 floors without one, companies that are
alike are told apart on more than 5 of 100 or said to pass contacts on, or intervals of what is passed on hold in fewer
than 93 of 100.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

import numpy as np
import polars as pl

from onefloor.insight.finding import Estimate, Verdict
from onefloor.insight.guards import simulated
from onefloor.insight.guards.bunching import jump, pulled
from onefloor.insight.guards.companies import against_others
from onefloor.insight.guards.handing import exchanges
from onefloor.insight.guards.holds import IN_CONTRACTS, holds
from onefloor.insight.guards.idle_line import judged_line
from onefloor.insight.guards.judging import MAYBE
from onefloor.insight.guards.lags import lagged
from onefloor.insight.guards.quadrants import CERTAIN, certain, wrong
from onefloor.insight.guards.screening import BUDGET_OF_RATIOS, Screen, screened
from onefloor.insight.guards.shrinking import Shrunk, shrunk
from onefloor.insight.guards.simulated_habits import habits, line, passed_on
from onefloor.insight.guards.tallying import expected_of
from onefloor.insight.guards.watermelon import drift

SEED, FLOORS = 6_112, 300
MARGINS = (0.02, 0.04)
WORLDS = ((200, -0.6, 10), (100, -0.6, 5), (60, -0.6, 3), (40, -0.6, 2), (200, 0.0, 10), (1000, -0.6, 0))
COMPANIES = 3
MOST_TRADES = 0.05  # floors on which a trade-off is said that is none, or alike companies are told apart
HABITS = (
    ("transfers at a shift's end", 0.055, 10, 3.0), ("short calls at a shift's end", 0.002, 10, 40.0),
    ("leaving as peaks begin", 0.04, 7, 4.0), ("the dissatisfied are not invited", 0.3, 3, 1 / 3),
)  # fmt: skip
PATTERNS = (
    ("short calls", 0.002, 0.5, 12.0), ("transfers", 0.055, 0.3, 3.0), ("unanswered rings", 0.025, 0.3, 3.0),
    ("away at peaks", 0.05, 0.4, 3.0), ("few invitations", 0.3, 0.1, 1 / 3),
)  # fmt: skip
LEAST_RIGHT, MOST_ALARMS, LEAST_HELD = 0.9, 0.08, 0.93
LEAST_NAMED = 20  # fewer names say nothing of how many are right


def verdicts(rng: np.random.Generator, floors: int) -> float:
    """Print the table of quadrant verdicts; the worst share of right ones."""
    print(f"{floors} floors a line; margins +2 and -4 points")
    print("agents  correlation  pushers   raw: named  right   guard: named  right  finds   trade-off covered")
    worst = 1.0
    for agents, correlation, pushers in WORLDS:
        sums, covered = np.zeros((3, 2)), []
        for _ in range(floors):
            floor = simulated.sellers(rng, agents, correlation, pushers)
            found = shrunk(floor.difference, floor.error, floor.expected)
            named, raw, true = certain(wrong(found, MARGINS)), floor.raw(MARGINS), floor.wrong(MARGINS)
            sums += [[raw.sum(), (raw & true).sum()], [named.sum(), (named & true).sum()], [true.sum(), 0]]
            covered.append(found.trade_off.low <= correlation <= found.trade_off.high)
        right = sums[1, 1] / max(sums[1, 0], 1)
        worst = min(worst, right)
        print(
            f"{agents:6d} {correlation:12.1f} {pushers:8d} {sums[0, 0] / floors:12.1f} {sums[0, 1] / sums[0, 0]:6.2f} "
            f"{sums[1, 0] / floors:14.2f} {right:6.3f} {sums[1, 1] / sums[2, 0]:6.2f} "
            + (f"{np.mean(covered):19.3f}" if not pushers else f"{'-':>19s}")
        )
    return worst


def longer(rng: np.random.Generator, floors: int) -> float:
    """Print what more months, more checks and a second look find; the worst share of right ones."""
    print(f"\n200 agents, correlation -0.6, 10 push; {floors} floors a line; a month is 600 offers and 30 checks")
    print("months  checks   guard: right  finds   named after 60 more checks of who is likelier than not: right  finds")
    worst = 1.0
    for months, checks in ((1, 30), (2, 60), (4, 120), (8, 240), (16, 480), (1, 60), (1, 120), (1, 240)):
        sums = np.zeros((2, 3))
        for _ in range(floors):
            floor = simulated.sellers(rng, 200, -0.6, 10, rows=(600 * months, checks))
            true = floor.wrong(MARGINS)
            chances = wrong(shrunk(floor.difference, floor.error, floor.expected), MARGINS)
            second = simulated.checked_more(rng, floor, chances > MAYBE, 60, checks)
            later = wrong(shrunk(second.difference, second.error, second.expected), MARGINS)
            for place, named in enumerate((certain(chances), certain(later))):
                sums[place] += named.sum(), (named & true).sum(), true.sum()
        right, finds = sums[:, 1] / np.maximum(sums[:, 0], 1), sums[:, 1] / sums[:, 2]
        worst = min(worst, *right)
        print(f"{months:6d} {checks:7d} {right[0]:14.3f} {finds[0]:6.2f} {right[1]:64.3f} {finds[1]:6.2f}")
    return float(worst)


def plainer(rng: np.random.Generator, floors: int) -> None:
    """Print what a plainer estimate does: moments, chance at the expected rates, named is whoever has more than .8."""
    print(f"\n{floors} floors a line (1,000 agents: a quarter): moments and .8 against the guard")
    print("agents  correlation  pushers   moments: right  finds   guard: right  finds")
    for agents, correlation, pushers in WORLDS:
        sums = np.zeros((2, 3))
        for _ in range(floors if agents < 1000 else max(floors // 4, 2)):
            floor = simulated.sellers(rng, agents, correlation, pushers)
            true = floor.wrong(MARGINS)
            plain = wrong(_by_moments(floor), MARGINS) > CERTAIN
            ours = certain(wrong(shrunk(floor.difference, floor.error, floor.expected), MARGINS))
            for place, named in enumerate((plain, ours)):
                sums[place] += named.sum(), (named & true).sum(), true.sum()
        right, finds = sums[:, 1] / np.maximum(sums[:, 0], 1), sums[:, 1] / sums[:, 2]
        told = f"{right[0]:15.3f} {finds[0]:6.2f} {right[1]:14.3f} {finds[1]:6.2f}"
        print(f"{agents:6d} {correlation:12.1f} {pushers:8d} {told}")


def _by_moments(floor: simulated.Sellers) -> Shrunk:
    """Empirical Bayes with the covariance between agents by moments, no doubt about it (Morris 1983, section 1)."""
    centre = floor.difference.mean(axis=0)
    noise = np.zeros((len(floor.error), 2, 2))
    noise[:, [0, 1], [0, 1]] = floor.error
    values, vectors = np.linalg.eigh(np.cov(floor.difference.T) - noise.mean(axis=0))
    between = vectors @ np.diag(np.maximum(values, 1e-8)) @ vectors.T
    gain = between @ np.linalg.inv(between + noise)
    mean = centre + np.einsum("aij,aj->ai", gain, floor.difference - centre)
    return Shrunk(mean, (np.eye(2) - gain) @ between, between, Estimate(0.0, 0.0, 0.0))


def several(rng: np.random.Generator, floors: int) -> tuple[float, float]:
    """Print what companies that differ by themselves do; the share of right ones, the share of false trade-offs."""
    print(f"\n{COMPANIES} companies that differ by themselves, 300 agents; with a level for each company, and without")
    print("correlation  pushers   level: named  right  finds  trade-off said  held   no level: right  trade-off said")
    right, false = 1.0, 0.0
    for correlation, pushers in ((0.0, 0), (-0.6, 15)):
        sums, said = np.zeros(5), np.zeros(3)
        for _ in range(floors):
            floor = simulated.sellers(rng, 300, correlation, pushers, COMPANIES)
            levels, none = (shrunk(floor.difference, floor.error, floor.expected, one) for one in (floor.group, None))
            true = floor.wrong(MARGINS)
            named, loose = certain(wrong(levels, MARGINS)), certain(wrong(none, MARGINS))
            sums += named.sum(), (named & true).sum(), true.sum(), loose.sum(), (loose & true).sum()
            held = levels.trade_off
            said += held.high < 0, held.low <= correlation <= held.high, none.trade_off.high < 0
        said /= floors
        covered = "-" if pushers else f"{said[1]:.3f}"
        print(
            f"{correlation:11.1f} {pushers:8d} {sums[0] / floors:14.2f} {sums[1] / max(sums[0], 1):6.3f} "
            f"{sums[1] / max(sums[2], 1):6.2f} {said[0]:15.3f} {covered:>5s} "
            f"{sums[4] / max(sums[3], 1):17.3f} "
            f"{said[2]:15.3f}"
        )
        right = min(right, sums[1] / max(sums[0], 1)) if pushers else right
        false = false if pushers else float(said[0])
    return right, false


def alike(rng: np.random.Generator, floors: int) -> float:
    """Print how often companies that are alike are told apart, all intervals together; the most often."""
    print(
        "\nthree companies that are alike, agents differ by 6 points: any of six intervals misses 0, and who is refused"
    )
    most = 0.0
    for agents in ((3, 40, 200), (6, 40, 200), (9, 40, 60), (60, 60, 60)):
        missed, refused = 0, 0
        for _ in range(floors):
            selling, quality = (simulated.outsourced(rng, agents, 0.8, 0.06) for _ in range(2))
            found = against_others(selling, quality)
            held = [side.estimate for one in found for side in (one.selling, one.quality) if side.estimate]
            missed += any(not one.low <= 0 <= one.high for one in held)
            refused += bool(found[0].refusals)
        print(f"{agents!s:16s} {missed / floors:8.3f} {refused / floors:8.3f}")
        most = max(most, missed / floors)
    return most


def gaming(rng: np.random.Generator, floors: int) -> tuple[float, float]:
    """Print the table of gaming screens; the worst precision and the most false alarms."""
    print("\npattern              honest floors with somebody named   planted: named right   finds")
    precise, alarms = 1.0, 0.0
    for name, rate, spread, factor in PATTERNS:
        low = factor < 1
        honest = [screened(simulated.screen(rng, 300, rate, spread), low=low) for _ in range(floors)]
        false = float(np.mean([one is not None and one.flagged.any() for one in honest]))
        planted = [screened(simulated.screen(rng, 300, rate, spread, 3, factor), low=low) for _ in range(floors)]
        named = sum(int(one.flagged.sum()) for one in planted if one)
        right = sum(int(one.flagged[:3].sum()) for one in planted if one)
        precise, alarms = min(precise, right / max(named, 1)), max(alarms, false)
        print(f"{name:20s} {false:35.3f} {right / max(named, 1):22.3f} {right / (3 * floors):7.2f}")
    return precise, alarms


def at_special_times(rng: np.random.Generator, floors: int) -> tuple[float, float]:
    """Print the screens of what agents do at a special time; the worst precision and the most false alarms."""
    print("\nhabit (special rows an agent)        honest floors with somebody named   planted: named right   finds")
    precise, alarms = 1.0, 0.0
    for name, rate, usual, factor in HABITS:
        low = factor < 1
        for special in (60, 180):
            rows = (float(special), usual * special)
            honest = [screened(habits(rng, 300, rate, rows), low=low, budget=BUDGET_OF_RATIOS) for _ in range(floors)]
            planted = [
                screened(habits(rng, 300, rate, rows, 3, factor), low=low, budget=BUDGET_OF_RATIOS)
                for _ in range(floors)
            ]
            held = _told(f"{name} ({special})", honest, planted, 3)
            precise, alarms = min(precise, held[0]), max(alarms, held[1])
    some = max(floors // 10, 3)
    held = _told(f"leaving the head of the line ({some} floors)", _lines(rng, some, 0.0), _lines(rng, some, 0.1), 3)
    return min(precise, held[0]), max(alarms, held[1])


def _lines(rng: np.random.Generator, floors: int, dodges: float) -> list[Screen | None]:
    """Lines of 40 agents over 20 days, of whom three dodge."""
    found = []
    for _ in range(floors):
        frame = judged_line(line(rng, 40, 20, 3, dodges))
        assert isinstance(frame, pl.DataFrame)
        ids = np.unique(frame["agent"].to_numpy())
        found.append(screened(expected_of(frame, ids, [1] * len(ids))))
    return found


def _told(
    name: str, honest: Sequence[Screen | None], planted: Sequence[Screen | None], gamers: int
) -> tuple[float, float]:
    false = float(np.mean([one is not None and one.flagged.any() for one in honest]))
    named = sum(int(one.flagged.sum()) for one in planted if one)
    right = sum(int(one.flagged[:gamers].sum()) for one in planted if one)
    print(f"{name:45s} {false:26.3f} {right / max(named, 1):22.3f} {right / (gamers * len(planted)):7.2f}")
    return right / named if named >= LEAST_NAMED else 1.0, false


def handed_over(rng: np.random.Generator, floors: int) -> tuple[float, float]:
    """Print how often a company is said to pass on more to another; false alarms, and where all intervals hold."""
    print("\nagents of three companies, points more passed on   that pair   any other pair   all three intervals hold")
    false, held_least = 0.0, 1.0
    for agents in ((60, 60, 60), (9, 40, 60), (200, 30, 100)):
        for extra in (0.0, 0.01, 0.02):
            seen = np.zeros(3)
            for _ in range(floors):
                found = exchanges(passed_on(rng, agents, extra))
                looks = [one.verdict() is Verdict.WORTH_A_LOOK for one in found]
                true = (100 * extra, 0.0, 0.0)
                nets = [one.net for one in found if one.net]
                held = all(net.low <= t <= net.high for net, t in zip(nets, true, strict=True))
                seen += looks[0], any(looks[1:]), held
            seen /= floors
            print(f"{agents!s:16s} {100 * extra:20.0f} {seen[0]:24.3f} {seen[1]:16.3f} {seen[2]:26.3f}")
            false = max(false, float(seen[1]), 0.0 if extra else float(seen[0]))
            held_least = min(held_least, float(seen[2]))
    return false, held_least


def share(rng: np.random.Generator, floors: int, seen: Callable[[np.random.Generator], bool]) -> float:
    """How often something is seen."""
    return float(np.mean([seen(rng) for _ in range(floors)]))


def over_time(rng: np.random.Generator, floors: int) -> None:
    """Print how often each of the other detectors speaks on honest and on planted floors."""

    def bunches(moved: float) -> Callable[[np.random.Generator], bool]:
        def seen(rng: np.random.Generator) -> bool:
            found = jump(simulated.talks(rng, 20_000, 60.0, moved), 60.0, 3.0)
            return found is not None and found.verdict(0.2) is Verdict.WORTH_A_LOOK

        return seen

    def pulls(moved: float) -> Callable[[np.random.Generator], bool]:
        def seen(rng: np.random.Generator) -> bool:
            found = pulled(*simulated.contest(rng, moved), last=45)
            return found is not None and found.found

        return seen

    def drifts(factor: float) -> Callable[[np.random.Generator], bool]:
        def seen(rng: np.random.Generator) -> bool:
            series = [simulated.weeks(rng, 40, rate, 0.08, 30 if rate < 0.1 else None, factor) for rate in (0.02, 0.12)]
            found = [drift(hits, rows, 13, len(series)) for hits, rows in series]
            return any(one is not None and one.moved for one in found)

        return seen

    def follows(slope: float) -> Callable[[np.random.Generator], bool]:
        def seen(rng: np.random.Generator) -> bool:
            found = lagged(*simulated.teams(rng, slope, 3), longest=6)
            return found is not None and (found.lag == 3 if slope else found.lag is not None)

        return seen

    print("\ndetector                                              honest   planted")
    for name, make, none, planted in (
        ("bunching past 60 s (half of 40-60 s moved)", bunches, 0.0, 0.5),
        ("sales pulled forward (40 % of the next week)", pulls, 0.0, 0.4),
        ("drift outside the contract (half as many again)", drifts, 1.0, 1.5),
        ("complaints three weeks later, the right week named", follows, 0.0, 0.2),
    ):
        print(f"{name:52s} {share(rng, floors, make(none)):7.3f} {share(rng, floors, make(planted)):9.3f}")


def gates(rng: np.random.Generator, floors: int) -> None:
    """Print how often a reward's gate holds where the truth is at the gate, above and below it."""
    print("\ngate 85 %, 20 agents who differ by 5 points, 30 checked each: how often the gate holds")
    print("true     lower bound   observed + 3 points   observed   lower bound in a contract (rows are the sample)")
    for true in (0.82, 0.85, 0.88, 0.90):
        held = np.zeros(4)
        for _ in range(floors * 5):
            rows = np.full(20, 30)
            good = rng.binomial(rows, np.clip(rng.normal(true, 0.05, 20), 0, 1))
            rules = (("bound", 0.0), ("margin", 0.03), ("margin", 0.0))
            answers = [holds(good, rows, 0.85, rule, margin) for rule, margin in rules]  # type: ignore[arg-type]
            whole = np.array([good.sum()]), np.array([rows.sum()])
            answers.append(holds(*whole, 0.85, level=IN_CONTRACTS))
            held += [answer.details["holds"] for answer in answers]
        held /= floors * 5
        print(f"{true:.2f} {held[0]:15.3f} {held[1]:21.3f} {held[2]:10.3f} {held[3]:20.3f}")


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the floors")
    floors = FLOORS // (10 if parser.parse_args().quick else 1)
    rng = np.random.default_rng(SEED)
    right = verdicts(rng, floors)
    of_companies, trades = several(np.random.default_rng(SEED + 1), floors)
    right = min(right, of_companies)
    apart = alike(np.random.default_rng(SEED + 2), floors)
    right = min(right, longer(np.random.default_rng(SEED + 3), max(floors // 3, 10)))
    precise, alarms = gaming(rng, floors)
    over_time(rng, floors)
    gates(np.random.default_rng(SEED + 6), floors)
    plainer(np.random.default_rng(SEED + 7), max(floors // 5, 6))
    then, alarmed = at_special_times(np.random.default_rng(SEED + 4), max(floors // 3, 10))
    dumped, held = handed_over(np.random.default_rng(SEED + 5), floors)
    precise, alarms = min(precise, then), max(alarms, alarmed)
    slack, loose = (0.03, 0.15) if floors < FLOORS else (0.0, 0.0)  # of few floors one or two weigh much
    return int(
        right < LEAST_RIGHT - slack
        or precise < LEAST_RIGHT - slack
        or alarms > MOST_ALARMS + loose
        or max(trades, apart, dumped) > MOST_TRADES + loose
        or held < LEAST_HELD - loose
    )


if __name__ == "__main__":
    sys.exit(main())
