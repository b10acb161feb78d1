"""work_without_break: where the breaks of a shift may begin so that no stretch of work becomes too long.

A stretch lies between the shift's ends, its breaks and its gap. What it may last at most narrows the window of each
break, and says how much later than one break the next begins at most: differences in a chain, whose tightest windows
one pass from the end and one from the beginning give (Dechter, Meiri and Pearl 1991, on simple temporal problems).
"""

from __future__ import annotations

from typing import NamedTuple

from onefloor.planning.rostering.problem import Shift

FREE = 1_000_000  # the next break begins when it will


class Window(NamedTuple):
    """A break begins ``first`` to ``last`` intervals after the shift, and the next at most ``apart`` after it."""

    first: int
    last: int
    apart: int = FREE


def plain(shift: Shift) -> list[Window]:
    """The windows as the shift has them."""
    return [Window(pause.earliest, pause.latest) for pause in shift.pauses]


def narrowed(shift: Shift, most: int) -> list[Window] | None:
    """The windows that leave at most so many intervals without a break; None where no placing does.

    >>> from onefloor.planning.rostering.problem import Pause
    >>> narrowed(Shift("day", 480, 18, (Pause(2, 6, 9),)), 8)
    [Window(first=8, last=8, apart=1000000)]
    >>> narrowed(Shift("day", 480, 18, (Pause(2, 6, 9),)), 7) is None
    True
    """
    parts = [(pause.earliest, pause.latest, pause.length) for pause in shift.pauses]
    gap = [(shift.gap[0], shift.gap[0], shift.gap[1] - shift.gap[0])] if shift.gap else []
    chain = sorted([*parts, *gap])
    firsts, lasts = [0] * len(chain), [0] * len(chain)
    until = shift.length
    for place, (earliest, _, length) in reversed(list(enumerate(chain))):
        until = firsts[place] = max(earliest, until - most - length)
    reached = most
    for place, (_, latest, length) in enumerate(chain):
        lasts[place] = min(latest, reached)
        reached = lasts[place] + length + most
    if reached < shift.length or any(first > last for first, last in zip(firsts, lasts, strict=True)):
        return None
    found = []
    for place, part in enumerate(chain):
        tied = part not in gap and place + 1 < len(chain) and chain[place + 1] not in gap
        apart = part[2] + most if tied and firsts[place] + part[2] + most < lasts[place + 1] else FREE
        if part not in gap:
            found.append(Window(firsts[place], lasts[place], apart))
    return found
