"""The reference page of the metrics, written from the catalogue itself.

``python -m onefloor.metrics.reference > docs/reference/metrics.md`` writes it anew; a test keeps it current.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from onefloor.language import Text
from onefloor.metrics import catalogue
from onefloor.metrics.definition import Definition
from onefloor.metrics.metric import Atom, Metric, Quantile
from onefloor.metrics.tables import ABSENT, DIMENSIONS

INTRODUCTION = """# Metrics 指标

This page is written from the catalogue: `python -m onefloor.metrics.reference > docs/reference/metrics.md`.

A metric is two integers and one exact division: **numerator / denominator x scale**, rounded once, half up, to the
places given. Atoms are counts of rows or sums of integers over one measuring table; they add up over days, teams,
companies and engines, ratios do not. The rows of an atom are exactly those that satisfy its predicate, so listed rows
always add up to the figure. Without a denominator, or below the minimum sample, there is no value.

A reference names a metric and its parameters: `service_level:formula=F4,within=20s`. Parameters left out have their
defaults. The canonical reference writes all of them in the order below, durations in the largest unit that keeps them
whole (`ms s min h d`).

**Provisional.** A month is provisional until the facts reach beyond its end. A metric that waits for something (a
repeat contact, a cancelled sale) is provisional until the facts reach that long, and one day more, beyond its rows'
day: a contact may end on the day after it began. An empty figure is provisional while its period is open.

**Grouping.** By {dimensions}, unless a metric says otherwise. A row without a value in a dimension is in the
group "none" (`null`); a contact that nobody answered belongs to the company its queue is dedicated to, else to none.

**Missing values.** A comparison with a missing value is neither true nor false, and a row counts only if the whole
predicate is true; a sum leaves out what is missing.

A source is where the definition was read. "Second-hand" means that somebody quotes a standard whose text was not read,
"usage of the field" that no source was read, "own definition" that others may define it otherwise. Targets are set by
the agreement, not here.
"""
FAMILY_TITLES = {
    "access": "Access 接通",
    "handling": "Handling and use of time 效率",
    "resolution": "Resolution, satisfaction, complaints 解决与满意",
    "quality": "Quality 质量",
    "selling": "Selling 营销",
    "people": "People 人员",
    "forecast": "Forecast 预测",
    "quantities": "Quantities 计量",
    "duties": "The client's duties 甲方义务",
}


def reference_page() -> str:
    """The whole page as Markdown."""
    parts = [INTRODUCTION.format(dimensions=", ".join(DIMENSIONS))]
    for family, definitions in catalogue.families().items():
        parts.append(f"## {FAMILY_TITLES[family]}\n")
        parts += [_section(definition) for definition in definitions]
    return "\n".join(parts)


def _section(definition: Definition) -> str:
    metric = definition.metric()
    rows = [
        ("reference", f"`{metric.reference}`"),
        ("version", str(metric.version)),
        ("formula", _both(metric.formula)),
        ("numerator", _side(metric.numerator)),
        ("denominator", _side(metric.denominator) if metric.denominator else "1"),
        ("population", _both(definition.population)),
        ("clock", _both(definition.clock)),
        ("unit", f"{metric.unit.value}, scale {metric.scale:,}, {metric.places} places, {metric.rounding}"),
        ("better", metric.better.value),
        ("minimum sample", str(metric.minimum_sample)),
        ("final", _final(definition)),
        ("additive", "yes" if metric.additive else "no: always from rows"),
        ("not by", _absent(metric)),
        ("source", metric.source),
    ]
    table = "\n".join(f"| {name} | {_cell(text)} |" for name, text in rows)
    parts = [
        f"### {metric.name} {metric.title.zh}\n",
        f"{_capital(metric.title.en)}.\n",
        f"| | |\n|---|---|\n{table}\n",
    ]
    parts += [*_parameters(definition), *_exclusions(metric)]
    if definition.notes:
        parts.append(f"{definition.notes.en}\n\n{definition.notes.zh}\n")
    return "\n".join(parts)


def _parameters(definition: Definition) -> list[str]:
    if not definition.parameters:
        return []
    rows = [
        f"| `{name}` | `{parameter.default.removeprefix('=')}` | {_cell(parameter.possible.en)} "
        f"| {_cell(_both(parameter.meaning))} |"
        for name, parameter in definition.parameters.items()
    ]
    return ["| parameter | default | possible | meaning |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"]


def _exclusions(metric: Metric) -> list[str]:
    if not metric.exclusions:
        return []
    rows = [f"| {e.name} | `{e.where}` | {_cell(_both(e.reason))} |" for e in metric.exclusions]
    return ["| left out | rows | reason |\n|---|---|---|\n" + "\n".join(rows) + "\n"]


def _side(side: Atom | Quantile) -> str:
    where = f" where `{side.where}`" if side.where else ""
    if isinstance(side, Quantile):
        return f"{side.percent} % nearest rank of `{side.column}` in {side.table}{where}"
    what = f"sum of `{side.sum}`" if side.sum else "count"
    times = f"{side.times} x " if side.times != 1 else ""
    return f"{times}{what} in {side.table}{where}"


def _final(definition: Definition) -> str:
    return f"`{definition.final_after}` after its rows" if definition.final_after else "with its month"


def _absent(metric: Metric) -> str:
    absent: Sequence[str] = [name for name in DIMENSIONS if any(name in ABSENT[table] for table in metric.tables)]
    return ", ".join(absent) or "every dimension is possible"


def _both(text: Text) -> str:
    return f"{text.en}<br>{text.zh}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


if __name__ == "__main__":
    sys.stdout.write(reference_page())
