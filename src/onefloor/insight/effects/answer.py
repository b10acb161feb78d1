"""What a design answers: the effect, the two lines of the picture, and what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from onefloor.insight.effects.found import Floats, Found
from onefloor.insight.effects.looks import Look

Caution = tuple[str, Mapping[str, float | str]]
"""A code and the figures in its words; see ``sentences``."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The helped and those they are compared with, side by side, one figure a period.

    ``labels`` are periods, or periods since the start; the action begins with label ``step``.
    """

    labels: tuple[str, ...]
    helped: Floats
    others: Floats
    step: int


@dataclass(frozen=True, slots=True)
class Answer:
    """An effect by one design.

    ``cautions`` are read beside the verdict, ``blocks`` take it away; ``spreadsheet`` is before/after, as a quotient;
    ``rows`` the denominators in the window. ``stayed`` counts who is still seen at the end of the window, helped and
    others: ``(seen, of)`` each.
    """

    design: str
    found: Found
    lines: Lines
    spreadsheet: float
    rows: int
    cautions: tuple[Caution, ...] = ()
    blocks: tuple[Caution, ...] = ()
    looks: tuple[Look, ...] = ()
    stayed: tuple[tuple[int, int], tuple[int, int]] | None = None
    checks: Mapping[str, float] = field(default_factory=dict)
