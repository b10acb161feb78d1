"""``onefloor forecast``: how many contacts come in each interval, how long they take, how sure that is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from onefloor.cli.bilingual import FILE, NEW_FILE, BadUsage, Command, Option, floor_argument
from onefloor.cli.insight.answering import Opened, companies, drawn, opened, picture_options, without_repeats
from onefloor.cli.output import Screen
from onefloor.language import Text, same

if TYPE_CHECKING:
    from onefloor.metrics.prepared import Prepared
    from onefloor.planning.forecasting.files import Written
    from onefloor.planning.forecasting.queues import Answer, Question

HORIZON = re.compile(r"(\d{1,6}) ?([dw]?)")
INTERVALS = {"30m": 30, "60m": 60, "1h": 60}
FORECASTING = Text("预测", "Forecasting")
SEEDS = 2**32


def forecast(
    screen: Screen, floor: Path, queue: Sequence[str], horizon: str, interval: str, first: str | None,
    company: Sequence[str], calendar: Path | None, accept_change: bool, intraday: bool, out: Path | None,  # noqa: FBT001
    seed: int, picture: Path, draw: bool,  # noqa: FBT001  Click's signature
) -> None:  # fmt: skip
    """The forecast of one or more queues."""
    from onefloor.planning.forecasting.files import writable, write

    if out is not None:
        writable(out)
    days, minutes, begin = horizon_days(horizon), interval_minutes(interval), day_of_option(first)
    ready = opened(screen, floor)
    whose = companies(ready.prepared, without_repeats(company))
    question = asked(ready, without_repeats(queue), days, minutes, begin, whose, intraday=intraday)
    answers = answered(screen, ready, question, calendar, seed, accept_change=accept_change)
    written = None
    if out is not None:
        lines = [line for answer in answers for line in answer.lines("+".join(whose))]
        made = how_made(ready, question, answers, seed)
        written = write(out, lines, made, ready.floor.clock.zone_name)
    pictures = drawn(screen, _picture(answers), picture, wanted=draw)
    if screen.json:
        screen.answer(_told(answers, question, written, pictures, ready.prepared.data_version))
        return
    _show(screen, answers)
    _say_files(screen, written, pictures)


def answered(
    screen: Screen, ready: Opened, question: Question, calendar: Path | None, seed: int, *, accept_change: bool
) -> list[Answer]:
    """The forecasts of a question, with progress."""
    from onefloor.planning.forecasting.forecasting import Parameters
    from onefloor.planning.forecasting.queues import forecasts
    from onefloor.planning.forecasting.reading_calendars import read_calendar

    terms = read_calendar(calendar) if calendar else None
    how = Parameters(accept_change=accept_change)
    with screen.progress(FORECASTING) as progress:
        return forecasts(ready.prepared, question, terms, how, seed, engine=ready.engine, cubes=ready.cubes,
                         progress=progress)  # fmt: skip


def asked(
    ready: Opened, names: Sequence[str], days: int, minutes: int, first: date | None, whose: Sequence[str], *,
    intraday: bool,
) -> Question:  # fmt: skip
    """The question that the options make; the first day is the one after the facts, or with ``intraday`` their last."""
    from onefloor.periods import MS_PER_DAY
    from onefloor.planning.forecasting.from_floor import first_unknown, queues_of
    from onefloor.planning.forecasting.queues import Question

    offset = ready.floor.clock.offset_ms(ready.prepared.watermark_ms)
    queues = tuple(queues_of(_seen(ready, whose), names))
    if not queues:
        raise BadUsage(
            Text("该现场还没有话务数据。", "The floor has no contacts yet."),
            remedy=Text("请先用 onefloor load 导入。", "Load some first: onefloor load."),
        )
    passed, known = None, first_unknown(ready.prepared, offset)
    begin = first or known
    if begin > known or (first and intraday):
        raise BadUsage(
            Text(
                f"数据只到 {known} 之前，不能从 {begin} 开始预测。",
                f"Facts end before {known}: no forecast begins on {begin}.",
            )
            if not intraday
            else Text(
                "--intraday 的首日是数据的最后一天，不用 --from。",
                "--intraday begins with the facts' last day: no --from.",
            ),
            remedy=Text("请去掉 --from，并用 --horizon 预测得更远。", "Leave --from out; --horizon reaches further."),
        )
    if intraday:
        day, rest = divmod(ready.prepared.watermark_ms + offset, MS_PER_DAY)
        begin, passed = date(1970, 1, 1) + timedelta(days=day), max(1, rest // (minutes * 60_000))
    return Question(queues, begin, days, minutes, tuple(whose), passed)


def _seen(ready: Opened, whose: Sequence[str]) -> Prepared:
    """The floor with the queues of some companies alone, so that neither the default nor a hint names another's."""
    from onefloor.cli.planning.fit import scope_of
    from onefloor.metrics.visible import visible_to

    return visible_to(ready.prepared, scope_of(whose), engine=ready.engine, cubes=ready.cubes)


def horizon_days(text: str) -> int:
    """``28d`` or ``4w``.

    Raises:
        BadUsage.
    """
    found = HORIZON.fullmatch(text.strip())
    if found is None:
        raise BadUsage(
            Text(f"无法识别 --horizon {text}。", f"--horizon {text} cannot be read."),
            remedy=Text("请写成 28d 或 4w。", "Write 28d or 4w."),
        )
    return int(found[1]) * (7 if found[2] == "w" else 1)


def interval_minutes(text: str) -> int:
    """``30m`` or ``60m``: the metrics know half hours.

    Raises:
        BadUsage.
    """
    if text.strip() not in INTERVALS:
        raise BadUsage(
            Text(f"--interval 不能是 {text}。", f"--interval cannot be {text}."),
            remedy=Text("现场的指标以半小时为单位：请写 30m 或 60m。", "Metrics know half hours: write 30m or 60m."),
        )
    return INTERVALS[text.strip()]


def day_of_option(text: str | None) -> date | None:
    """``--from 2026-12-01``.

    Raises:
        BadUsage.
    """
    try:
        return None if text is None else date.fromisoformat(text.strip())
    except ValueError:
        raise BadUsage(
            Text(f"--from {text} 不是日期。", f"--from {text} is no date."),
            remedy=Text("请写成 2026-12-01。", "Write 2026-12-01."),
        ) from None


def _picture(answers: Sequence[Answer]) -> Any:
    from onefloor.planning.forecasting.picture import picture

    return picture(answers[0]) if answers else None


def _show(screen: Screen, answers: Sequence[Answer]) -> None:
    from onefloor.planning.forecasting.sentences import (
        HEADS,
        accuracy_row,
        accuracy_words,
        headline,
        remarks,
        weights_words,
    )

    told: set[str] = set()
    for place, answer in enumerate(answers):
        if place:
            screen.show(same(""))
        screen.show(headline(answer))
        screen.show(accuracy_words(answer.volume))
        screen.show(weights_words(answer.volume))
        for remark in remarks(answer.volume, answer.revised):
            if remark.en not in told:
                screen.show(remark)
            told.add(remark.en)
        screen.table(HEADS, [accuracy_row(one) for one in answer.volume.accuracy], right=range(1, len(HEADS)))


def _say_files(screen: Screen, written: Written | None, pictures: Sequence[Path]) -> None:
    if written is not None:
        state = Text("未变", "unchanged") if written.unchanged else Text("已写出", "written")
        screen.show(
            Text(
                f"{written.path}：第 {written.version} 版（{state.zh}），SHA-256 {written.sha256}",
                f"{written.path}: version {written.version} ({state.en}), SHA-256 {written.sha256}",
            )
        )
    if pictures:
        names = ", ".join(map(str, pictures))
        screen.say(Text(f"图片：{names}", f"picture: {names}"))


def how_made(ready: Opened, question: Question, answers: Sequence[Answer], seed: int) -> dict[str, Any]:
    """What stands beside the lines of a forecast file."""
    return {
        "data_version": ready.prepared.data_version,
        "first": question.first.isoformat(),
        "days": question.horizon,
        "minutes": question.minutes,
        "companies": list(question.companies),
        "seed": seed,
        "queues": {answer.queue: _queue_json(answer) for answer in answers},
    }


def _queue_json(answer: Answer) -> dict[str, Any]:
    found = answer.volume
    return {
        "contacts": round(float(found.mean.sum()), 3),
        "limits": {f"{level:.0%}": [finite(end) for end in ends] for level, ends in found.total_limits.items()},
        "handling": _handling_json(answer),
        "weights": {name: round(weight, 6) for name, weight in sorted(found.weights.items())},
        "overall": found.overall and found.overall.as_json(),
        "accuracy": [one.as_json() for one in found.accuracy],
        "changed": None if found.changed is None else {
            "on": str(found.changed_on), "factor": found.changed.factor, "days": found.changed.days,
        },
        "unknown_years": list(found.unknown_years),
        "special": {str(found.day(n)): name for n, name in sorted(found.special.items())},
        "revised": None if answer.revised is None else {
            "passed": answer.revised.passed, "factor": answer.revised.factor, "slope": answer.revised.slope,
        },
    }  # fmt: skip


def _handling_json(answer: Answer) -> dict[str, Any]:
    found, calls = answer.handling, answer.volume.mean
    return {
        "seconds": round(found.mean(calls), 3),
        "limits": {f"{level:.0%}": [finite(end) for end in found.mean_limits(calls, level)] for level in found.low},
        "wape": round(found.wape, 6),
    }


def finite(value: float) -> float | None:
    """A number, or nothing where it has no end."""
    return round(value, 3) if value != float("inf") else None


def _told(
    answers: Sequence[Answer], question: Question, written: Written | None, pictures: Sequence[Path], version: str
) -> dict[str, Any]:
    return {
        "data_version": version,
        "first": question.first.isoformat(),
        "minutes": question.minutes,
        "queues": [{"queue": answer.queue, **_queue_json(answer), "days": _days_json(answer)} for answer in answers],
        "file": None if written is None else {
            "path": str(written.path), "version": written.version, "sha256": written.sha256,
            "unchanged": written.unchanged,
        },
        "pictures": [str(path) for path in pictures],
    }  # fmt: skip


def _days_json(answer: Answer) -> list[dict[str, Any]]:
    found = answer.volume
    return [
        {
            "day": found.day(n).isoformat(),
            "contacts": round(float(found.mean[n].sum()), 3),
            **{
                f"{level:.0%}": [finite(float(end)) for end in found.day_limits[level][n]] for level in found.day_limits
            },
        }
        for n in range(found.horizon)
    ]


def queue_option() -> Option:
    """``--queue``, repeatable."""
    text = Text("队列，可重复；默认全部。", "A queue; may be repeated. All of them by default.")
    return Option("--queue", text=text, multiple=True, metavar="QUEUE")


def shared_options() -> list[Option]:
    """Options of the commands that forecast."""
    return [
        Option("--horizon", text=Text("预测多少天，例如 28d、4w。", "How far: 28d, 4w."), default="28d",
               metavar="DAYS"),
        Option("--interval", text=Text("时段长度：30m 或 60m。", "Length of an interval: 30m or 60m."), default="30m",
               metavar="MINUTES"),
        Option("--from", "first", text=Text(
            "首日，例如 2026-12-01；只用此前的数据。默认为数据之后的第一天。",
            "First day, such as 2026-12-01; only facts before it are used. By default the first day after them.",
        ), metavar="DATE"),
        Option("--company", text=Text(
            "只看某公司的话务；可重复。", "Only contacts of a company; may be repeated.",
        ), multiple=True, metavar="COMPANY"),
        Option("--calendar", text=Text(
            "日历文件（YAML）：自有节假日、营销活动、故障。",
            "A calendar file (YAML): own holidays, campaigns, outages.",
        ), type=FILE, metavar="FILE"),
        Option("--accept-change", "accept_change", text=Text(
            "水平刚刚变化时仍按新水平预测。", "Forecast at the new level although it has only just changed.",
        ), is_flag=True, default=False),
        Option("--seed", text=Text("随机种子。", "Seed of what is drawn."), type=click.IntRange(0, SEEDS - 1),
               default=0,
               metavar="NUMBER"),
    ]  # fmt: skip


COMMANDS = (
    Command(
        "forecast",
        Text(
            "预测各队列各时段的话务量和处理时长，并说明有多准。",
            "How many contacts come to each queue and interval, how long they take, and how sure that is.",
        ),
        forecast,
        [
            floor_argument(),
            queue_option(),
            *shared_options(),
            Option(
                "--intraday",
                text=Text(
                    "以数据的最后一天为首日，用其已过去的时段修正其余时段。",
                    "Begin with the facts' last day and revise it by the intervals that have passed.",
                ),
                is_flag=True,
                default=False,
            ),
            Option(
                "--out",
                text=Text(
                    "把各时段写入 CSV，旁边的 .json 记版本和 SHA-256；可在协议中锁定。",
                    "Write the intervals as CSV, version and SHA-256 beside it as .json; an agreement can lock it.",
                ),
                type=NEW_FILE,
                metavar="FILE",
            ),
            *picture_options("forecast"),
        ],
        examples=(
            "onefloor forecast myfloor --queue tech --horizon 28d --interval 30m",
            "onefloor forecast myfloor --from 2026-12-01 --calendar calendar.yaml --out december.csv",
            "onefloor forecast myfloor --queue tech --horizon 1d --intraday",
        ),
    ),
)
