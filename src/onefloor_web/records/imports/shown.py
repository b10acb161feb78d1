"""What the pages of imports show: accounts, problems, previews, in words and numbers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from onefloor.facts.kinds import NAMES as KIND_NAMES
from onefloor.facts.reasons import is_note, reason_words
from onefloor.facts.sources.formulas import COLUMN
from onefloor.facts.sources.mapping import TableMapping, kind_of
from onefloor.facts.trial import Preview, PreviewRow
from onefloor.language import Text
from onefloor_web.platform.floor import zone
from onefloor_web.platform.pages.formats import duration, exact, number, say
from onefloor_web.records.imports.mapping_form import plain_words
from onefloor_web.records.imports.masking import masked, masked_log

UNSAID = frozenset({"file_start_ms"})  # what only orders lines
WIDTH, HEIGHT, BAR = 24 * 12, 48, 9


@dataclass(frozen=True, slots=True)
class Because:
    """How many lines for which reason; a note tells of lines that are loaded."""

    words: str
    lines: str
    note: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of the fact in the preview: its name, its value, the columns it came from."""

    name: str
    value: str


def kind_name(name: str) -> str:
    """A kind in words."""
    return say(KIND_NAMES[name]) if name in KIND_NAMES else ""


def because(account: Mapping[str, Any]) -> list[Because]:
    """The reasons of an account, those of lines that are not loaded first."""
    return [
        Because(say(reason_words(code)), number(lines), is_note(code))
        for code, lines in sorted(account.get("reasons", {}).items(), key=lambda item: (is_note(item[0]), -item[1]))
    ]


def problems(groups: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Groups of lines that one act mends, with the words said in the reader's language."""
    return [
        {
            **group,
            "what": say(Text(group["what"]["zh"], group["what"]["en"])),
            "remedy": say(Text(group["remedy"]["zh"], group["remedy"]["en"])),
            "lines": number(group["lines"]),
            "where": [f"{file}:{line}" for file, line in group["examples"]],
            "choices": [(word, word) for word in group["known"]],
        }
        for group in groups
    ]


def times_of(mapping: TableMapping | None) -> frozenset[str]:
    """The columns of a table that are read as moments."""
    found = mapping.columns if mapping else ()
    return frozenset(
        name.removeprefix(COLUMN) for one in found if one.kind in ("time", "clock") for name in one.sources
    )


def preview_rows(preview: Preview, times: Collection[str] = ()) -> list[dict[str, Any]]:
    """Each line with its cells and the facts that it becomes; numbers are hidden, but not those read as moments."""
    return [
        {
            "line": row.line,
            "source": [(name, _cell(row, name, text, times)) for name, text in row.source.items() if text],
            "facts": [[Cell(plain_words(name), fact_text(preview.table, name, value)) for name, value in fact.items()
                       if value is not None and name not in UNSAID] for fact in row.facts],
            "reason": say(reason_words(row.reason)) if row.reason else "",
        }
        for row in preview.rows
    ]  # fmt: skip


def fact_text(table: str, name: str, value: Any) -> str:
    """A value of a fact as people read it: times in the floor's zone, durations as m:ss."""
    if name.endswith("_ms"):
        return duration(value) if kind_of(table, name) == "duration" else _moment(value)
    if name.endswith("_day"):
        return datetime.fromtimestamp(value * 86_400, UTC).strftime("%Y-%m-%d")
    if name == "customer":
        return f"{value:x}"[:6] + ".."
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return masked(str(value))


def _cell(row: PreviewRow, name: str, text: str, times: Collection[str]) -> str:
    if not name:
        return masked_log(text)
    return text if name in times and row.facts else masked(text)


def _moment(ms: int) -> str:
    return exact(datetime.fromtimestamp(ms / 1000, UTC).astimezone(zone()))


def hours_chart(hours: Sequence[int]) -> SafeString:
    """Contacts by hour as bars; the table beside it says the same in numbers."""
    most = max(hours) or 1
    bars = "".join(
        f'<rect x="{12 * hour + 1}" y="{HEIGHT - round(HEIGHT * count / most)}" width="{BAR}"'
        f' height="{round(HEIGHT * count / most)}"/>'
        for hour, count in enumerate(hours)
    )
    ticks = "".join(
        f'<text x="{12 * hour + 5}" y="{HEIGHT + 12}" font-size="9" text-anchor="middle">{hour}</text>'
        for hour in range(0, 24, 3)
    )
    box = f'viewBox="0 0 {WIDTH} {HEIGHT + 16}" width="264"'
    return mark_safe(f'<svg class="hours" {box} fill="currentColor" aria-hidden="true">{bars}{ticks}</svg>')


def hours_words(hours: Sequence[int]) -> str:
    """Between which hours most contacts begin, and the doubt where that is at night."""
    total = sum(hours)
    if not total:
        return gettext("No contact begins in the first lines, so the time zone cannot be checked.")
    night = sum(hours[:6])
    busy = [hour for hour, count in enumerate(hours) if count]
    said = gettext("Contacts begin between %(first)s:00 and %(last)s:59.") % {"first": busy[0], "last": busy[-1]}
    if night * 2 > total:
        return said + gettext(" More than half of them begin between 0 and 6 o'clock: is the time zone right?")
    return said
