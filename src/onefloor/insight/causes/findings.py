"""An explanation as a finding."""

from __future__ import annotations

from typing import Any

from onefloor.insight.causes.explaining import Explained
from onefloor.insight.causes.search import Segment
from onefloor.insight.causes.sentences import (
    component_words,
    event_words,
    load_words,
    period_words,
    shown,
    subject,
    told,
)
from onefloor.insight.cells import row_size
from onefloor.insight.charts.findings import asked_for
from onefloor.insight.charts.unowned import unowned_words
from onefloor.insight.finding import Behind, Finding, Verdict
from onefloor.insight.units import shown_in
from onefloor.language import Text, joined
from onefloor.metrics.tables import TITLES
from onefloor.periods import month_of_day


def finding(answer: Explained) -> Finding:
    """The answer with its verdict: a signal if segments stand out or the whole moved beyond chance."""
    factor, unit = shown_in(answer.metric)
    rows = round((answer.before[1] + answer.after[1]) / row_size(answer.metric))
    return Finding(
        about=subject(answer), verdict=verdict(answer), sentence=told(answer),
        estimate=answer.change and answer.change.times(factor), unit=unit, contacts=rows, agents=answer.days,
        sampled=Text("天", "days"), assumptions=_assumptions(answer), reasons=_reasons(answer), behind=_behind(answer),
        details=details(answer),
    )  # fmt: skip


def verdict(answer: Explained) -> Verdict:
    """Too few rows tell nothing; else a signal needs a segment, or a whole that moved."""
    if not answer.enough:
        return Verdict.CANNOT_TELL
    return Verdict.SIGNAL if answer.found.segments or answer.moved else Verdict.STEADY


def _reasons(answer: Explained) -> tuple[Text, ...]:
    """What else is known of the change: its components, the people present, what happened at the same time."""
    said = [component_words(answer)] if answer.components else []
    said += [load_words(answer.load)] if answer.load else []
    return (*said, *(event_words(event) for event in answer.events))


def _assumptions(answer: Explained) -> tuple[Text, ...]:
    among, by = (joined(TITLES[name] for name in names) for names in (answer.among, answer.by))
    found = [
        Text(
            f"在{among.zh}的 {answer.found.tried:,} 种组合中查找（至多 {answer.asked.depth} 个条件），"
            "什么都没发生时误指的可能不超过 5%。",
            f"{answer.found.tried:,} combinations of {among.en} were tried (up to {answer.asked.depth} conditions); "
            "when nothing happened, one is named in no more than 5 % of cases.",
        ),
        Text(
            f"构成按{by.zh}区分；各部分之和恰为全部变化。",
            f"Mix is told apart by {by.en}; the parts add up to the change exactly.",
        ),
        *_borne_out(answer),
        Text("这里只说在哪里，不说为什么。", "This says where, never why."),
    ]
    if answer.unowned is not None:
        found.append(unowned_words(answer.unowned))
    if answer.cut:
        found.append(Text("仍可能变动的日子不在内。", "Days that later facts may still change are left out."))
    return tuple(found)


def _borne_out(answer: Explained) -> tuple[Text, ...]:
    """Who bears out what is named, days and agents, and who was not asked; nothing where nothing is named."""
    if not answer.found.segments:
        return ()
    if "agent" in answer.witnesses:
        return (
            Text(
                "被点名的部分还由各天与各坐席的差异分别证实。",
                "What is named is borne out by days and by agents as well, each counted as one.",
            ),
        )
    return (
        Text(
            "被点名的部分还由各天的差异证实；不少行没有坐席，未按坐席证实。",
            "What is named is borne out by days as well, each counted as one; agents were not asked, because not all "
            "rows have one.",
        ),
    )


def _behind(answer: Explained) -> tuple[Behind, ...]:
    """The rows of the first segment in both periods; of everything where none was found."""
    named = answer.found.segments[:1]
    where = asked_for(answer.asked.where) | {
        name: (str(value),) for one in named for name, value in one.conditions if value is not None
    }
    return tuple(
        Behind(answer.metric.reference, where, month_of_day(period.start), month_of_day(period.end - 1))
        for period in (answer.asked.before, answer.asked.after)
    )


def details(answer: Explained) -> dict[str, Any]:
    """All parts for scripts, in the unit that is shown; fractions as text where they are exact."""
    return {
        "before": _side(answer, answer.before) | {"period": period_words(answer.asked.before).en},
        "after": _side(answer, answer.after) | {"period": period_words(answer.asked.after).en},
        "change": {"exact": str(answer.exact), "shown": shown(answer, answer.exact)},
        "segments": [_segment(answer, number, one) for number, one in enumerate(answer.found.segments)],
        "mix": {"exact": str(answer.mix), "shown": shown(answer, answer.mix)},
        "rest": {"exact": str(answer.rest), "shown": shown(answer, answer.rest)},
        "groups": [
            {
                **dict(zip(answer.by, group, strict=True)),
                "rate": shown(answer, part.rate),
                "mix": shown(answer, part.mix),
                "share_before": float(answer.shares[group][0]),
                "share_after": float(answer.shares[group][1]),
            }
            for group, part in answer.mixes.items()
        ],
        "tried": answer.found.tried,
        "gate": answer.found.gate,
        "spread": answer.found.spread,
        "load": answer.load
        and {
            "before": float(answer.load.before),
            "after": float(answer.load.after),
            "parts": {name: float(part) for name, part in answer.load.parts.items()},
        },
    }


def _side(answer: Explained, sums: tuple[int, int]) -> dict[str, Any]:
    return {"numerator": sums[0], "denominator": sums[1], "value": shown(answer, sums[0] / sums[1])}


def _segment(answer: Explained, number: int, one: Segment) -> dict[str, Any]:
    return {
        "conditions": dict(one.conditions),
        "rate": {"exact": str(answer.segments[number]), "shown": shown(answer, answer.segments[number])},
        "against_the_rest": one.effect.times(shown_in(answer.metric)[0]).as_json(),
        "z": one.z,
        "before": _sums(answer, one.before),
        "after": _sums(answer, one.after),
    }


def _sums(answer: Explained, sums: tuple[int, int]) -> dict[str, Any]:
    return {
        "numerator": sums[0],
        "denominator": sums[1],
        "value": shown(answer, sums[0] / sums[1]) if sums[1] else None,
    }
