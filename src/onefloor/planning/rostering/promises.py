"""What a roster says of seats, minimum presence, key posts and guaranteed hours that it does not keep."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from onefloor.language import Text
from onefloor.planning.rostering.presence import Lapse, Span, of_companies, spans
from onefloor.planning.rostering.result import Result
from onefloor.planning.rostering.scoring import ungiven

ONE = timedelta(1)
NAMED = 3
LEAST = 1 / 3600  # hours; less is rounding


def unkept(result: Result, companies: Collection[str]) -> list[Text]:
    """A sentence for each promise that is not kept, of some companies and of the posts that only their people hold."""
    lapsed = [
        _of_lapse(one, spans(result.problem, one)) for one in of_companies(result.problem, result.lapses, companies)
    ]
    return [*lapsed, *(_of_hours(**one) for one in _short(result, companies))]


def as_json_of_unkept(result: Result, companies: Collection[str]) -> dict[str, Any]:
    """The same as plain data for scripts: ``people`` are the most at once, ``hours`` agent-hours."""
    return {
        "lapses": [
            _lapse_json(one, spans(result.problem, one))
            for one in of_companies(result.problem, result.lapses, companies)
        ],
        "guaranteed_not_given": _short(result, companies),
    }


def _lapse_json(lapse: Lapse, found: Sequence[Span]) -> dict[str, Any]:
    return {
        "kind": lapse.kind,
        "who": lapse.who,
        "due": lapse.due,
        "hours": sum(span.hours for span in found),
        "spans": [
            {"day": span.day.isoformat(), "from": span.start.isoformat(), "until": span.end.isoformat(),
             "people": span.people, "hours": span.hours}
            for span in found
        ],
    }  # fmt: skip


def _short(result: Result, companies: Collection[str]) -> list[dict[str, Any]]:
    lacking = ungiven(result.problem, result.hours)
    return [
        {"company": one.id, "guaranteed": one.guaranteed_hours, "given": result.hours[one.id], "short": lacking[one.id]}
        for one in result.problem.companies
        if one.id in companies and lacking[one.id] > LEAST
    ]


def _of_hours(company: str, guaranteed: float, given: float, short: float) -> Text:
    return Text(
        f"公司 {company} 保底 {guaranteed:,.1f} 小时，只排了 {given:,.1f} 小时，少 {short:,.1f} 小时。",
        f"{company} is guaranteed {guaranteed:,.1f} hours and given {given:,.1f}: {short:,.1f} hours short.",
    )


def _of_lapse(lapse: Lapse, found: Sequence[Span]) -> Text:
    who, due, hours = lapse.who, lapse.due, f"{sum(span.hours for span in found):,.1f}"
    seats = "seat" if due == 1 else "seats"
    said = {
        "seats": Text(f"公司 {who} 超出其 {due} 个席位（共超 {hours} 人时）",
                      f"{who} is over its {due} {seats} ({hours} agent-hours too many)"),
        "presence": Text(f"公司 {who} 在岗人数低于下限 {due} 人（共缺 {hours} 人时）",
                         f"{who} is under its minimum presence of {due} ({hours} agent-hours lacking)"),
        "post": Text(f"关键岗位 {who} 未配满 {due} 人（共缺 {hours} 人时）",
                     f"Key post {who} is not filled with {due} ({hours} agent-hours lacking)"),
    }[lapse.kind]  # fmt: skip
    when, more = _shortened(found)
    rest = Text(f"，另有 {more} 段", f" and {more} more") if more else Text("", "")
    return Text(f"{said.zh}：{'、'.join(when)}{rest.zh}。", f"{said.en}: {', '.join(when)}{rest.en}.")


def _shortened(found: Sequence[Span]) -> tuple[list[str], int]:
    """The spans that weigh most, in order of time, and how many others; days in a row with the same clock are one."""
    by_clock: dict[str, list[Span]] = defaultdict(list)
    for span in found:
        by_clock[_clock(span)].append(span)
    folded = [(run, clock) for clock, held in by_clock.items() for run in _in_a_row(held)]
    heavy = sorted(folded, key=lambda one: (-sum(span.hours for span in one[0]), one[0][0].start))[:NAMED]
    in_time = sorted(heavy, key=lambda one: one[0][0].start)
    return [f"{_days(run[0].day, run[-1].day)} {clock}" for run, clock in in_time], len(folded) - len(heavy)


def _in_a_row(held: Sequence[Span]) -> list[list[Span]]:
    runs: list[list[Span]] = []
    for span in held:
        if runs and span.day - runs[-1][-1].day == ONE:
            runs[-1].append(span)
        else:
            runs.append([span])
    return runs


def _clock(span: Span) -> str:
    end = "24:00" if span.end.date() > span.day else f"{span.end:%H:%M}"
    return f"{span.start:%H:%M}-{end}"


def _days(first: date, last: date) -> str:
    return f"{first}..{last}" if last > first else str(first)
