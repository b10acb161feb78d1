"""Numbers of customers: hidden where lines are shown, and kept out of what the database remembers of them.

A masked number keeps its first three and last two digits, so that it can be told what kind of cell it is, and nobody
can call it or find it by its hash.
"""

from __future__ import annotations

import re
from typing import Final

HIDDEN: Final = "•"
_PARTED: Final = r"\+\d[\d ()-]{5,}\d|\(?\b\d{3,4}\)?[ -]\d{7,8}\b|\b\d{3}([ -])\d{3,4}\1\d{4}\b"
_LINE: Final = re.compile(rf"{_PARTED}|\d{{7,}}")
_WORD: Final = re.compile(rf"{_PARTED}|\d{{10,}}")  # codes of agents are shorter
_EPOCH: Final = re.compile(r"1\d{9}(?:\.\d+)?")


def masked(text: str) -> str:
    """A text of a file with every number hidden that could be a telephone's.

    >>> masked("0;19900000278;tech")
    '0;199••••••78;tech'
    """
    return _LINE.sub(lambda found: _hidden(found[0]), text)


def masked_log(line: str) -> str:
    """A line of a log, whose first two fields may be moments.

    >>> masked_log("1795294484|1795294483.0|water|NONE|ENTERQUEUE||19900000278|1")
    '1795294484|1795294483.0|water|NONE|ENTERQUEUE||199••••••78|1'
    """
    fields = line.split("|")
    return "|".join(field if nth < 2 and _EPOCH.fullmatch(field) else masked(field) for nth, field in enumerate(fields))


def masked_word(word: str) -> str:
    """A word of a column, or a name, with telephone numbers hidden; shorter codes stay.

    >>> masked_word("19900000278"), masked_word("10012345")
    ('199••••••78', '10012345')
    """
    return _WORD.sub(lambda found: _hidden(found[0]), word)


def is_number(word: str) -> bool:
    """Whether a word holds what could be a telephone number."""
    return _WORD.search(word) is not None


def _hidden(number: str) -> str:
    digits = [place for place, sign in enumerate(number) if sign.isdigit()]
    shown = {*digits[:3], *digits[-2:]}
    return "".join(HIDDEN if place in digits and place not in shown else sign for place, sign in enumerate(number))
