"""Texts in the floor's two languages, zh-Hans and English.

Everything the core says to a person is a ``Text``: both languages at once, chosen only when it is shown.
A statement therefore holds both, and its bytes do not depend on who opens it.
"""

from __future__ import annotations

import locale
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or name in both languages.

    >>> Text("放弃率", "abandonment rate").to("en")
    'abandonment rate'
    """

    zh: str
    en: str

    def to(self, language: Language) -> str:
        """The text in one language."""
        return self.zh if language == "zh" else self.en

    def __add__(self, other: Text) -> Text:
        """Two texts as one, a space between the English ones."""
        return Text(self.zh + other.zh, f"{self.en} {other.en}".strip())

    def as_json(self) -> dict[str, str]:
        """``{"zh": ..., "en": ...}``."""
        return {"zh": self.zh, "en": self.en}


def same(text: str) -> Text:
    """A text that is the same in both languages: a code, a file name, a number."""
    return Text(text, text)


def joined(texts: Iterable[Text], *, zh: str = "、", en: str = ", ") -> Text:
    """A list of texts as one.

    >>> joined([same("tax"), same("water")]).en
    'tax, water'
    """
    parts = list(texts)
    return Text(zh.join(part.zh for part in parts), en.join(part.en for part in parts))


def preferred_language(chosen: str | None = None) -> Language:
    """The language asked for, else the locale's, else English.

    >>> preferred_language("zh-Hans")
    'zh'
    """
    asked = chosen or os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    asked = asked or locale.getlocale()[0] or "en"
    return "zh" if asked.lower().startswith(("zh", "chinese")) else "en"
