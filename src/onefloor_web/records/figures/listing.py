"""The rows behind a figure as a table and as a file; without a purpose none of what leads to a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from onefloor.agreements.rendering.words import COLUMNS
from onefloor.language import Text, same
from onefloor.metrics.breakdown import others_of
from onefloor.metrics.metric import Metric
from onefloor.metrics.rows import Listed, Side
from onefloor.metrics.tables import NAMED, NO_REPEAT_MS, TIMED, TITLES
from onefloor_web.platform.pages.formats import begin, duration, exact, number, say
from onefloor_web.platform.spreadsheets.files import Cell
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.figures import filters

OUTCOMES: Final = {
    "answered": Text("接通", "answered"),
    "abandoned": Text("放弃", "abandoned"),
    "exit_key": Text("按键离开", "left by key"),
    "timeout": Text("排队超时", "timed out"),
    "queue_empty": Text("队列无人", "queue empty"),
    "withdrawn": Text("被系统撤出", "withdrawn"),
    "failed": Text("故障中断", "failed"),
    "before_queue": Text("未进入队列", "ended before a queue"),
    "open": Text("未结束", "still open"),
}
LEGS: Final = (
    "start_ms",
    "outcome",
    "wait_ms",
    "ring_ms",
    "talk_ms",
    "hold_ms",
    "wrap_ms",
    "queue",
    "topic",
    "company",
    "agent",
)
TALKED: Final = frozenset({"ring_ms", "talk_ms", "hold_ms", "wrap_ms", "handle_ms"})
# Leads to a person, alone or together with the source.
PERSONAL: Final = frozenset({"agent", "contact", "source"})
HIDDEN: Final = frozenset({"row_id", "amount", "customer", "load", *TIMED})


@dataclass(frozen=True, slots=True)
class Part:
    """A column of rows: its name in the rows, its head, its unit, and how a value is written."""

    name: str
    head: str
    unit: str
    number: bool
    shown: Callable[[Mapping[str, Any]], str]
    cell: Callable[[Mapping[str, Any]], Cell]


def sides(metric: Metric) -> list[Side]:
    """The lists a metric's rows fall into: a share has rows that do not count as good, a mean has only counted ones."""
    listed: list[Side] = ["numerator", "others"] if others_of(metric) else ["denominator"]
    return [*listed, "excluded"] if metric.exclusions else listed


def side_words(metric: Metric, side: Side) -> str:
    """What a list is called."""
    service = metric.name == "service_level"
    words = {
        "numerator": _("In time") if service else _("In"),
        "others": _("Not in time") if service else _("Not in"),
        "denominator": _("Counted"),
        "excluded": _("Left out"),
    }
    return words[side]


def parts(listed: Listed, viewer: Viewer, *, personal: bool) -> list[Part]:
    """The columns worth showing of these rows."""
    table = listed.metric.population.table
    known = set(listed.columns)
    names: list[str]
    if table == "legs":
        names = [name for name in LEGS if name in known]
    else:
        own = [name for name in listed.columns if name in COLUMNS and name not in HIDDEN]
        names = [*own, *(name for name in ("queue", "topic", "company", "agent") if _says(listed, name))]
        names.sort(key=lambda name: name != "start_ms")
    if not viewer.client:
        names = [name for name in names if name != "company"]
    names += ["contact"] if "contact" in known else []
    names += ["source"] if "file" in known else []
    return [_part(name) for name in names if personal or name not in PERSONAL]


def contact_url(row: Mapping[str, Any]) -> str:
    """The page of the contact a row is about; empty where it is about none."""
    if not row.get("contact"):
        return ""
    return reverse("contact", args=[row["contact"]]) + f"?month={row['month']}"


def instant(ms: int) -> datetime:
    """Milliseconds since 1970 as a moment."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)


def outcome_words(outcome: object) -> str:
    """How a leg ended."""
    return say(OUTCOMES.get(str(outcome), same(str(outcome or ""))))


def source_words(row: Mapping[str, Any]) -> str:
    """Where a fact came from: file and line."""
    return f"{row['file']}:{row['line']}" if row.get("file") else ""


def _says(listed: Listed, name: str) -> bool:
    return any(row.get(name) is not None for row in listed.rows)


def _part(name: str) -> Part:
    if name == "source":
        return Part(name, _("Source"), "", number=False, shown=source_words, cell=source_words)
    if name == "contact":
        return Part(name, _("Contact"), "", number=False, shown=_text(name), cell=_text(name))
    if name == "start_ms":
        return Part(name, _("Began"), "", number=False, shown=_moment(name), cell=_instant(name))
    if name == "end_ms":
        return Part(name, say(COLUMNS[name]), "", number=False, shown=_moment(name), cell=_instant(name))
    if name == "outcome":
        return Part(name, say(COLUMNS[name]), "", number=False, shown=_outcome, cell=_outcome)
    if name in NAMED:
        return Part(name, begin(TITLES[name]), "", number=False, shown=_named(name), cell=_named(name))
    return _measured(name)


def _measured(name: str) -> Part:
    head = say(COLUMNS[name])
    if name.endswith("_ms"):
        return Part(name, head, "m:ss", number=True, shown=_duration(name), cell=_seconds(name))
    return Part(name, head, "", number=True, shown=_plain(name), cell=_value(name))


def _text(name: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda row: str(row.get(name) or "")


def _named(name: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda row: "" if row.get(name) is None else filters.name_words(name, row[name])


def _outcome(row: Mapping[str, Any]) -> str:
    return outcome_words(row.get("outcome"))


def _moment(name: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda row: exact(row[name])


def _instant(name: str) -> Callable[[Mapping[str, Any]], Cell]:
    return lambda row: instant(row[name])


def _duration(name: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda row: duration(row[name] // 1000 * 1000) if _told(name, row) else ""


def _seconds(name: str) -> Callable[[Mapping[str, Any]], Cell]:
    return lambda row: Decimal(row[name]) / 1000 if _told(name, row) else None


def _absent(name: str, value: object) -> bool:
    """Whether nothing happened: a gap without end stands for a customer who did not come back."""
    return value is None or (name.startswith("gap_") and value == NO_REPEAT_MS)


def _told(name: str, row: Mapping[str, Any]) -> bool:
    """Whether a length is known; a leg that nobody answered has neither talk nor what follows it."""
    unanswered = row.get("answered") is False and name in TALKED
    return not unanswered and not _absent(name, row.get(name))


def _plain(name: str) -> Callable[[Mapping[str, Any]], str]:
    def written(row: Mapping[str, Any]) -> str:
        value = row.get(name)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        return number(value) if isinstance(value, int) else say(str(value or ""))

    return written


def _value(name: str) -> Callable[[Mapping[str, Any]], Cell]:
    return lambda row: row.get(name)


def heads(columns: Sequence[Part]) -> list[str]:
    """The heads of a file: lengths of time are in seconds there."""
    return [f"{part.head} (s)" if part.unit == "m:ss" else part.head for part in columns]
