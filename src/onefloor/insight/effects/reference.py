"""The format of an action for others: the JSON Schema, and the page ``docs/reference/action.md``."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from onefloor.agreements.terms.reading import schema_of, terms_of
from onefloor.insight.effects.action import KINDS, PICKS, Action, Further, Gap, Given, Measured

PARTS: tuple[tuple[str, type], ...] = (
    ("The action", Action),
    ("`answers`", Gap),
    ("`given`: one entry for each first day", Given),
    *((f"`picked` of kind `{kind}`", form) for kind, form in PICKS.items()),
    ("`measured`", Measured),
    ("`further`", Further),
)
INTRO = """# The action file

Made from the code by `docs/reference/make.py`. A help period, a course, a competition, a grant or a proposal is
registered in this format, in YAML or as the same data in JSON, so that `onefloor effect` can say what it did.
[What an action did](../explanation/insight-effects.md) explains why each part is asked for. An example:
`examples/actions/help-north-2.yaml`. Dates are days of the floor's zone; `until` is the first day that no longer
counts. A margin is in the unit in which the metric is shown: points for shares, seconds for durations, events per
10,000.

How `picked` is written:

```yaml
picked: {kind: lot, drawn: "28 June, from a hat, before both team leaders", among: {company: North}}
picked: {kind: low, metric: "fcr:within=7d", months: 2}       # the two months before each first day picked them
picked: {kind: threshold, metric: csat, months: 2026-04..2026-06, cut: 85}
picked: {kind: unrelated, reason: the mentor came back in July}
picked: {kind: whole_floor, control: {company: Own}}
picked: {kind: judgement}                                     # honest, and then there is no estimate
```
"""


def action_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of an action."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Onefloor action",
        **schema_of(Action),
    }


def reference_page() -> str:
    """The page: every part as a table, then the schema."""
    kinds = "".join(f"| `{kind}` | {title.zh} · {title.en} |\n" for kind, title in KINDS.items())
    tables = "\n".join(_table(heading, form) for heading, form in PARTS)
    schema = json.dumps(action_schema(), ensure_ascii=False, indent=1)
    return (
        f"{INTRO}\n{tables}\n## Kinds\n\n| kind | meaning |\n|---|---|\n{kinds}\n"
        f"## JSON Schema\n\n```text\n{schema}\n```\n"
    )


def _table(heading: str, form: type) -> str:
    lead = (form.__doc__ or "").splitlines()[0].replace(" | ", " · ")
    rows = "".join(_row(name, declared) for name, declared in terms_of(form).items())
    return f"## {heading}\n\n{lead}\n\n| name | value | default | meaning |\n|---|---|---|---|\n{rows}"


def _row(name: str, declared: dataclasses.Field[Any]) -> str:
    kind, meaning = declared.metadata["kind"], declared.metadata["meaning"]
    value = kind.name.replace("|", "\\|")
    return f"| `{name}` | {value} | {_default(declared.default)} | {meaning.zh} · {meaning.en} |\n"


def _default(value: object) -> str:
    if value is dataclasses.MISSING:
        return "required"
    return "none" if value is None or value == () else str(value).lower()
