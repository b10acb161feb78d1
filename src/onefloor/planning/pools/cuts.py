"""Cuts: what one agent more does to a level that is missed, measured by simulation under common random numbers.

Cezik and L'Ecuyer (2008, Management Science 54:310), Atlason, Epelman and Henderson (2008, Management Science 54:295):
the level as a function of the staff is nearly concave once it is not tiny, so its tangent at a staff that misses the
target cuts off staffs that miss it too. Differences are taken over several agents, which evens out chance; over a day
every third interval is moved at once, since a level hangs on the staff of its own interval and of the one before.
"""

from __future__ import annotations

import numpy as np

from onefloor.planning.pools.levels import Levels
from onefloor.planning.pools.master import Cut
from onefloor.planning.pools.problem import Floats, Ints, Pools
from onefloor.planning.pools.simulated import Simulated

COLOURS = 3
FLAT = 1e-4  # of a share by agent: less is chance


def steps(staff: Ints) -> Ints:
    """Over how many agents a difference is taken: some, not so many that the curve bends."""
    return np.maximum(1, np.round(np.sqrt(staff) / 2)).astype(np.int64)


def slopes(floor: Simulated, staff: Ints) -> Floats:
    """Levels gained by one more agent of the same interval and of the one before, shape (J, P, G, 2)."""
    groups, intervals = staff.shape
    here, size = floor.levels(staff, floor.first).value, steps(staff)
    found = np.zeros((*here.shape, groups, 2))
    for g in range(groups):
        for colour in range(min(COLOURS, intervals)):
            moved = staff.copy()
            chosen = np.arange(intervals) % COLOURS == colour
            moved[g, chosen] += size[g, chosen]
            gained = floor.levels(moved, floor.first).value - here
            found[:, chosen, g, 0] = gained[:, chosen] / size[g, chosen]
            after = np.flatnonzero(chosen[:-1]) + 1
            found[:, after, g, 1] = gained[:, after] / size[g, after - 1]
    return np.maximum(found, 0.0)


def cuts_at(asked: Pools, staff: Ints, seen: Levels, wanted: Floats, by: Floats) -> list[Cut]:
    """A cut for each target and interval that misses what is wanted (J, P) with this staff."""
    missed = np.argwhere(seen.value < wanted)
    return [_cut(asked, staff, float(wanted[j, p] - seen.value[j, p]), int(j), int(p), by[j, p]) for j, p in missed]


def _cut(asked: Pools, staff: Ints, short: float, target: int, interval: int, by: Floats) -> Cut:
    slope = np.zeros(staff.shape)
    slope[:, interval] = np.where(by[:, 0] > FLAT, by[:, 0], 0.0)
    if interval:
        slope[:, interval - 1] = np.where(by[:, 1] > FLAT, by[:, 1], 0.0)
    if slope.sum() <= FLAT:  # nothing helps visibly: at least one more of those who serve it
        slope[:, interval] = asked.serves[asked.counted[target]].any(axis=0)
        return Cut(slope, float((slope * staff).sum()) + 1.0, target, interval)
    return Cut(slope, float((slope * staff).sum()) + short, target, interval)
