"""The tables of ``docs/reference/agreement.md``, made from the declarations of the terms."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

from onefloor.agreements.terms.agreement import Parties
from onefloor.agreements.terms.around import (
    Approval,
    Duty,
    EarnBack,
    Exclusion,
    Forecast,
    Incident,
    Pool,
    ReliefBand,
)  # fmt: skip
from onefloor.agreements.terms.clauses import (
    CLAUSES,
    Band,
    Clause,
    Gate,
    Measuring,
    PointBand,
    Ramp,
    Repeated,
    ScoreItem,
)
from onefloor.agreements.terms.prices import PRICES, Metered, Priced, Said, Tier
from onefloor.agreements.terms.procedure import Calendar, DutyClock, Procedure, Renewal, RequestClass
from onefloor.agreements.terms.reading import terms_of
from onefloor.agreements.terms.values import Portion, ScopeTerm
from onefloor.agreements.terms.version import Terms

HEADINGS: tuple[tuple[str, type, tuple[type, ...]], ...] = (
    ("The head", Parties, ()),
    ("A version of the terms", Terms, ()),
    ("Every price, clause, duty and earn-back", Said, ()),
    ("Prices that count units: `contact`, `handled_minute`, `productive_hour`, `outcome`", Metered, (Priced, Said)),
    ("`tiers`", Tier, ()),
    *((f"Price `{kind}`", form, (Metered, Said)) for kind, form in PRICES.items()),
    ("`forecast`", Forecast, (Said,)),
    ("`pools`", Pool, ()),
    ("What is measured: `level`, `bands`, `presumptive`, `event`, gates, duties, items", Measuring, ()),
    ("Every clause", Clause, (Said,)),
    *((f"Clause `{kind}`", form, (Measuring, Clause)) for kind, form in CLAUSES.items()),
    ("`bands`", Band, ()),
    ("`gates`", Gate, (Measuring,)),
    ("`consecutive`", Repeated, ()),
    ("`ramp`", Ramp, ()),
    ("`items` of a score", ScoreItem, (Measuring,)),
    ("`points` of an item", PointBand, ()),
    ("`duties`", Duty, (Said, Measuring)),
    ("`bands` of a duty", ReliefBand, ()),
    ("`earn_back`", EarnBack, (Said,)),
    ("`incidents`", Incident, ()),
    ("`exclusions`", Exclusion, ()),
    ("`approvals`", Approval, ()),
    ("`calendar`", Calendar, ()),
    ("`procedure`", Procedure, ()),
    ("`requests`", RequestClass, ()),
    ("`clocks`", DutyClock, ()),
    ("`renewal`", Renewal, ()),
)


def reference_tables() -> str:
    """Every part of an agreement as a Markdown table: name, value, default, meaning."""
    return "\n".join(_table(heading, form, above) for heading, form, above in HEADINGS)


def _table(heading: str, form: type, above: tuple[type, ...]) -> str:
    known = {name for other in above for name in terms_of(other)}
    rows = [_row(name, field) for name, field in terms_of(form).items() if name not in known]
    lead = (form.__doc__ or "").splitlines()[0].replace(" | ", " · ") if rows else "Nothing beyond the terms above."
    head = "| name | value | default | meaning |\n|---|---|---|---|\n" if rows else ""
    return f"### {heading}\n\n{lead}\n\n{head}{''.join(rows)}"


def _row(name: str, field: dataclasses.Field[object]) -> str:
    kind, meaning = field.metadata["kind"], field.metadata["meaning"]
    value = kind.name.replace("|", "\\|")
    return f"| `{name}` | {value} | {_default(field.default)} | {meaning.zh} · {meaning.en} |\n"


def _default(value: object) -> str:
    if value is dataclasses.MISSING:
        return "required"
    if value is None or value == () or isinstance(value, Portion | ScopeTerm):
        return "none"
    return (
        str(value).lower() if isinstance(value, bool) else f"{value}" if not isinstance(value, Fraction) else str(value)
    )
