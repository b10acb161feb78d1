"""Which line of a month is which, in every revision and however it is computed again.

A clause has one line, whatever it comes to. Earn-back has one for every credit that comes back, all of one clause and
title: what tells them apart is the clause and month of the credit, which its words name.
"""

from __future__ import annotations

import re
from typing import Final

from onefloor.agreements.statement import Line

RETURNED: Final = r"^Clause (\S+) took \S+ in (\d{4}-\d{2});"
"""How the words of an earn-back line begin (``assessment``)."""


def key_of(line: Line) -> str:
    """A line's key in its month: equal for the same line in another computation, unequal for any other line."""
    found = re.match(RETURNED, line.words.en) if line.kind == "earn_back" else None
    returned = f"|{found[1]} {found[2]}" if found else ""
    return f"{line.clause}|{line.title.en}{returned}"
