"""The page ``docs/reference/split.md``, made from the terms of a split file."""

from __future__ import annotations

import dataclasses
from typing import Any

from onefloor.agreements.terms.reading import terms_of
from onefloor.planning.splitting.terms import CompanyTerm, SplitFile

INTRO = """# The split file

Made from the code by `docs/reference/make.py`. For `onefloor split` the file names the companies that share required
hours: what an hour of each costs and what each may work. An example, invented, is `examples/splits/december.yaml`;
[how the split is found](../explanation/planning-staffing-by-simulation.md) is a page of its own.

With `agreement`, prices by the hour, month of a full-time equivalent, minute or contact, paid seats and the committed
volume of the needs' month are those of that agreement (`handling` and `occupancy` make hours of them); what is
written beside it counts instead. The most full-time equivalents that are paid are `most_hours`. Other kinds of price
do not count. A skill is a queue of that name: one that the agreement has no price of has to be left out of `skills`,
and a part that is paid for some contacts only (by topic, say) makes no price of an hour: both are refused unless
`price` is written.

The minimum volume counts, and the lower edge of a band around a locked forecast: the one that the agreement's file
holds (`locked`), else what the floor has locked for that company. A clause that names queues commits hours of these
skills alone, and an hour of it that is not worked costs what the contacts missing in it cost. Where the floor has no
lock for the days of the needs, the answer says that it is not counted, and `paid_at_least` has it counted: hours of
all its skills.

With `--company` each is shown what is its own: not the need, totals or prices of limits, and no share, even an agreed
one.

The needs are a table with the columns `interval`, `skill`, `agents` and, if wanted, `minutes`, all of one month, as
`onefloor staff --out` and `onefloor plan --needs` write it.
"""


def reference_page() -> str:
    """The page: both parts as tables."""
    return f"{INTRO}\n{_table('The file', SplitFile)}\n{_table('`companies`', CompanyTerm)}"


def _table(heading: str, form: type) -> str:
    rows = "".join(_row(name, declared) for name, declared in terms_of(form).items())
    return f"## {heading}\n\n| name | value | default | meaning |\n|---|---|---|---|\n{rows}"


def _row(name: str, declared: dataclasses.Field[Any]) -> str:
    kind, meaning = declared.metadata["kind"], declared.metadata["meaning"]
    return f"| `{name}` | {kind.name} | {_default(declared.default)} | {meaning.zh} · {meaning.en} |\n"


def _default(default: Any) -> str:
    if default is dataclasses.MISSING:
        return "required"
    if default in (None, "", ()):
        return "none"
    return "00:00-24:00" if default == (0, 24 * 60) else f"{float(default):g}"
