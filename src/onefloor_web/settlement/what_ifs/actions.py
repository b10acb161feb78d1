"""Trying other terms, sharing what came of it, copying what was shared. Each is one transaction."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone

from onefloor.agreements.terms.agreement import Agreement as Terms
from onefloor.agreements.terms.agreement import parse_agreement, parse_amendment
from onefloor.agreements.terms.places import parsed_yaml
from onefloor.language import Text
from onefloor.periods import Month
from onefloor.problems import Problem
from onefloor_web.agreements.drafts.actions import amend
from onefloor_web.agreements.drafts.models import Draft
from onefloor_web.agreements.exclusions.queries import composed
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.events.actions import record
from onefloor_web.platform.jobs.actions import enqueue
from onefloor_web.platform.jobs.models import Job
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.what_ifs.models import WhatIf

RUN: Final = "what_ifs.run"
MOST_MONTHS: Final = 36


class NotSigned(Problem):
    """An agreement that nobody has signed yet: there is nothing to compare with."""

    def __init__(self, agreement: Agreement) -> None:
        super().__init__(
            Text(f"协议 {agreement.code} 尚未生效。", f"The agreement {agreement.code} is not in force yet."),
            remedy=Text("双方签署后再试算。", "Try other terms once both have signed it."),
        )


class NothingChanged(Problem):
    """Other terms that are the same terms."""

    def __init__(self) -> None:
        super().__init__(
            Text("没有改动任何条款。", "No term differs from those that were signed."),
            remedy=Text("请至少改动一项。", "Change at least one of them."),
        )


class BadMonths(Problem):
    """A span that is empty or too long."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                f"账期须由早到晚，最多 {MOST_MONTHS} 个月。", f"The months go forward, at most {MOST_MONTHS} of them."
            ),
            remedy=Text("请更正起止月份。", "Correct the first or the last month."),
        )


class Shared(Problem):
    """A what-if that the other company reads: it stays as it is."""

    def __init__(self) -> None:
        super().__init__(
            Text("已共享的试算不再改动。", "A what-if that was shared stays as it is."),
            remedy=Text("请复制后修改。", "Copy it and change the copy."),
        )


class NotComputed(Problem):
    """Sharing or going on with something that has no result."""

    def __init__(self) -> None:
        super().__init__(
            Text("还没有试算结果。", "There is no result yet."),
            remedy=Text("请等待计算完成。", "Wait until it is computed."),
        )


def page_of(one: WhatIf) -> str:
    """The address of a what-if."""
    return reverse("what_if", args=[one.pk])


def signed_terms(agreement: Agreement) -> tuple[str, Terms]:
    """The terms that a what-if is compared with: those in force, with the exclusions of the web.

    Raises:
        NotSigned: there are none yet.
    """
    source = composed(agreement)
    if not source:
        raise NotSigned(agreement)
    return source, parse_agreement(source)


def try_terms(
    viewer: Viewer,
    agreement: Agreement,
    *,
    name: str,
    change: str,
    first: Month,
    last: Month,
    one: WhatIf | None = None,
) -> WhatIf:
    """Keep other terms and have the months replayed under them.

    Args:
        viewer: who tries; the what-if belongs to the viewer's company.
        agreement: whose terms.
        name: how it is called.
        change: an amendment as YAML.
        first, last: the months.
        one: a what-if to be changed instead of a new one.

    Raises:
        NotSigned, NothingChanged, BadMonths, Shared: it cannot be tried.
        Problems: the amendment cannot be read; each with its line.
    """
    if not 0 <= 12 * (last.year - first.year) + last.month - first.month < MOST_MONTHS:
        raise BadMonths
    _source, terms = signed_terms(agreement)
    amended = parse_amendment(change, terms)
    if [node.as_data() for node in amended.nodes] == [node.as_data() for node in terms.nodes]:
        raise NothingChanged
    one = (
        _held(viewer, one)
        if one
        else WhatIf(company_id=agreement.company_id, author_id=viewer.company, agreement=agreement)
    )
    one.name, one.change, one.first, one.last = name, change, str(first), str(last)
    one.found, one.ran_at, one.terms_digest, one.user_name = None, None, "", viewer.name
    one.save()
    _tell_own(viewer, "what_ifs.tried", one, Text("试算了", "tried other terms:"), page=page_of(one))
    run(viewer, one)
    return one


def run(viewer: Viewer, one: WhatIf) -> Job:
    """Have it computed."""
    return enqueue(viewer, RUN, key=f"what-if-{one.pk}", subject=one.name, page=page_of(one), number=one.pk)


def share(viewer: Viewer, one: WhatIf) -> None:
    """Let the other company read it, for good; a second time changes nothing.

    Raises:
        NotComputed: there is nothing to read yet.
    """
    held = (
        WhatIf.objects.select_for_update(of=["self"]).select_related("agreement").get(pk=one.pk, author=viewer.company)
    )
    if held.given_at is not None:
        return
    if held.found is None:
        raise NotComputed
    held.given_at = timezone.now()
    held.save(update_fields=["given_at"])
    what = Text(
        f"{viewer.name} 共享了条款试算“{held.name}”（{held.agreement.name.zh}）。",
        f'{viewer.name} shared the what-if "{held.name}" ({held.agreement.name.en}).',
    )
    record(viewer, "what_ifs.shared", held, what, page=page_of(held), company=held.company_id, shared=True)


def copy(viewer: Viewer, one: WhatIf) -> WhatIf:
    """The same terms and months as a what-if of the viewer's own company, to go on with."""
    made = WhatIf.objects.create(
        company_id=one.company_id, author_id=viewer.company, agreement=one.agreement, name=one.name, first=one.first,
        last=one.last, change=one.change, user_name=viewer.name,
    )  # fmt: skip
    _tell_own(viewer, "what_ifs.tried", made, Text("试算了", "tried other terms:"), page=page_of(made))
    run(viewer, made)
    return made


def draft(viewer: Viewer, one: WhatIf, starts: date) -> Draft:
    """The terms that were tried as a draft of the next version, of the viewer's own company; twice is the same draft.

    Args:
        viewer: who drafts it.
        one: the what-if, one's own or shared.
        starts: the day from which the terms shall hold.

    Raises:
        NotComputed: nobody knows yet what the terms come to.
        NotInForce, CannotEdit: the signed text cannot be amended so.
    """
    if one.found is None:
        raise NotComputed
    return amend(viewer, one.agreement, starts, terms=terms_of(one), name=f"{one.agreement.code} {starts} {one.name}")


def terms_of(one: WhatIf) -> dict[str, Any]:
    """What was tried, as data, without the agreement's code and the day it held from."""
    said: dict[str, Any] = parsed_yaml(one.change, "").as_data()
    return {name: value for name, value in said.items() if name not in ("amends", "from")}


def discard(viewer: Viewer, one: WhatIf) -> None:
    """Forget it.

    Raises:
        Shared: the other company reads it.
    """
    held = _held(viewer, one)
    _tell_own(viewer, "what_ifs.discarded", held, Text("作废了试算", "discarded the what-if"))
    held.delete()


def _tell_own(viewer: Viewer, name: str, one: WhatIf, did: Text, *, page: str = "") -> None:
    """Of what is not shared only its own company hears."""
    title = one.agreement.name
    what = Text(
        f"{viewer.name} {did.zh}“{one.name}”（{title.zh}）。", f'{viewer.name} {did.en} "{one.name}" ({title.en}).'
    )
    record(viewer, name, one, what, page=page)


def _held(viewer: Viewer, one: WhatIf) -> WhatIf:
    """One's own, as it is now; nobody else changes it until this transaction ends."""
    held = (
        WhatIf.objects.select_for_update(of=["self"]).select_related("agreement").get(pk=one.pk, author=viewer.company)
    )
    if held.given_at is not None:
        raise Shared
    return held
