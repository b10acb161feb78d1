"""Patience of each type from how its contacts' waits ended, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onefloor.facts.schemas import OUTCOMES
from onefloor.language import Text
from onefloor.planning.fitting import sentences as say
from onefloor.planning.fitting.basis import Basis
from onefloor.planning.fitting.observed import short
from onefloor.planning.fitting.patience import FEWEST, LOOSE, UNSEEN, Willing, willing
from onefloor.planning.fitting.rows import TIMEOUT, Contacts
from onefloor.planning.simulation.laws import Law
from onefloor.planning.simulation.model import Rule

Flags = NDArray[np.bool_]
HAD_TO_WAIT = 0.5
"""Seconds: who is answered sooner did not wait."""
FALLING = 0.9
FEWEST_TIMEOUTS = 10
ALIKE = 0.02
MANY = 200
"""Waits of a type that nobody left from which its customers are taken not to leave."""


@dataclass(frozen=True, slots=True)
class Customers:
    """By type: law of patience, share that never waits, longest wait the queue allows; None or 0 without."""

    patience: tuple[Law | None, ...]
    never: tuple[float, ...]
    longest: tuple[float | None, ...]
    bases: tuple[Basis, ...]


def customers(contacts: Contacts, names: tuple[str, ...], rule: Rule, *, scoped: bool = False) -> Customers:
    """Fit every type by itself; one with too few who left takes what all types together say.

    Types that nobody left say nothing about the others: with ``scoped`` rows their abandoned contacts may be nobody's,
    else their customers do not leave.
    """
    waited = had_to_wait(contacts)
    left = np.bincount(waited.kind[waited.abandoned], minlength=len(names))
    visible = waited.only(left[waited.kind] > 0)
    together = willing(visible.wait, visible.abandoned) if visible.abandoned.sum() >= FEWEST else None
    laws: list[Law | None] = []
    never, longest, about = [], [], []
    for place, name in enumerate(names):
        own = waited.only(waited.kind == place)
        found = willing(own.wait, own.abandoned) if own.abandoned.sum() >= FEWEST else None
        lasting = not left[place] and not scoped and len(own) >= MANY
        taken = found or (None if lasting else together)
        laws.append(taken.law if taken else None)
        never.append(taken.never_waits.value if taken and taken.never_waits.low > 0 else 0.0)
        longest.append(_limit(own))
        about += _about(name, found, taken, own, rule, nobodys=scoped and not left[place])
    return Customers(tuple(laws), tuple(never), tuple(longest), tuple(about))


def had_to_wait(contacts: Contacts) -> Contacts:
    """Those whose wait has ended and that were not answered at once."""
    ended = contacts.outcome != OUTCOMES["open"]
    return contacts.only(ended & ((contacts.wait > HAD_TO_WAIT) | contacts.abandoned))


def _limit(own: Contacts) -> float | None:
    """The wait after which the queue lets go, where its time limits agree."""
    waits = own.wait[own.outcome == TIMEOUT]
    if len(waits) < FEWEST_TIMEOUTS or waits.std() > ALIKE * waits.mean() + 1:
        return None
    return float(round(np.median(waits), 3)) or None


def _about(
    name: str, found: Willing | None, taken: Willing | None, own: Contacts, rule: Rule, *, nobodys: bool
) -> list[Basis]:
    left = int(own.abandoned.sum())
    if taken is None:
        why = say.NOBODYS if nobodys else say.too_few(left, FEWEST)
        return [Basis(say.PATIENCE, name, "", len(own), refused=why)]
    pooled = (say.pooled(left, FEWEST), *((say.NOBODYS,) if nobodys else ()))
    warnings = _warnings(taken) if found else pooled
    details = {
        "left": left,
        "median_s": taken.median,
        "best_kind": taken.kind,
        "from_curve": taken.taken_from_curve,
        "left_within": {str(at): 1 - float(taken.curve.at(float(at))) for at in (15, 30, 60, 120, 180, 300)},
        "seen": taken.seen,
        "until_s": taken.until,
        "weibull_shape": taken.shape,
        "criteria": dict(taken.criteria),
        "left_over_seconds_waited": float(own.wait.sum() / left) if left else None,
    }
    share = float(short(own.wait[own.abandoned], rule).mean()) if left else 0.0
    limit = rule.within if rule.short is None else rule.short
    never = taken.never_waits
    never_value = f"{100 * never.value:.2f}%" if never.low > 0 else ""
    return [
        Basis(say.PATIENCE, name, str(taken.law), len(own), taken.mean, say.SECONDS, taken.distance, warnings,
              details=details),
        Basis(say.NEVER, name, never_value, len(own), never.times(100), PERCENT),
        Basis(say.SHORT, name, f"{100 * share:.1f}%", left, details={"share": share, "within_s": limit}),
    ]  # fmt: skip


PERCENT = Text("%", "%")


def _warnings(found: Willing) -> tuple[Text, ...]:
    told = []
    if found.taken_from_curve:
        told.append(say.law_is_a_table(found.kind))
    elif found.distance > LOOSE and found.beyond_chance:
        told.append(say.misfits(found.distance))
    if found.seen < UNSEEN:
        told.append(say.unseen(found.seen, found.until))
    if found.shape is not None and found.shape < FALLING:
        told.append(say.falling(found.shape))
    told += [say.peak(one.start, one.end, one.times_as_many) for one in found.peaks]
    return tuple(told)
