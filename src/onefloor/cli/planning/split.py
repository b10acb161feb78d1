"""``onefloor split``: which company works how many of the required hours, at least cost."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from onefloor.cli.bilingual import FILE, NEW_FILE, Argument, Command, Option, floor_argument
from onefloor.cli.insight.answering import drawn, picture_options, without_repeats
from onefloor.cli.output import Screen
from onefloor.cli.planning.rules_file import UnknownCompany
from onefloor.language import Text
from onefloor.writing import replacing

if TYPE_CHECKING:
    from onefloor.planning.splitting.reading import Needed
    from onefloor.planning.splitting.result import Shares

COLUMNS = ("interval", "skill", "company", "agents", "minutes")


def split(
    screen: Screen, floor: Path, file: Path, needs: Path, company: Sequence[str], whole: bool, out: Path | None,  # noqa: FBT001
    picture: Path, draw: bool,  # noqa: FBT001  Click's signature
) -> None:  # fmt: skip
    """The cheapest split and what binds in it."""
    from onefloor.floor import open_floor
    from onefloor.planning.splitting.picture import picture as drawing
    from onefloor.planning.splitting.reading import read_needs, read_split
    from onefloor.planning.splitting.sentences import headline, sentences
    from onefloor.planning.splitting.solving import NoSplit, solve

    held = open_floor(floor)
    needed = read_needs(needs, held.timezone)
    asked = read_split(file, needed, held, whole=whole)
    shown = _shown([one.name for one in asked.companies], company)
    try:
        found = solve(asked)
    except NoSplit as none:
        raise (none if shown is None else none.of(shown)) from None
    if out is not None:
        _write(out, found, needed, shown)
    pictures = drawn(screen, drawing(found, needed, shown), picture, wanted=draw)
    files = [str(path) for path in (*([out] if out else []), *pictures)]
    if screen.json:
        screen.answer({**found.as_json(shown), "from": needed.starts[0].isoformat(sep=" ", timespec="minutes"),
                       "minutes": needed.minutes, "files": files})  # fmt: skip
        return
    if shown is None:
        screen.show(headline(found))
    for words in sentences(found, shown):
        screen.show(words)
    for path in files:
        screen.say(Text(f"已写出：{path}", f"written: {path}"))


def _shown(known: Sequence[str], names: Sequence[str]) -> tuple[str, ...] | None:
    """The companies whose part may be shown; None is all.

    Raises:
        UnknownCompany: the split does not have one of them.
    """
    asked = without_repeats(names)
    for name in asked:
        if name not in known:
            raise UnknownCompany(name, known)
    return tuple(asked) or None


def _write(path: Path, found: Shares, needed: Needed, shown: Sequence[str] | None) -> None:
    with replacing(path) as pending, pending.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for p, start in enumerate(needed.starts):
            for k, skill in enumerate(found.asked.skills):
                for c, company in enumerate(found.asked.companies):
                    agents = round(float(found.work[c, k, p]), 6)
                    if agents and (shown is None or company.name in shown):
                        at = start.isoformat(sep=" ", timespec="minutes")
                        writer.writerow((at, skill, company.name, f"{agents:g}", needed.minutes))


COMMANDS = (
    Command(
        "split",
        Text(
            "把需求工时分给各公司：费用最低，遵守协议的承诺与限额，并说明哪条起约束作用。",
            "Split required hours between companies at least cost, within commitments and limits; says which bind.",
        ),
        split,
        [
            floor_argument(),
            Argument("file", text=Text("分配文件（YAML）：各公司的单价、协议与限额。",
                                       "The split file (YAML): prices, agreements and limits of companies."),
                     type=FILE, metavar="SPLIT"),
            Option("--needs", text=Text("需求表：onefloor staff --out 或 plan --needs 写出的 CSV。",
                                        "The needs: a CSV of onefloor staff --out or plan --needs."),
                   type=FILE, required=True, metavar="FILE"),
            Option("--company", text=Text(
                "只显示这些公司自己的部分；不显示其他公司、总数、份额和市场价格；可重复。",
                "Only these companies' own parts: nothing of others, no totals, shares or prices of limits; "
                "may be repeated.",
            ), multiple=True, metavar="NAME"),
            Option("--whole", text=Text("按整人分配。", "Whole people."), is_flag=True, default=False),
            Option("--out", text=Text("写出 CSV：interval、skill、company、agents、minutes。",
                                      "Write a CSV: interval, skill, company, agents, minutes."),
                   type=NEW_FILE, metavar="FILE"),
            *picture_options("split"),
        ],
        examples=(
            "onefloor split myfloor split.yaml --needs needs.csv",
            "onefloor split myfloor split.yaml --needs needs.csv --company North --out north.csv",
        ),
    ),
)  # fmt: skip
