"""What pages hand to components: plain records, texts in the reader's language already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.pages.formats import number

Words = str | Promise


class Audience(StrEnum):
    """Who sees a page or a block."""

    SELF = "self"
    SELF_AND_LEADER = "self_and_leader"
    PERSON_AND_COMPANY = "person_and_company"
    PERSON_AND_BOTH = "person_and_both"
    COMPANY = "company"
    BOTH = "both"
    FLOOR = "floor"
    SHARED = "shared"


AUDIENCES: dict[Audience, Promise] = {
    Audience.SELF: _("Only you see this"),
    Audience.SELF_AND_LEADER: _("Only the person and the team leader see this"),
    Audience.PERSON_AND_COMPANY: _("The person, the team leader and the company's management see this"),
    Audience.PERSON_AND_BOTH: _("The person, the team leader and the management of both companies see this"),
    Audience.COMPANY: _("Only your company sees this"),
    Audience.BOTH: _("Both companies see this"),
    Audience.FLOOR: _("All companies on the floor see this"),
    Audience.SHARED: _("Shared with %(name)s"),
}


@dataclass(frozen=True, slots=True)
class Missing:
    """A file of facts that has not come."""

    company: str
    what: str


@dataclass(frozen=True, slots=True)
class Freshness:
    """Until when the facts reach, and what is missing; ``url`` leads to the imports.

    ``behind`` is whether something was loaded that the figures do not hold yet.
    """

    through: datetime | None
    missing: tuple[Missing, ...] = ()
    final: bool = False
    url: str = ""
    behind: bool = False


@dataclass(frozen=True, slots=True)
class Empty:
    """An empty place: what will be here and why it is not yet, and the one step that fills it."""

    text: Words
    step: Words = ""
    url: str = ""
    sample: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of an object's line of time: who did what, when, why."""

    at: datetime | None
    what: Words
    who: Words = ""
    company: Words = ""
    why: Words = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A name and its value in a list of properties."""

    name: Words
    value: object
    url: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a wizard; ``url`` leads back to one that is done."""

    name: Words
    url: str = ""
    done: bool = False
    current: bool = False


@dataclass(frozen=True, slots=True)
class Tab:
    """One of several views of the same object, each with its own address."""

    name: Words
    url: str
    current: bool = False


class Stage(StrEnum):
    """Where a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


STAGES: dict[Stage, Promise] = {
    Stage.WAITING: _("waiting"),
    Stage.RUNNING: _("running"),
    Stage.DONE: _("done"),
    Stage.FAILED: _("failed"),
    Stage.CANCELLED: _("cancelled"),
}


@dataclass(frozen=True, slots=True)
class Progress:
    """A job as a row: done of total, state, cancel. ``url`` answers with the row again (see ``progress`` tag)."""

    id: str
    title: Words
    stage: Stage
    url: str = ""
    done: int = 0
    total: int | None = None
    unit: Words = ""
    cancel_url: str = ""
    retry_url: str = ""
    result_url: str = ""
    result: Words = ""
    why: Words = ""

    @property
    def moving(self) -> bool:
        """Whether it is worth asking again."""
        return self.stage in (Stage.WAITING, Stage.RUNNING)

    @property
    def word(self) -> Promise:
        """Its stage in a word."""
        return STAGES[self.stage]

    @property
    def counted(self) -> str:
        """``4,000 / 12,500``."""
        return number(self.done) if self.total is None else f"{number(self.done)} / {number(self.total)}"


@dataclass(frozen=True, slots=True)
class Need:
    """A row of what needs the reader: until when, what, and the act."""

    clock: Words
    what: Words
    act: Words
    url: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One half hour of one weekday."""

    text: str
    step: int = 0
    few: bool = False
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class Heat:
    """A heat map: rows are half hours from opening time on, columns weekdays from Monday; grey ramp in five steps."""

    caption: Words
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    bounds: tuple[str, ...]
    minimum: int


STEPS = 5


def heat_map(
    caption: Words,
    columns: Sequence[str],
    rows: Sequence[tuple[str, Sequence[tuple[float | None, str, int]]]],
    *,
    written: Sequence[str],
    edges: Sequence[float],
    minimum: int,
) -> Heat:
    """A heat map of ``(value, written value, n)`` cells; a cell with n below ``minimum`` is hatched, not shaded.

    ``edges`` are the four values that part the five steps, ascending; ``written`` names the five steps for the scale.
    """
    made = tuple((head, tuple(_cell(*cell, edges, minimum) for cell in cells)) for head, cells in rows)
    return Heat(caption, tuple(columns), made, tuple(written), minimum)


def _cell(value: float | None, text: str, n: int, edges: Sequence[float], minimum: int) -> Cell:
    if value is None:
        return Cell("")
    if n < minimum:
        return Cell(text, few=True, spoken=f"n {number(n)}")
    return Cell(text, step=1 + sum(value >= edge for edge in edges), spoken=f"n {number(n)}")
