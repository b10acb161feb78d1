"""Two people changed a draft at once: what was saved beside what was entered."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from django import forms
from django.utils.translation import gettext as _

from onefloor_web.agreements.drafts import editing, fields
from onefloor_web.agreements.drafts.models import Draft
from onefloor_web.agreements.drafts.parts import Part, data_at
from onefloor_web.platform.pages.conflicts import Clash

KEPT = frozenset({"csrfmiddlewaretoken", "stamp"})


Both = tuple[Clash, "Entered", str]
"""What differs, what was entered, and the name of the address that takes it."""


class Entered(forms.Form):
    """What somebody has entered, to be sent again as it is."""

    def __init__(self, posted: dict[str, str]) -> None:
        super().__init__(posted)
        for name in posted:
            self.fields[name] = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)


def clash_of_text(draft: Draft, text: str) -> Both:
    """The lines in which two texts differ."""
    theirs, yours = draft.text.splitlines(), text.replace("\r\n", "\n").splitlines()
    found = difflib.SequenceMatcher(None, theirs, yours, autojunk=False).get_opcodes()
    rows = tuple(
        (_places(a, b), "\n".join(theirs[a:b]), "\n".join(yours[c:d])) for tag, a, b, c, d in found if tag != "equal"
    )
    return Clash(draft.saved_by, draft.saved_at, rows, draft.digest), Entered({"text": text}), "draft-text"


def _places(first: int, end: int) -> str:
    return _("lines %(first)s–%(last)s") % {"first": first + 1, "last": max(first + 1, end)}


def clash_of_part(
    draft: Draft, opened: editing.Opened, part: Part, posted: Mapping[str, str]
) -> tuple[Clash, Entered, str]:
    """The terms of a part in which what was saved differs from what was entered."""
    saved = data_at(opened.data, part)
    entered = fields.data_of(part.form, saved, posted)
    rows = tuple(fields.differing(part.form, saved, entered))
    return Clash(draft.saved_by, draft.saved_at, rows, draft.digest), Entered(dict(_sent(posted))), "draft-parts"


def _sent(posted: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield from ((name, value) for name, value in posted.items() if name not in KEPT)
