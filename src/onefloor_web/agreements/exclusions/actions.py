"""What is done with exclusions, from draft to answer. Each is one transaction, and safe to ask for twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any, Final, TypeAlias

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from onefloor.language import Text
from onefloor.periods import clock
from onefloor.problems import Problem
from onefloor_web.agreements.exclusions.models import Answer, Exclusion, State
from onefloor_web.agreements.exclusions.queries import answer_of, months_of, state_of
from onefloor_web.agreements.register.instants import moment_of
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.agreements.register.queries import procedure, signed_version, working_time, zone_of
from onefloor_web.platform.events.actions import record
from onefloor_web.platform.jobs.actions import enqueue
from onefloor_web.platform.jobs.models import Job
from onefloor_web.platform.pages.stamps import refuse_changed, stamp_of
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.uploads import actions as uploads
from onefloor_web.platform.uploads.models import Attachment
from onefloor_web.platform.uploads.queries import attachments_of
from onefloor_web.records.rosters.signed import signed_months

Files: TypeAlias = "Iterable[UploadedFile[Any]]"
WEIGH: Final = "exclusions.weigh"
FIELDS: Final = ("reason", "words", "starts", "ends", "where", "clauses", "note")


class NotSigned(Problem):
    """An agreement that nobody has signed yet."""

    def __init__(self, agreement: Agreement) -> None:
        super().__init__(
            Text(f"协议 {agreement.code} 尚未生效。", f"The agreement {agreement.code} is not in force yet."),
            remedy=Text("双方签署后再提出剔除。", "Propose exclusions once both have signed it."),
        )


class NotWeighed(Problem):
    """A draft whose effect nobody has looked at."""

    def __init__(self) -> None:
        super().__init__(
            Text("尚未计算影响。", "Its effect has not been computed yet."),
            why=Text("提出前须看到涉及的话务和指标变化。", "Rows and figures are looked at before it is proposed."),
            remedy=Text("请先计算影响。", "Compute the effect first."),
        )


class Settled(Problem):
    """An exclusion that has come further than this step."""

    def __init__(self, one: Exclusion) -> None:
        words = {
            State.DRAFT: Text("还是草稿", "is still a draft"), State.WAITING: Text("正在等待确认", "is waiting"),
            State.APPROVED: Text("已由双方确认", "is approved by both"), State.REFUSED: Text("已被拒绝", "was refused"),
            State.EXPIRED: Text("已过答复时限", "was not answered in time"),
            State.WITHDRAWN: Text("已撤回", "was withdrawn"),
        }  # fmt: skip
        said = words[state_of(one)]
        super().__init__(
            Text(f"剔除 {one.code}{said.zh}。", f"The exclusion {one.code} {said.en}.".replace("  ", " ")),
            remedy=Text("如仍需要，请另提一项。", "Propose another one if it is still wanted."),
        )


class OneSide(Problem):
    """Somebody answers the own company's proposal, or the own one."""

    def __init__(self, one: Exclusion) -> None:
        who = Text("另一人", "a second person") if one.agreement.shadow else Text("对方公司", "the other company")
        super().__init__(
            Text(f"这项剔除须由{who.zh}确认。", f"This exclusion is answered by {who.en}."),
            why=Text("须双方同意才生效。", "It takes effect only when both sides have agreed."),
            remedy=Text(f"请等待{who.zh}。", f"Wait for {who.en}."),
        )


class NoReason(Problem):
    """A refusal without a word."""

    def __init__(self) -> None:
        super().__init__(
            Text("拒绝须说明原因。", "A refusal needs a reason."),
            remedy=Text("请写明原因，对方可以看到。", "Write it; the other company reads it."),
        )


def page_of(one: Exclusion) -> str:
    """The address of an exclusion."""
    return reverse("exclusion", args=[one.agreement.code, one.pk])


def draft(
    viewer: Viewer, agreement: Agreement, said: Mapping[str, Any], one: Exclusion | None = None, *, files: Files = ()
) -> Exclusion:
    """Make a draft, or write another one over it; what was computed of the one before is forgotten, files are kept.

    Raises:
        NotSigned: there are no terms yet.
        Settled: it has been proposed already.
        Problems of attached files: nothing is kept.
    """
    if signed_version(agreement) is None:
        raise NotSigned(agreement)
    began = one is None
    if one is None:
        one = Exclusion(company_id=agreement.company_id, author_id=viewer.company, agreement=agreement)
    else:
        one = _held(one)
        _refuse_unless(one, State.DRAFT)
    for name in FIELDS:
        setattr(one, name, said[name])
    one.effect, one.user_number, one.user_name = None, viewer.user or 0, viewer.name
    with transaction.atomic():
        one.save()
        uploads.attach(viewer, one, files)
        if began:
            did = Text("起草了一项剔除", "drafted an exclusion")
            _tell_own(viewer, "exclusions.drafted", one, did, page=page_of(one))
    return one


def discard(viewer: Viewer, one: Exclusion) -> None:
    """Forget a draft and its files.

    Raises:
        Settled: it has been proposed; that can only be withdrawn.
    """
    one = _held(one)
    _refuse_unless(one, State.DRAFT)
    for file in attachments_of(one):
        uploads.remove(file)
    _tell_own(viewer, "exclusions.discarded", one, Text("作废了一项剔除草稿", "discarded the draft of an exclusion"))
    one.delete()


def take_away(one: Exclusion, file: Attachment) -> None:
    """Take a file of a draft away.

    Raises:
        Settled: it has been proposed; the other company has the file.
    """
    _refuse_unless(_held(one), State.DRAFT)
    uploads.remove(file)


def weigh(viewer: Viewer, one: Exclusion) -> Job:
    """Have its effect computed: the months it touches, settled with and without it."""
    subject = f"{one.agreement.code} {one.code}".strip()
    return enqueue(viewer, WEIGH, key=f"exclusion-{one.pk}", subject=subject, page=page_of(one), number=one.pk)


def propose(viewer: Viewer, one: Exclusion, *, seen: str | None = None) -> Exclusion:
    """Give a draft to the other side; proposing is this side's approval.

    Args:
        viewer: who proposes it.
        one: the draft.
        seen: the stamp of what was read before (``stamp``); None where nobody was asked.

    Raises:
        ChangedMeanwhile: it says something else than what was read.
        NotWeighed: its effect was not computed.
        Settled: it has been proposed already.
    """
    one = _held(one)
    _refuse_unless(one, State.DRAFT)
    refuse_changed(seen, stamp(one))
    if one.effect is None:
        raise NotWeighed
    before = Exclusion.objects.filter(agreement=one.agreement, number__isnull=False)
    now, local = timezone.now(), zone_of(one.agreement)
    one.number = (before.aggregate(last=Max("number"))["last"] or 0) + 1
    one.given_at, one.given_on = now, now.astimezone(local).date()
    one.user_number, one.user_name = viewer.user or 0, viewer.name
    one.answer_by = moment_of(_answer_by_ms(one)).astimezone(local)
    one.save()
    uploads.give(one)
    _tell(viewer, "exclusions.proposed", one, Text("提出剔除", "proposed the exclusion"))
    return one


def stamp(one: Exclusion) -> str:
    """Of what a draft says, with its effect and its files."""
    files = list(attachments_of(one).order_by("digest").values_list("digest", flat=True))
    when = [moment.astimezone(UTC).isoformat() for moment in (one.starts, one.ends)]
    return stamp_of(one.pk, one.reason, one.words, when, one.where, one.clauses, one.note, one.effect, files)


def answer(viewer: Viewer, one: Exclusion, *, approved: bool, why: str = "") -> Answer:
    """Approve or refuse what the other side proposed; the same answer again changes nothing.

    Months that both have signed stay as they are: an approval corrects them in the next open month.

    Raises:
        OneSide: it is the own company's proposal; on own staff's agreement, the own one.
        NoReason: a refusal says why.
        Settled: it was answered otherwise, withdrawn, or its time is over.
    """
    one = _held(one)
    known = answer_of(one)
    if known is not None and known.author_id == viewer.company and known.approved == approved:
        return known
    _refuse_unless(one, State.WAITING)
    same = one.user_number == (viewer.user or 0) if one.agreement.shadow else True
    if one.author_id == viewer.company and same:
        raise OneSide(one)
    if not approved and not why.strip():
        raise NoReason
    now, local = timezone.now(), zone_of(one.agreement)
    made = Answer.objects.create(
        company_id=one.company_id, author_id=viewer.company, given_at=now, exclusion=one, approved=approved,
        why=why.strip(), answered_on=now.astimezone(local).date(), user_number=viewer.user or 0, user_name=viewer.name,
        corrects=[str(month) for month in locked_months(one)] if approved else [],
    )  # fmt: skip
    did = Text("确认剔除", "approved the exclusion") if approved else Text("拒绝剔除", "refused the exclusion")
    _tell(viewer, "exclusions.approved" if approved else "exclusions.refused", one, did, why=why)
    return made


def withdraw(viewer: Viewer, one: Exclusion, *, why: str) -> None:
    """Take back what nobody has answered yet; a second time changes nothing.

    Raises:
        OneSide: it is the other company's.
        Settled: it was answered, or its time is over.
    """
    one = _held(one)
    if one.author_id != viewer.company:
        raise OneSide(one)
    if one.withdrawn_at is not None:
        return
    _refuse_unless(one, State.WAITING)
    one.withdrawn_at, one.withdrawn_why = timezone.now(), why.strip()
    one.save(update_fields=["withdrawn_at", "withdrawn_why"])
    _tell(viewer, "exclusions.withdrawn", one, Text("撤回剔除", "withdrew the exclusion"), why=why)


def locked_months(one: Exclusion) -> list[Any]:
    """The months it touches that both have signed already."""
    signed = signed_months(one.company.code)
    return [month for month in months_of(one, zone_of(one.agreement)) if month in signed]


def _answer_by_ms(one: Exclusion) -> int:
    """The terms' time to answer, from the end of the last month it touches, or from now if that is over."""
    local = zone_of(one.agreement)
    over = clock(str(local)).start_of_day_ms(months_of(one, local)[-1].days.end)
    today = timezone.now().astimezone(local).date()
    begins = max(over, int(timezone.now().timestamp() * 1000))
    return working_time(one.agreement, today).deadline(begins, procedure(one.agreement, today).rule)


def _tell(viewer: Viewer, name: str, one: Exclusion, did: Text, *, why: str = "") -> None:
    what = Text(
        f"{viewer.name} {did.zh} {one.code}（{one.agreement.name.zh}）。",
        f"{viewer.name} {did.en} {one.code} ({one.agreement.name.en}).",
    )
    record(viewer, name, one, what, why=why, page=page_of(one), company=one.company_id, shared=True)


def _tell_own(viewer: Viewer, name: str, one: Exclusion, did: Text, *, page: str = "") -> None:
    """Of a draft only its own company hears."""
    title = one.agreement.name
    what = Text(f"{viewer.name} {did.zh}（{title.zh}）。", f"{viewer.name} {did.en} ({title.en}).")
    record(viewer, name, one, what, page=page)


def _held(one: Exclusion) -> Exclusion:
    """The exclusion as it is now. Until this transaction ends nobody else acts on those of its agreement."""
    Agreement.objects.select_for_update().get(pk=one.agreement_id)
    return Exclusion.objects.select_related("agreement", "company", "answer").get(pk=one.pk)


def _refuse_unless(one: Exclusion, state: State) -> None:
    if state_of(one) != state:
        raise Settled(one)
