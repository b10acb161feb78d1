"""All other companies together, in a refusal: an answer about one company does not name them."""

from __future__ import annotations

from dataclasses import replace

from onefloor.insight.fair.refusals import Refusal
from onefloor.language import Text

EVERYBODY_ELSE = "\0"  # stands for them as a company's name until the refusal is worded


def worded(refusal: Refusal) -> Refusal:
    """The refusal with words where ``EVERYBODY_ELSE`` stands."""
    zh, en = refusal.reason.zh, refusal.reason.en
    for quoted in (f"“{EVERYBODY_ELSE}”", EVERYBODY_ELSE):
        zh, en = zh.replace(quoted, "其他公司合计"), en.replace(quoted, "everybody else")
    return replace(refusal, reason=Text(zh, en))
