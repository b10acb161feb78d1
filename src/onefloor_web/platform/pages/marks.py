"""Marks: a shape and a word. Printed in grey they say the same.

Two questions, two marks: is the target met (``State``), did the value change beyond chance (``Signal``).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _


class State(StrEnum):
    """Whether a target is met."""

    MET = "met"
    MISSED = "missed"
    UNCLEAR = "unclear"
    NOT_ASSESSED = "not_assessed"


WORDS: dict[State, Promise] = {
    State.MET: _("met"),
    State.MISSED: _("missed"),
    State.UNCLEAR: _("cannot tell"),
    State.NOT_ASSESSED: _("not assessed"),
}


@dataclass(frozen=True, slots=True)
class Signal:
    """A change beyond chance: the way the value moved, and whether that is good (None: neither)."""

    rising: bool
    good: bool | None = None

    @property
    def word(self) -> Promise:
        """The change in a word."""
        if self.good is None:
            return _("changed")
        return _("improving") if self.good else _("worsening")


# Shapes on a grid of 12 by 12: a tick, a cross, two waves, a dash; triangles for up and down.
_SHAPES = {
    State.MET: "M1.5 6.5l3 3 6-7",
    State.MISSED: "M2 2l8 8M10 2l-8 8",
    State.UNCLEAR: "M1 5q2.5-3 5 0t5 0M1 9q2.5-3 5 0t5 0",
    State.NOT_ASSESSED: "M2 6h8",
}
_UP, _DOWN = "M6 2l5 8h-10z", "M6 10l5-8h-10z"


def _outline(path: str) -> SafeString:
    return mark_safe(
        f'<svg viewBox="0 0 12 12" aria-hidden="true"><path d="{path}" fill="none" stroke="currentColor" '
        f'stroke-width="2"/></svg>'
    )


def _filled(path: str) -> SafeString:
    return mark_safe(f'<svg viewBox="0 0 12 12" aria-hidden="true"><path d="{path}" fill="currentColor"/></svg>')


_STATE_SHAPES = {state: _outline(path) for state, path in _SHAPES.items()}
_SIGNAL_SHAPES = {True: _filled(_UP), False: _filled(_DOWN)}


def state_mark(state: State | str) -> SafeString:
    """``✓ met``, ``✕ missed``, ``≈ cannot tell``, ``– not assessed``."""
    found = State(state)
    return format_html('<span class="mark">{}{}</span>', _STATE_SHAPES[found], WORDS[found])


def signal_mark(signal: Signal) -> SafeString:
    """``▲ worsening``: the way the value moved, and what that means."""
    return format_html('<span class="mark">{}{}</span>', _SIGNAL_SHAPES[signal.rising], signal.word)


# Each company keeps its slot for ever: colour, marker and dash belong together.
_MARKERS = (
    '<circle cx="6" cy="6" r="5" fill="currentColor"/>',
    '<path d="M1 1h10v10h-10z" fill="currentColor"/>',
    f'<path d="{_UP}" fill="currentColor"/>',
    '<path d="M6 0l6 6-6 6-6-6z" fill="currentColor"/>',
    '<path d="M4.25 0h3.5v4.25h4.25v3.5h-4.25v4.25h-3.5v-4.25h-4.25v-3.5h4.25z" fill="currentColor"/>',
)
SLOTS = len(_MARKERS)


def company_mark(name: str, slot: int) -> SafeString:
    """A company's name behind its marker; ``slot`` counts from 1 and repeats after five."""
    marker = mark_safe(_MARKERS[(slot - 1) % SLOTS])
    return format_html(
        '<span class="company company-{}"><svg viewBox="0 0 12 12" aria-hidden="true">{}</svg>{}</span>',
        (slot - 1) % SLOTS + 1,
        marker,
        name,
    )
