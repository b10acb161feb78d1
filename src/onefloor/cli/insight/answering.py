"""What the commands of this package share: opening the floor, months, companies, and how a finding is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from onefloor.cli.bilingual import IN_PLACE, BadUsage, Option
from onefloor.cli.output import MEASURING_TABLES, Screen
from onefloor.insight.numbers import number
from onefloor.language import Text, joined, same
from onefloor.periods import Month, months_of

if TYPE_CHECKING:
    from onefloor.floor import Floor
    from onefloor.insight.finding import Finding
    from onefloor.insight.pictures import Picture
    from onefloor.metrics.cubes import Cubes
    from onefloor.metrics.engines import Engine
    from onefloor.metrics.prepared import Prepared


class FiniteRange(click.FloatRange):
    """A number between two ends, either of which may be left out, and never "nan" or "inf"."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number.

        Raises:
            click.BadParameter: it is no finite number, or outside the range.
        """
        found = super().convert(value, param, ctx)
        if not isfinite(found):
            self.fail(f"{value} is not a finite number.", param, ctx)
        return found


def without_repeats(texts: Sequence[str]) -> tuple[str, ...]:
    """The names of options that may be repeated and hold names with commas, each once and in order.

    >>> without_repeats(["company, queue", "company"])
    ('company', 'queue')
    """
    return tuple(dict.fromkeys(name.strip() for text in texts for name in text.split(",") if name.strip()))


@dataclass(frozen=True, slots=True)
class Opened:
    """A floor that is ready to be asked."""

    floor: Floor
    prepared: Prepared
    engine: Engine
    cubes: Cubes


def opened(screen: Screen, root: Path) -> Opened:
    """Open a floor and bring its measuring tables up to date.

    Raises:
        NoFloor, BadSetting, OtherZone: as ``open_floor``.
    """
    from onefloor.floor import open_floor
    from onefloor.metrics.cubes import current_cubes
    from onefloor.metrics.engines import engine_of
    from onefloor.metrics.prepare import prepare

    floor = open_floor(root)
    with screen.progress(MEASURING_TABLES) as progress:
        prepared = prepare(floor, progress=progress)
    return Opened(floor, prepared, engine_of(floor), current_cubes(floor, prepared))


def span(prepared: Prepared, first: str | None, last: str | None) -> list[Month]:
    """The months from ``--from`` to ``--to``, both included; an end that is not given is the floor's first or last.

    Raises:
        BadPeriod: an end cannot be read, or they are the wrong way round.
        BadUsage: the floor has no contacts at all, or none in what was asked for.
    """
    held = prepared.months
    if not held:
        raise BadUsage(
            Text("该现场还没有话务数据。", "The floor has no contacts yet."),
            remedy=Text("请先用 onefloor load 导入。", "Load some first: onefloor load."),
        )
    whole = f"{first or held[0]}..{last or held[-1]}"
    beside = (first and not last and Month.parse(first).id > held[-1].id) or (
        last and not first and Month.parse(last).id < held[0].id
    )
    if beside:
        had = Text(f"{held[0]} 至 {held[-1]}", f"{held[0]} to {held[-1]}")
        raise BadUsage(
            Text(f"话务数据只有 {had.zh}。", f"The floor has contacts from {had.en} only."),
            remedy=Text("请改 --from 和 --to。", "Change --from and --to."),
        )
    return months_of(whole)


def companies(prepared: Prepared, names: Sequence[str]) -> list[str]:
    """Companies as the floor spells them, whatever the case they were written in.

    Raises:
        UnknownName: the floor has never seen one of them.
    """
    from onefloor.metrics.prepared import UnknownName

    known = prepared.names.ids.get("company", {})
    folded = {name.casefold(): name for name in known}
    asked = [name.strip() for name in names if name.strip()]
    for name in asked:
        if name.casefold() not in folded:
            raise UnknownName("company", name, known)
    return list(dict.fromkeys(folded[name.casefold()] for name in asked))


def tell(screen: Screen, findings: Sequence[Finding], pictures: Sequence[Path] = ()) -> None:
    """Print findings: for scripts as one JSON object, for people sentence, verdict, figures and what they rest on."""
    if screen.json:
        told = {"findings": [finding.as_json() for finding in findings], "pictures": [str(path) for path in pictures]}
        screen.answer(told)
        return
    for place, finding in enumerate(findings):
        if place:
            screen.show(same(""))
        _tell_one(screen, finding)
    if pictures:
        screen.say(joined([Text("图片：", "picture:"), joined(same(str(path)) for path in pictures)], zh="", en=" "))


def _tell_one(screen: Screen, finding: Finding) -> None:
    screen.show(finding.sentence)
    rows: list[Sequence[Any]] = [
        (Text("对象", "about"), finding.about),
        (Text("结论", "verdict"), finding.verdict.words),
    ]
    if finding.estimate is not None:
        rows.append((Text("估计", "estimate"), estimate_words(finding)))
    if finding.contacts or finding.agents:
        rows.append((Text("依据", "n"), _sizes(finding)))
    rows += [(Text("原因", "reason"), text) for text in finding.reasons]
    rows += [(Text("前提", "assumes"), text) for text in finding.assumptions]
    rows += [(Text("明细", "rows"), same(_command(one.as_json()))) for one in finding.behind]
    screen.table([], rows)


def estimate_words(finding: Finding) -> Text:
    """``-3.1 points (-5.8 to -0.4, 95 %)``."""
    held = finding.estimate
    assert held is not None
    level = f"{min(held.level * 100, 99.9):.3g}%"  # of many intervals that hold together; none is certain
    return Text(
        f"{number(held.value)} {finding.unit.zh}（{level} 区间 {number(held.low)} 至 {number(held.high)}）",
        f"{number(held.value)} {finding.unit.en} ({number(held.low)} to {number(held.high)}, {level} interval)",
    )


def _sizes(finding: Finding) -> Text:
    contacts = Text(f"{finding.contacts:,} 行", f"{finding.contacts:,} rows")
    people = Text(f"{finding.agents:,} {finding.sampled.zh}", f"{finding.agents:,} {finding.sampled.en}")
    return joined([part for part, size in ((contacts, finding.contacts), (people, finding.agents)) if size])


def _command(asked: dict[str, Any]) -> str:
    where = "".join(f" --where {name}={','.join(values)}" for name, values in asked["where"].items())
    months = f" --months {asked['months']}" if asked["months"] else ""
    return f"onefloor rows FLOOR {asked['metric']}{where}{months}"


def drawn(screen: Screen, picture: Picture | None, path: Path | None, *, wanted: bool) -> list[Path]:
    """Save the picture unless nobody wants one; the files that were written."""
    from onefloor.insight.pictures import save

    if picture is None or not wanted:
        return []
    assert path is not None
    return list(save(picture, path, screen.language))


def picture_named() -> bool:
    """Whether ``--picture`` was written on the command line: then a picture that is not there has to be explained."""
    source = click.get_current_context().get_parameter_source("picture")
    return source is click.core.ParameterSource.COMMANDLINE


def from_option() -> Option:
    """``--from``."""
    text = Text(
        "起始账期，例如 2026-07；默认为最早的账期。", "First month, such as 2026-07; by default the floor's first."
    )
    return Option("--from", "first", text=text, metavar="MONTH")


def to_option() -> Option:
    """``--to``."""
    text = Text("截止账期（含）；默认为最近的账期。", "Last month, included; by default the floor's last.")
    return Option("--to", "last", text=text, metavar="MONTH")


def picture_options(name: str) -> list[click.Parameter]:
    """``--picture`` and ``--no-picture``; without either it goes to ``onefloor-NAME`` in the current folder."""
    return [
        Option(
            "--picture",
            text=Text("图片文件名，写出 .svg 和 .png 两个文件。", "Where the picture goes: two files, .svg and .png."),
            type=IN_PLACE,
            default=f"onefloor-{name}",
            metavar="PATH",
        ),
        Option(
            "--no-picture",
            "draw",
            text=Text("不作图。", "No picture."),
            is_flag=True,
            flag_value=False,
            default=True,
        ),
    ]
