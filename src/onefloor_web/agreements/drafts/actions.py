"""Beginning, saving, sharing, discarding and proposing drafts, and what is said of them. Each is one transaction."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from django.utils import timezone

from onefloor.agreements.terms.places import parsed_yaml
from onefloor.agreements.terms.writing import rewritten
from onefloor.language import Text
from onefloor.problems import Problem, Problems
from onefloor_web.agreements.drafts import events
from onefloor_web.agreements.drafts.checking import TooLong, check
from onefloor_web.agreements.drafts.models import COMMENT, LONGEST, NAME, Comment, Draft, State
from onefloor_web.agreements.register.actions import propose as propose_version
from onefloor_web.agreements.register.models import Agreement, Version
from onefloor_web.agreements.register.queries import signed_version
from onefloor_web.platform.companies.models import Company
from onefloor_web.platform.tenancy.viewer import Viewer


class Closed(Problem):
    """A draft that is discarded or proposed."""

    def __init__(self, draft: Draft) -> None:
        state = (
            Text("已作废", "discarded")
            if draft.state == State.DISCARDED
            else Text("已提请会签", "proposed for signature")
        )
        super().__init__(
            Text(f"该草稿{state.zh}，不再改动。", f"This draft is {state.en} and does not change any more."),
            remedy=Text("请复制一份再改。", "Copy it and change the copy."),
        )


class ChangedMeanwhile(Problem):
    """Somebody saved a draft after it was read; nothing is overwritten."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        super().__init__(
            Text(f"{draft.saved_by} 在此期间修改了草稿。", f"{draft.saved_by} changed the draft meanwhile."),
            remedy=Text("请比较两个版本后再保存。", "Compare both versions, then save."),
        )


class NotInForce(Problem):
    """An agreement nobody has signed yet, so that nothing can be amended."""

    def __init__(self, agreement: Agreement) -> None:
        super().__init__(
            Text(f"协议 {agreement.code} 还没有双签版本。", f"No version of {agreement.code} is signed by both yet."),
            remedy=Text("请先签署，或另起草新协议。", "Sign it first, or draft a new agreement."),
        )


def begin(viewer: Viewer, company: Company, name: str, text: str, *, base: Version | None = None) -> Draft:
    """A draft with this text, seen by one's own company.

    Raises:
        TooLong: it is no agreement of any length.
    """
    text = plain(text)
    draft = Draft.objects.create(
        company=company, author_id=viewer.company, name=name.strip()[:NAME], code=code_of(text), base=base, text=text,
        digest=digest_of(text), made_by=viewer.name, saved_by=viewer.name, saved_at=timezone.now(),
    )  # fmt: skip
    events.tell(viewer, events.BEGUN, draft)
    return draft


def amend(
    viewer: Viewer, agreement: Agreement, starts: date, *, terms: Mapping[str, Any] | None = None, name: str = ""
) -> Draft:
    """A draft of an amendment: the text both have signed, with one entry more that holds from a day.

    Args:
        viewer: who drafts it.
        agreement: what is amended.
        starts: the first day.
        terms: what the entry says, as data; by default nothing yet. The same open draft is not begun twice.
        name: of the draft; by default code and day.

    Raises:
        NotInForce: nothing is signed yet.
        CannotEdit: the signed text is written in a way that an entry cannot be added to.
    """
    base = signed_version(agreement)
    if base is None:
        raise NotInForce(agreement)
    entries = parsed_yaml(base.source, "").as_data().get("amendments") or []
    entry = {"from": str(starts), **(terms or {})}
    text = rewritten(base.source, ("amendments",), [*entries, entry])
    known = Draft.objects.filter(author=viewer.company, base=base, state=State.OPEN, digest=digest_of(plain(text)))
    if terms and (begun := known.first()):
        return begun
    return begin(viewer, agreement.company, name or f"{agreement.code} {starts}", text, base=base)


def copy(viewer: Viewer, draft: Draft) -> Draft:
    """The same text as a draft of one's own."""
    return begin(viewer, draft.company, draft.name, draft.text, base=draft.base)


def save(viewer: Viewer, draft: Draft, text: str, stamp: str) -> Draft:
    """Other text for a draft that was read with this stamp; the same text changes nothing.

    Raises:
        ChangedMeanwhile: somebody else has saved since.
        Closed, TooLong.
    """
    draft, text = locked(draft), plain(text)
    if text == draft.text:
        return draft
    if stamp != draft.digest:
        raise ChangedMeanwhile(draft)
    draft.text, draft.digest, draft.code = text, digest_of(text), code_of(text)
    draft.saved_at, draft.saved_by = timezone.now(), viewer.name
    draft.save(update_fields=["text", "digest", "code", "saved_at", "saved_by"])
    if draft.given_at is not None:
        events.tell_change(viewer, draft)
    return draft


def share(viewer: Viewer, draft: Draft) -> None:
    """Let the other company read it, with the comments that are no notes; twice changes nothing."""
    draft = locked(draft)
    if draft.given_at is not None or (draft.company_id == draft.author_id == viewer.company and viewer.client):
        return
    _give(viewer, draft)
    events.tell(viewer, events.SHARED, draft)


def _give(viewer: Viewer, draft: Draft) -> None:
    """The other company reads it from now on, and what was said about it that is no note."""
    draft.given_at = timezone.now()
    draft.save(update_fields=["given_at"])
    Comment.objects.filter(draft=draft, author=viewer.company, private=False).update(given_at=draft.given_at)


def discard(viewer: Viewer, draft: Draft) -> None:
    """Give a draft up; it stays readable."""
    draft = locked(draft)
    draft.state = State.DISCARDED
    draft.save(update_fields=["state"])
    events.tell(viewer, events.DISCARDED, draft)


def propose(viewer: Viewer, draft: Draft, stamp: str) -> Version:
    """The draft as a version that both companies sign; what is written now, and nothing else.

    Raises:
        ChangedMeanwhile, Closed.
        Problems: it is not ready to be signed.
        OneIsWaiting: another version of the agreement waits for signatures.
    """
    draft = locked(draft)
    if stamp != draft.digest:
        raise ChangedMeanwhile(draft)
    found = check(viewer, draft.company, draft.text, draft.base)
    if found.problems:
        raise Problems(list(found.problems))
    version = propose_version(viewer, draft.text)
    if draft.given_at is None and not (viewer.client and draft.company_id == viewer.company):
        _give(viewer, draft)
    draft.state, draft.version = State.PROPOSED, version
    draft.save(update_fields=["state", "version"])
    events.tell(viewer, events.PROPOSED, draft)
    return version


def comment(viewer: Viewer, draft: Draft, part: str, words: str, *, private: bool) -> Comment:
    """Say something to a part: at once to both, if both read the draft; a note stays in one's own company."""
    given = None if private or draft.given_at is None else timezone.now()
    made = Comment.objects.create(
        company_id=draft.company_id, author_id=viewer.company, draft=draft, part=part, words=words.strip()[:COMMENT],
        private=private, given_at=given, made_by=viewer.name,
    )  # fmt: skip
    if not private:
        events.tell(viewer, events.COMMENTED, draft, comment=made, why=made.words)
    return made


def resolve(viewer: Viewer, one: Comment) -> None:
    """Say that a comment of one's own side is settled; twice changes nothing."""
    one = Comment.objects.select_for_update(of=["self"]).select_related("draft").get(pk=one.pk)
    if one.resolved_at is None:
        one.resolved_at, one.resolved_by = timezone.now(), viewer.name
        one.save(update_fields=["resolved_at", "resolved_by"])
        if not one.private:
            events.tell(viewer, events.RESOLVED, one.draft, comment=one, why=one.words)


def locked(draft: Draft) -> Draft:
    """The draft as it is now, held until this transaction ends.

    Raises:
        Closed: it is discarded or proposed.
    """
    draft = Draft.objects.select_for_update(of=["self"]).select_related("company", "base__agreement").get(pk=draft.pk)
    if draft.state != State.OPEN:
        raise Closed(draft)
    return draft


def plain(text: str) -> str:
    """The text with one kind of line end, without the mark some programs put at its beginning."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if len(text) > LONGEST:
        raise TooLong(len(text))
    return text


def digest_of(text: str) -> str:
    """What tells one text from another."""
    return sha256(text.encode()).hexdigest()


def code_of(text: str) -> str:
    """The agreement's code as it stands in the text, for lists; '' where there is none yet."""
    found = re.search(r"^agreement:[ \t]*[\"']?([A-Za-z0-9_-]{1,64})", text, re.MULTILINE)
    return found[1] if found else ""
