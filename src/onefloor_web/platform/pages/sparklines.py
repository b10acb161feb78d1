"""The course of a figure in thirteen periods, as a small SVG drawn on the server: the same on screen and paper."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from django.utils.safestring import SafeString, mark_safe

WIDTH, HEIGHT, EDGE = 104, 28, 3
PERIODS = 13


def sparkline(values: Sequence[float | None], *, provisional: int = 0, target: float | None = None) -> SafeString:
    """A line without smoothing; gaps stay gaps; the last ``provisional`` periods are dashed; the target is dotted.

    ``values`` are oldest first. Without two known values there is nothing to draw, and the result is empty.
    The scale is the line's own: the figure beside it says the value.
    """
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return SafeString("")
    low, high = min([*known, target or known[0]]), max([*known, target or known[0]])
    step = (WIDTH - 2 * EDGE) / max(len(values) - 1, 1)
    rise = (HEIGHT - 2 * EDGE) / ((high - low) or 1)

    def at(place: int, value: float) -> str:
        return f"{EDGE + place * step:.1f} {HEIGHT - EDGE - (value - low) * rise:.1f}"

    open_from = len(values) - provisional
    solid: list[str] = []
    dashed: list[str] = []
    for (place, here), (following, there) in pairwise(enumerate(values)):
        if here is not None and there is not None:
            (solid if following < open_from else dashed).append(f"M{at(place, here)}L{at(following, there)}")
    parts = [f'<path class="course" d="{"".join(solid)}"/>'] if solid else []
    parts += [f'<path class="course open" d="{"".join(dashed)}"/>'] if dashed else []
    parts += _lone_points(values, at)
    if target is not None:
        parts.insert(0, f'<path class="aim" d="M{at(0, target)}L{at(len(values) - 1, target)}"/>')
    last = max(place for place, value in enumerate(values) if value is not None)
    x, y = at(last, values[last] or 0).split()
    state = " provisional" if last >= open_from else ""
    parts.append(f'<circle class="last{state}" cx="{x}" cy="{y}" r="2.5"/>')
    drawn = f'<svg class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true">{"".join(parts)}</svg>'
    return mark_safe(drawn)


def _lone_points(values: Sequence[float | None], at: object) -> list[str]:
    """A value between two gaps is a dot, or it would not be seen."""
    padded = [None, *values, None]
    lone = [
        (place, value)
        for place, value in enumerate(values)
        if value is not None and padded[place] is None and padded[place + 2] is None
    ]
    dots = (at(place, value).split() for place, value in lone)  # type: ignore[operator]
    return [f'<circle class="last" cx="{x}" cy="{y}" r="1.5"/>' for x, y in dots]
