"""The power plan of an action: what its groups could show, from what the floor has been like so far."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from onefloor.insight.cells import Cells
from onefloor.insight.effects.action import Action
from onefloor.insight.effects.case import Source
from onefloor.insight.effects.found import NoEstimate
from onefloor.insight.effects.panel import panel_of, spread
from onefloor.insight.effects.planning import LONGEST, Plan, plan
from onefloor.insight.effects.sentences import PERIODS, UNIT_NAMES
from onefloor.insight.effects.timeline import timeline
from onefloor.insight.finding import LEVEL
from onefloor.insight.numbers import size
from onefloor.insight.units import shown_in
from onefloor.language import Text
from onefloor.metrics import catalogue
from onefloor.metrics.metric import Metric
from onefloor.periods import day_id

PAST = 12  # periods the spreads are taken from
ROWS_SHOWN = (1, 2, 3, 6, 12, 24)


@dataclass(frozen=True, slots=True)
class Ahead:
    """A plan with what it was made of; effects of ``plan`` are in the unit in which the figure is shown."""

    action: Action
    metric: Metric
    plan: Plan
    rows: float
    between: float
    agents: int


def ahead(source: Source, action: Action, wanted: float | None = None) -> Ahead:
    """What the action could show by its first figure.

    Args:
        source: the floor, whose last periods before the action say how figures spread.
        action: as registered; nothing of it need have begun.
        wanted: the effect one wants to see, in the unit in which the figure is shown; the margin if left out.

    Raises:
        NoEstimate: the action is for a company, a queue or the floor; or too few agents have rows.
    """
    if action.unit not in UNIT_NAMES:
        raise NoEstimate("no_plan")
    measured, unit = action.measured, action.unit
    metric = catalogue.metric(measured.metric)
    line = timeline(source.prepared, metric, measured.each)
    where = tuple({**dict(action.among), **dict(measured.where)}.items())
    found: Cells = source.cells(measured.metric, (unit, measured.each), where)
    first = min(given.start for given in action.given)
    end = min(len(line), max(1, line.holding(day_id(first))))
    panel = panel_of(found, unit, measured.each, line.names, {})
    span = max(0, end - PAST), end
    rows = panel.denominator[:, span[0] : span[1]]
    there = rows.sum(1) > 0
    helped = len(action.names)
    if there.sum() - helped < 2 or helped < 1:
        raise NoEstimate("few_to_plan", helped=helped, others=int(there.sum()) - helped)
    usual = float(1 / np.mean(1 / rows[rows > 0]))
    widths = spread(panel.chosen(there), span)
    factor, _ = shown_in(metric)
    asked = float(measured.margin) if wanted is None else wanted
    within = measured.after or 3
    sizes = helped, int(there.sum()) - helped
    made = plan(widths, usual, sizes, asked / factor, measured.before, within)
    return Ahead(action, metric, _shown(made, factor), usual, widths.between**0.5 * factor, int(there.sum()))


def _shown(made: Plan, factor: float) -> Plan:
    return replace(made, wanted=made.wanted * factor, visible=tuple(one * factor for one in made.visible))


def sentence(one: Ahead) -> Text:
    """How long until it could be seen."""
    made, unit = one.plan, shown_in(one.metric)[1]
    each, people = PERIODS[one.action.measured.each], UNIT_NAMES[one.action.unit]
    chance = f"{made.power:.0%}"
    head_zh = f"{made.helped}{people.zh}参加、{made.others}{people.zh}对照，"
    some = people.en.removesuffix("s") if made.helped == 1 else people.en
    head_en = f"With {made.helped} {some} helped and {made.others} others, "
    if made.periods is not None:
        return Text(
            f"{head_zh}{made.periods} {each.zh}后有 {chance} 的把握看出 {size(made.wanted)} {unit.zh}的作用。",
            f"{head_en}an effect of {size(made.wanted)} {unit.en} would be seen with a chance of {chance} after "
            f"{made.periods} {each.en}.",
        )
    least = size(made.visible[-1])
    more_zh, more_en = "", ""
    if made.helped_needed is not None:
        more_zh = f"若要在 {made.within} {each.zh}内看出，需约 {made.helped_needed} {people.zh}参加（对照同比例增加）。"
        more_en = (
            f" To see it within {made.within} {each.en}, about {made.helped_needed} {people.en} would have to "
            f"get it, and "
            "others in proportion."
        )
    return Text(
        f"{head_zh}{LONGEST} {each.zh}内看不出 {size(made.wanted)} {unit.zh}的作用，最小能看出 {least}。{more_zh}",
        f"{head_en}an effect of {size(made.wanted)} {unit.en} would not be seen within {LONGEST} {each.en}; "
        f"the least "
        f"would be {least}.{more_en}",
    )


def as_json(one: Ahead) -> dict[str, Any]:
    """The plan for scripts."""
    made = one.plan
    return {
        "action": one.action.id,
        "metric": one.metric.reference,
        "sentence": sentence(one).as_json(),
        "unit": shown_in(one.metric)[1].as_json(),
        "helped": made.helped,
        "others": made.others,
        "wanted": made.wanted,
        "power": made.power,
        "level": LEVEL,
        "periods": made.periods,
        "each": one.action.measured.each,
        "least_visible": {str(number): made.visible[number - 1] for number in ROWS_SHOWN},
        "helped_needed": made.helped_needed,
        "within": made.within,
        "rows_per_period": one.rows,
        "spread_between": one.between,
    }
