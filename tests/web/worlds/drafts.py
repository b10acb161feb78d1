"""Two drafts of each company: one shared, with a comment and a note beside it, and one that nobody else has seen."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from worlds.agreements import source_of

from onefloor_web.agreements.drafts.models import Comment, Draft
from onefloor_web.platform.tenancy.viewer import Viewer

if TYPE_CHECKING:
    from world import Side


def made(side: Side, viewer: Viewer, name: str, text: str, **more: Any) -> Draft:
    """A draft of the company, as it stands after somebody saved it."""
    return Draft.objects.create(
        company=side.company, author_id=viewer.company, name=name, code=f"{side.company.code.lower()}-draft",
        text=text, digest=sha256(text.encode()).hexdigest(), made_by=viewer.name, saved_at=timezone.now(),
        saved_by=viewer.name, **more,
    )  # fmt: skip


def fill(side: Side, viewer: Viewer) -> None:
    """What is shared carries the marker of the company, what is not its secret."""
    text, now = source_of(side).replace("-agreement", "-draft"), timezone.now()
    given = made(side, viewer, f"{side.marker} draft", text, given_at=now)
    kept = made(side, viewer, f"{side.secret} draft", text.replace(side.marker, side.secret))
    common = {"company": side.company, "author": side.company, "made_by": viewer.name, "part": "price.1"}
    comment = Comment.objects.create(draft=given, words=f"{side.marker} asks why", given_at=now, **common)
    Comment.objects.create(draft=given, words=f"{side.secret} note", private=True, **common)
    side.rows |= {"draft": given, "kept draft": kept, "comment": comment}


def _draft(side: Side) -> dict[str, int]:
    return {"number": side.rows["draft"].pk}


CASES: dict[str, Any] = {
    "draft": _draft,
    "draft-parts": _draft,
    "draft-text": _draft,
    "draft-changes": _draft,
    "draft-replays": _draft,
    "draft-comments": _draft,
    "draft-resolution": lambda side: {**_draft(side), "comment": side.rows["comment"].pk},
    "draft-copies": _draft,
    "draft-sharing": _draft,
    "draft-discarding": _draft,
    "draft-proposal": _draft,
    "draft-file": _draft,
    "api:draft": _draft,
    "api:draft_checks": _draft,
    "api:draft_saving": _draft,
    "api:draft_sharing": _draft,
    "api:draft_discarding": _draft,
    "api:draft_proposal": _draft,
    "api:draft_comments": _draft,
    "api:draft_comment": _draft,
}
# What a vendor has shared the client reads; what only the author's company does is nobody else's address.
SHARED = {
    "draft", "draft-changes", "draft-replays", "draft-comments", "draft-copies", "draft-file", "api:draft",
    "api:draft_checks", "api:draft_comments", "api:draft_comment",
}  # fmt: skip
