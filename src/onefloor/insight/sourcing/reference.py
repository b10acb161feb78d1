"""The tables of ``docs/reference/sourcing.md`` and the JSON Schema, made from the declarations of the terms."""

from __future__ import annotations

import dataclasses
import json
from fractions import Fraction
from typing import Any

from onefloor.agreements.terms.reading import schema_of, terms_of
from onefloor.agreements.terms.schema import compact
from onefloor.insight.sourcing.items import BASES, FIXED, GROUPS
from onefloor.insight.sourcing.limits import LIMITS
from onefloor.insight.sourcing.spread import Spread
from onefloor.insight.sourcing.terms import (
    Cost,
    Metered,
    Mix,
    Option,
    Price,
    Ramp,
    Seats,
    Sourcing,
    TwoTier,
    Workforce,
)

HEADINGS: tuple[tuple[str, type, tuple[type, ...]], ...] = (
    ("The decision", Sourcing, ()),
    ("`workforce`", Workforce, ()),
    ("`options`", Option, ()),
    ("`costs`", Cost, ()),
    ("Every `price`", Price, ()),
    (
        "Price of `paid_hour`, `productive_hour`, `handled_minute`, `contact`, `resolved`, `fte_month`, `month`",
        Metered,
        (Price,),
    ),
    ("Price `seat_month`", Seats, (Price,)),
    ("Price `two_tier`", TwoTier, (Price,)),
    ("`ramp`", Ramp, ()),
    ("`mixes`", Mix, ()),
)


def reference_tables() -> str:
    """Every part of a sourcing file as Markdown tables, then the items, the bases and the legal limits."""
    parts = [_table(heading, form, above) for heading, form, above in HEADINGS]
    return "\n".join([*parts, _items(), _bases(), _limits()])


def _table(heading: str, form: type, above: tuple[type, ...]) -> str:
    known = {name for other in above for name in terms_of(other)}
    rows = [_row(name, field) for name, field in terms_of(form).items() if name not in known]
    return f"### {heading}\n\n| name | value | default | meaning |\n|---|---|---|---|\n{''.join(rows)}"


def _row(name: str, field: dataclasses.Field[object]) -> str:
    kind, meaning = field.metadata["kind"], field.metadata["meaning"]
    value = kind.name.replace("|", "\\|")
    return f"| `{name}` | {value} | {_default(field.default)} | {meaning.zh} · {meaning.en} |\n"


def _default(default: object) -> str:
    if default is dataclasses.MISSING:
        return "required"
    if isinstance(default, Spread):
        return f"{float(default.mid):g}"
    if isinstance(default, Fraction):
        return f"{float(default):.0%}"
    return "none" if default in (None, ()) or dataclasses.is_dataclass(default) else str(default)


def _items() -> str:
    rows = [
        f"| `{name}` {group.words.zh} · {group.words.en} | "
        + ", ".join(f"`{item}` {words.zh} · {words.en}" for item, words in group.items.items())
        + " |\n"
        for name, group in GROUPS.items()
    ]
    return f"### Items\n\n| group | items |\n|---|---|\n{''.join(rows)}"


def _bases() -> str:
    rows = [
        f"| `{name}` | {basis.words.zh} · {basis.words.en} | {'fixed' if name in FIXED else 'variable'} | "
        f"{', '.join(f'`{need}`' for need in basis.needs) or '–'} |\n"
        for name, basis in BASES.items()
    ]
    head = "| `per` | what it is paid for | with volume | counted with |\n|---|---|---|---|\n"
    return f"### What an amount is paid for\n\n{head}{''.join(rows)}"


def _limits() -> str:
    rows = [
        f"| `{one.code}` | {one.since} | {'refused' if one.strict else 'warning'} | "
        f"{one.source.zh} · {one.source.en} | {one.says} |\n"
        for one in LIMITS
    ]
    head = (
        "| limit | in force from | beyond it | source | its text, to be verified by counsel |\n|---|---|---|---|---|\n"
    )
    return f"### Legal limits\n\n{head}{''.join(rows)}"


def sourcing_schema() -> dict[str, Any]:
    """The schema of ``sourcing.yaml`` (JSON Schema 2020-12)."""
    return compact({"title": "Onefloor sourcing decision", **schema_of(Sourcing)})


def schema_text() -> str:
    """The schema as it is kept in ``sourcing.schema.json``."""
    return json.dumps(sourcing_schema(), ensure_ascii=False, indent=1) + "\n"
