"""How often a fair comparison is right, on simulated floors whose truth is known.

    python benchmarks/insight_fair.py [--floors 1000] [--quick] [--json]

Worlds of 8 to 100 agents a side; the vendor's work is harder, later and done by younger people. For each world: how
often the 95 % interval holds the truth ("as delivered" and "same experience"), how often "worse" is said of the same
experience, how often it would be with the error of contacts as if independent, how often raw rates say it, and
the error against that of the raw gap. Where something is different, the last column is how often anybody could say
"worse" who knows everything but the levels, the gain of experience and the gap: the information bound of those very
floors. Every floor is counted, whether or not its size would let a verdict be given, so that the intervals themselves
are tried. Fixed seeds; one process.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy import stats

from onefloor.insight.fair.gap import gap
from onefloor.insight.fair.simulated import Simulated, World, simulate
from onefloor.insight.fair.work import Family
from onefloor.insight.finding import LEVEL

WIDTHS = (10, 10, 10, 7, 9, 7)
# On the logit scale. What the goal for power was set in, and is judged in, is a logit of -0.21: 4.7 points of these
# contacts, which its table calls four. At four points exactly not even the bound reaches .65 with 30 + 30 agents.
GOAL, FOUR_POINTS = -0.21, -0.18
WORLDS = {
    "no difference, 30+30": World(),
    "no difference, 8+8": World(agents=(8, 8)),
    "no difference, 15+15": World(agents=(15, 15)),
    "no difference, 100+100": World(agents=(100, 100)),
    "no difference, 60 own + 5 vendor": World(agents=(60, 5)),
    "no difference, same mix and tenure": World(mix=0.0, tenure_gap=0.0),
    "no difference, mix and tenure further apart": World(mix=1.4, tenure_gap=1.4),
    "no difference, model wrong (interaction)": World(interaction=0.3),
    "no difference, agents alike": World(agent_sd=0.1),
    "no difference, handling time": World(family=Family.DURATION, agent_sd=0.09),
    "no difference, complaints": World(family=Family.COUNT, contacts=2500),
    "logit -0.21, 30+30": World(effect=GOAL),
    "logit -0.21, 100+100": World(effect=GOAL, agents=(100, 100)),
    "4.0 points worse, 30+30": World(effect=FOUR_POINTS),
    "4.0 points worse, 100+100": World(effect=FOUR_POINTS, agents=(100, 100)),
}
POWER = {"logit -0.21, 30+30": 0.65, "logit -0.21, 100+100": 0.97}


@dataclass(frozen=True, slots=True)
class Row:
    """One world: shares, and errors in the unit of the gap (points, milliseconds, events a row)."""

    world: str
    floors: int
    without: int  # floors without a gap: no tenure band in common
    truth: float
    covers_delivered: float
    covers_experience: float
    says_worse: float
    contacts_say_worse: float
    raw_says_worse: float
    best_says_worse: float  # the power of the information bound
    bias: float  # the mean of the errors
    error: float
    raw_error: float

    @property
    def part(self) -> float:
        """The error as a part of the raw one."""
        return self.error / self.raw_error


def row(name: str, world: World, floors: int, seed: int) -> Row:
    """Many floors of one world."""
    rng = np.random.default_rng(seed)
    found = [one(simulate(rng, world), world.family) for _ in range(floors)]
    told = np.array([told for told in found if told is not None])
    means = told[:, :7].mean(axis=0)
    error, raw_error = np.sqrt((told[:, 7:] ** 2).mean(axis=0))
    return Row(name, floors, floors - len(told), *means, told[:, 7].mean(), error, raw_error)


def one(floor: Simulated, family: Family) -> tuple[float, ...] | None:
    """What is said of one floor; "worse" is lower for shares and higher for times and complaints.

    None where nothing sets the companies apart but their people's tenure: such a floor is refused.
    """
    delivered, experience = gap(floor.work, tenure=False), gap(floor.work, tenure=True)
    if delivered is None or experience is None:
        return None
    truth, sign = floor.same_experience, 1 if family is Family.SHARE else -1
    first, second = delivered.interval(), experience.interval()
    raw, error = raw_gap(floor, family)
    ends = sorted((sign * second.low, sign * second.high))
    return (
        truth,
        first.low <= floor.as_delivered <= first.high,
        second.low <= truth <= second.high,
        ends[1] < 0,
        sign * experience.value + 1.96 * error < 0,
        sign * raw + 1.96 * error < 0,
        float(stats.norm.cdf(-sign * truth / floor.least_error - stats.norm.ppf((1 + LEVEL) / 2))),
        experience.value - truth,
        raw - truth,
    )


def raw_gap(floor: Simulated, family: Family) -> tuple[float, float]:
    """What a spreadsheet says: two rates, and the error of contacts as if they were independent."""
    work = floor.work
    rates = [work.rate(side) for side in (0, 1)]
    rows = [float(work.n[work.company == side].sum()) for side in (0, 1)]
    spread = {
        Family.SHARE: [rate * (1 - rate) for rate in rates],
        Family.COUNT: rates,
        Family.DURATION: [0.5 * rate**2 for rate in rates],  # at least: a lognormal's with the noise of a contact
    }[family]
    return rates[1] - rates[0], float(np.sqrt(sum(v / n for v, n in zip(spread, rows, strict=True))))


def missed(rows: dict[str, Row]) -> list[str]:
    """Which targets were not met."""
    found = []
    for name, told in rows.items():
        lines = (told.covers_delivered, told.covers_experience)
        found += [f"{name}: covers {line:.3f}, wanted .93 to .985" for line in lines if not 0.93 <= line <= 0.985]
        if name.startswith("no difference") and told.says_worse > 0.05:
            found.append(f"{name}: says worse {told.says_worse:.3f}, wanted <= .05")
    for name, power in POWER.items():
        if rows[name].says_worse < power:
            found.append(f"{name}: power {rows[name].says_worse:.3f}, wanted >= {power}")
    if rows["no difference, 30+30"].part > 0.2:
        found.append(f"error against raw {rows['no difference, 30+30'].part:.3f}, wanted <= .2")
    return found


def shown(told: Row) -> str:
    """One line of the table."""
    shares = (
        told.covers_delivered,
        told.covers_experience,
        told.says_worse,
        told.contacts_say_worse,
        told.raw_says_worse,
    )
    cells = [f"{told.truth:{WIDTHS[0]}.4g}", *(f"{x:{w}.3f}" for x, w in zip(shares, WIDTHS[1:], strict=True))]
    without = f"   ({told.without} refused)" if told.without else ""
    best = f"{told.best_says_worse:.3f}" if told.truth else "-"
    return f"{told.world:44s} {' '.join(cells)}   1/{1 / told.part:<5.1f} {best:>5s} {told.bias:9.2g}{without}"


def main() -> int:
    """Print the table; 1 if a target is missed (with ``--quick`` chance alone may miss one, so 0)."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--floors", type=int, default=1000)
    parser.add_argument("--quick", action="store_true", help="40 floors a world")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    floors = 40 if asked.quick else asked.floors
    rows: dict[str, Row] = {}
    print(f"{floors} floors a world, seed {asked.seed}")
    heads = ("truth", "delivered", "experience", "worse", "contacts", "raw")
    print(
        f"{'world':44s} "
        + " ".join(f"{head:>{width}s}" for head, width in zip(heads, WIDTHS, strict=True))
        + "   error     best      bias"
    )
    for name, world in WORLDS.items():
        rows[name] = row(name, world, floors, asked.seed)
        print(shown(rows[name]), flush=True)
    told: dict[str, Any] = {"rows": [asdict(one) for one in rows.values()], "missed": missed(rows)}
    print("\n".join(told["missed"]) or "every target is met")
    if asked.json:
        print(json.dumps(told))
    return 1 if told["missed"] and not asked.quick else 0


if __name__ == "__main__":
    raise SystemExit(main())
