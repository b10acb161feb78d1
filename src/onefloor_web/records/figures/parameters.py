"""Values of parameters in words: those that a formula knows by a name of its own."""

from __future__ import annotations

from typing import Final

from onefloor.language import Text
from onefloor_web.platform.pages.formats import say

WORDS: Final = {
    "all": Text("全部", "all"),
    "any": Text("不限", "any"),
    "none": Text("无", "none"),
    "same": Text("相同", "the same"),
    "answered": Text("接通", "answered"),
    "abandoned": Text("放弃", "abandoned"),
    "in": Text("呼入", "inbound"),
    "queue": Text("队列", "queue"),
    "justified": Text("属实", "justified"),
    "company": Text("公司", "company"),
}


def parameter_words(value: str) -> str:
    """A parameter's value as people read it: names in words, numbers and lengths of time as they are."""
    return say(WORDS[value]) if value in WORDS else value
