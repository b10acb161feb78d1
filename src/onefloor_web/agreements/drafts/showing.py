"""What the pages of one draft share: its heading, its tabs, what is wrong with it, what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from onefloor.agreements.rendering.amended import changes
from onefloor.agreements.terms.agreement import Agreement
from onefloor.problems import Problem
from onefloor_web.agreements.drafts.checking import Checked, check, line_of, reading
from onefloor_web.agreements.drafts.models import Comment, Draft, State
from onefloor_web.agreements.drafts.parts import Part, part_at, section_title
from onefloor_web.platform.companies.models import Company
from onefloor_web.platform.companies.queries import the_client
from onefloor_web.platform.pages.blocks import Tab
from onefloor_web.platform.pages.formats import clock, moment, say
from onefloor_web.platform.permissions.policy import can
from onefloor_web.platform.tenancy.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Wrong:
    """A problem as a row: its line, its sentences, the part it is in."""

    line: int
    what: str
    why: str
    remedy: str
    part: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A part in the outline: its lines, how many problems and open comments it has."""

    part: Part
    title: str
    problems: int
    comments: int


@dataclass(frozen=True, slots=True)
class Group:
    """A section of the outline."""

    section: str
    title: str
    entries: tuple[Entry, ...]


def frame(viewer: Viewer, draft: Draft, tab: str) -> dict[str, Any]:
    """What every page of a draft shows."""
    checked = check(viewer, draft.company, draft.text, draft.base)
    mine, is_open = can(viewer, "drafts.change", draft), draft.state == State.OPEN
    return {
        "draft": draft,
        "stamp": draft.digest,
        "tabs": _tabs(draft, tab, checked.agreement),
        "checked": checked,
        "saved": saved_words(draft),
        "may_change": mine and is_open,
        "may_comment": can(viewer, "drafts.comment", draft),
        "may_copy": can(viewer, "drafts.change"),
        "may_propose": mine and is_open and can(viewer, "agreements.propose"),
        "may_share": mine and is_open and draft.given_at is None and not draft.company.is_client,
        "shared_with": draft.company.name if draft.author_id != draft.company_id else "",
        "other": other_company(draft).name,
    }


def other_company(draft: Draft) -> Company:
    """Who reads it beside its author."""
    return draft.company if draft.author_id != draft.company_id else the_client()


def _tabs(draft: Draft, tab: str, agreement: Agreement | None) -> list[Tab]:
    count = len(changed(draft, agreement)) if draft.base and agreement else None
    differences = _("Changes against v%(number)s: %(count)s") % {"number": draft.base.number, "count": count} if (
        draft.base and count is not None
    ) else _("In words")  # fmt: skip
    named = [
        ("terms", _("Terms"), "draft"),
        ("changes", differences, "draft-changes"),
        ("replay", _("What it would have paid, 12 months"), "draft-replays"),
    ]
    return [Tab(title, reverse(name, args=[draft.pk]), key == tab) for key, title, name in named]


def changed(draft: Draft, agreement: Agreement) -> list[Any]:
    """What the draft changes in the version it amends."""
    before = reading(draft.base.source).agreement if draft.base else None
    return changes(before.versions[-1], agreement.versions[-1]) if before else []


def saved_words(draft: Draft) -> str:
    """``saved 14:02 by Li``; with the day where it was another one."""
    today = moment(draft.saved_at)[:10] == moment(timezone.now())[:10]
    at = clock(draft.saved_at) if today else moment(draft.saved_at)
    return _("saved %(at)s by %(who)s") % {"at": at, "who": draft.saved_by}


def wrong(checked: Checked, parts: Sequence[Part]) -> list[Wrong]:
    """The problems as rows."""
    return [_wrong(one, parts) for one in checked.problems]


def _wrong(one: Problem, parts: Sequence[Part]) -> Wrong:
    line = line_of(one)
    part = part_at(parts, line) if line else None
    return Wrong(line, say(one.what), say(one.why) if one.why else "", say(one.remedy), part.key if part else "")


def outline(draft: Draft, parts: Sequence[Part], problems: Sequence[Wrong]) -> list[Group]:
    """The parts by section, with what is wrong in each and how many open comments it has."""
    said = open_comments(draft)
    groups: dict[str, list[Entry]] = {}
    for part in parts:
        title = say(part.title)
        shown = f"{part.number} {title}" if part.number and part.number not in title else title
        faults = sum(one.part == part.key for one in problems)
        groups.setdefault(part.section, []).append(Entry(part, shown, faults, said.get(part.key, 0)))
    return [Group(name, say(section_title(name)), tuple(entries)) for name, entries in groups.items()]


def open_comments(draft: Draft) -> dict[str, int]:
    """How many comments wait, by part."""
    counted = Comment.objects.filter(draft=draft).values("part").annotate(n=Count("pk", filter=Q(resolved_at=None)))
    return {row["part"]: row["n"] for row in counted.order_by()}


def comments_on(draft: Draft, part: str) -> list[Comment]:
    """What was said to a part, the oldest first."""
    return list(Comment.objects.filter(draft=draft, part=part).select_related("author").order_by("made_at", "pk"))
