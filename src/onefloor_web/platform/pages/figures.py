"""A figure never travels alone: value and unit, sample, target, trend, range, state, and a way to its rows.

    Reading(label="服务水平", value="78.9", unit="%", n=43986, state=State.MISSED, target="≥ 80%", gap="−1.1 个百分点",
            trend=(82.1, 81.7, None, 80.2, 78.9), url="/figures/17/rows/")

A page hands this to ``{% figure reading %}``. The values come from the core; nothing here computes one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from onefloor.language import Text
from onefloor_web.platform.pages.formats import NOTHING, day, language, number
from onefloor_web.platform.pages.marks import WORDS, Signal, State, signal_mark, state_mark
from onefloor_web.platform.pages.sparklines import sparkline


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows that a figure does not count, and why."""

    count: int
    reason: str


@dataclass(frozen=True, slots=True)
class Drift:
    """What moved on the days of a figure beyond chance: which way, and since when in the reader's words."""

    signal: Signal
    when: str

    @property
    def mark(self) -> SafeString:
        """Its way as shape and word."""
        return signal_mark(self.signal)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the figure component shows of one value. Texts are in the reader's language already.

    Attributes:
        label: of what.
        value: the written value, ``78.9`` or ``4:52``; empty where there is none.
        unit: stands behind the value: ``%``, empty for durations.
        n: the rows of the denominator, a number or words such as ``1,075.0 h``; None for a plain count.
        note: why there is no value or no judgement: "14 contacts, fewer than the agreed 200: not assessed."
        target: the written target, ``≥ 80%``; ``gap`` how far the value is from it; ``no_target`` why there is none.
        low, high: written ends of the range where the true value may lie.
        signal: how the whole period differs from those before it; ``drift`` what moved on its days.
        trend: thirteen periods, oldest first, None for a gap; ``trend_open`` of them at the end are provisional.
        provisional: the day it settles.
        url: its rows.
        panel: whether the rows open in the side panel.
        labelled: False in a table, where heads say what it is.
    """

    label: str
    value: str = ""
    unit: str = ""
    n: int | str | None = None
    note: str = ""
    state: State | None = None
    target: str = ""
    gap: str = ""
    no_target: str = ""
    low: str = ""
    high: str = ""
    signal: Signal | None = None
    drift: Drift | None = None
    trend: Sequence[float | None] = ()
    trend_open: int = 0
    trend_target: float | None = None
    provisional: date | None = None
    left_out: tuple[LeftOut, ...] = ()
    url: str = ""
    panel: bool = False
    labelled: bool = True

    @property
    def shown(self) -> str:
        """The value, or a dash."""
        return self.value or NOTHING

    @property
    def sample(self) -> str:
        """The rows it rests on."""
        return number(self.n) if isinstance(self.n, int) else self.n or ""

    @property
    def span(self) -> str:
        """The range: ``82.5–85.6``."""
        return f"{self.low}–{self.high}" if self.low and self.high else ""

    @property
    def state_mark(self) -> SafeString | str:
        """Its state as shape and word."""
        return state_mark(self.state) if self.state else ""

    @property
    def signal_mark(self) -> SafeString | str:
        """Its change beyond chance as shape and word."""
        return signal_mark(self.signal) if self.signal else ""

    @property
    def spark(self) -> SafeString | str:
        """Its course."""
        if not self.trend:
            return ""
        return sparkline(self.trend, provisional=self.trend_open, target=self.trend_target)

    @property
    def out(self) -> int:
        """How many rows are left out."""
        return sum(part.count for part in self.left_out)

    @property
    def settles(self) -> str:
        """The day it settles."""
        return day(self.provisional)

    @property
    def spoken(self) -> str:
        """One sentence for a screen reader: ``服务水平，78.9%，样本 43,986，未达标``."""
        parts = [self.label, f"{self.value}{self.unit}" if self.value else _("no value")]
        parts += [_("sample %(n)s") % {"n": self.sample}] if self.n is not None else []
        parts += [_("range %(span)s") % {"span": self.span}] if self.span else []
        parts += [_("target %(target)s") % {"target": self.target}] if self.target else []
        parts += [self.no_target] if self.no_target else []
        parts += [str(WORDS[self.state])] if self.state else []
        parts += [str(self.signal.word)] if self.signal else []
        parts += [f"{self.drift.signal.word} {self.drift.when}"] if self.drift else []
        parts += [_("provisional until %(day)s") % {"day": self.settles}] if self.provisional else []
        parts += [self.note] if self.note else []
        return Text("，", ", ").to(language()).join(parts)
