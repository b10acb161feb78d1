"""The reference page of the metrics, written from the catalogue itself.

``python -m onefloor.metrics.reference > docs/reference/metrics.md`` writes it anew; a test keeps it current.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

from onefloor.language import Text, same
from onefloor.metrics import catalogue
from onefloor.metrics.definition import Definition
from onefloor.metrics.metric import Atom, Metric, Quantile
from onefloor.metrics.tables import ABSENT, DIMENSIONS, TITLES

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


@dataclass(frozen=True, slots=True)
class Described:
    """A metric in words: ``facts`` are ``(what, how)``, in the order of the reference page; ``how`` may hold `code`."""

    definition: Definition
    metric: Metric
    facts: tuple[tuple[Text, Text], ...]


def described(reference: str) -> Described:
    """A metric with its parameters as a page shows it: formula, atoms, population, clock, finality, source.

    Raises:
        UnknownMetric, UnknownParameter, BadParameter.

    >>> found = described("service_level:formula=F2,within=10s")
    >>> dict((what.en, how.en) for what, how in found.facts)["numerator"]
    'count in legs where `offered and answered and (wait_ms <= 10000)`'
    """
    metric = catalogue.metric(reference)
    definition = catalogue.definition(metric.name)
    unit = f"{metric.unit.value}, scale {metric.scale:,}, {metric.places} places, {metric.rounding}"
    additive = Text("是", "yes") if metric.additive else Text("否：总是由明细计算", "no: always from rows")
    facts = (
        (Text("引用", "reference"), same(f"`{metric.reference}`")),
        (Text("版本", "version"), same(str(metric.version))),
        (Text("公式", "formula"), metric.formula),
        (Text("分子", "numerator"), same(_side(metric.numerator))),
        (Text("分母", "denominator"), same(_side(metric.denominator) if metric.denominator else "1")),
        (Text("统计对象", "population"), definition.population),
        (Text("计时", "clock"), definition.clock),
        (Text("单位", "unit"), same(unit)),
        (Text("向好方向", "better"), same(metric.better.value)),
        (Text("最小样本", "minimum sample"), same(str(metric.minimum_sample))),
        (Text("定稿", "final"), _final(definition)),
        (Text("可相加", "additive"), additive),
        (Text("不能分组的维度", "not by"), _absent(metric)),
        (Text("出处", "source"), same(metric.source)),
    )
    return Described(definition, metric, facts)


def _section(definition: Definition) -> str:
    found = described(definition.name)
    metric = found.metric
    plainly = ("final", "additive", "not by")  # the page has these in English alone
    rows = [(what.en, how.en if what.en in plainly else _both(how)) for what, how in found.facts]
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


def _final(definition: Definition) -> Text:
    if not definition.final_after:
        return Text("随账期定稿", "with its month")
    return Text(f"明细之后经过 `{definition.final_after}`", f"`{definition.final_after}` after its rows")


def _absent(metric: Metric) -> Text:
    absent = [name for name in DIMENSIONS if any(name in ABSENT[table] for table in metric.tables)]
    if not absent:
        return Text("各维度均可", "every dimension is possible")
    return Text("、".join(TITLES[name].zh for name in absent), ", ".join(absent))


def _both(text: Text) -> str:
    return text.en if text.en == text.zh else f"{text.en}<br>{text.zh}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


if __name__ == "__main__":
    sys.stdout.write(reference_page())
