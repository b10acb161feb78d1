"""What was read is what is sent: the page that asks once more carries a stamp of the draft it speaks of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from onefloor.language import Text
from onefloor.problems import Problem


class ChangedMeanwhile(Problem):
    """Somebody of the own company has changed a draft between the question and the answer."""

    def __init__(self) -> None:
        super().__init__(
            Text("草稿刚被同事修改，未发送。", "A colleague has just changed the draft; it was not sent."),
            remedy=Text("请核对现在的内容后再发送。", "Read what it says now, then send it."),
        )


def stamp_of(*said: Any) -> str:
    """A digest of what a draft says: plain values, moments, amounts, and lists or mappings of them."""
    return sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def refuse_changed(seen: str | None, stamp: str) -> None:
    """Refuse to send what is no longer what was read; None where nobody was asked, as by the API.

    Raises:
        ChangedMeanwhile
    """
    if seen is not None and seen != stamp:
        raise ChangedMeanwhile


def seen_in(posted: Mapping[str, Any]) -> str:
    """The stamp that a confirmation carries; one without is of nothing that was read."""
    return str(posted.get("stamp", ""))
