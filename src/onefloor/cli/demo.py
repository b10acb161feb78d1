"""The command that builds a demonstration: floors, agreements, settled and verified statements."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from onefloor.cli.bilingual import FILE, Argument, Command, Option
from onefloor.cli.output import Screen
from onefloor.language import Text


def demo(
    screen: Screen, folder: Path, contacts: int | None, agents: int | None = None, until: datetime | None = None
) -> None:
    """Build the demonstration."""
    from onefloor.demo.floor import AGENTS, CONTACTS, build

    with screen.progress(Text("制作演示", "Making the demonstration")) as progress:
        made = build(
            folder,
            contacts=contacts or CONTACTS,
            agents=agents or AGENTS,
            until=until.date() if until else None,
            language=screen.language,
            progress=progress,
        )
    if screen.json:
        screen.answer([{"title": one.title.as_json(), "path": str(one.path)} for one in made])
        return
    screen.table([Text("内容", "what"), Text("位置", "where")], [(one.title, one.path) for one in made])
    screen.show(
        Text(
            f"用浏览器打开对账单，例如 {folder / 'statements' / 'north' / 'statement.html'}。",
            f"Open a statement in a browser, for example {folder / 'statements' / 'north' / 'statement.html'}.",
        )
    )


COMMANDS = (
    Command(
        "demo",
        Text(
            "制作演示：一份真实的话务平台日志和生成的一年，结算并核验，留下可打开的对账单。",
            "Make a demonstration: a real log and a generated year, settled and verified, with statements to open.",
        ),
        demo,
        [
            Argument(
                "folder",
                text=Text("写到哪个目录，默认 demo。", "The folder to write; demo by default."),
                type=FILE,
                default="demo",
            ),
            Option(
                "--contacts",
                text=Text("生成的一年有多少通话务。", "How many contacts the generated year has."),
                type=click.IntRange(1_000),
                metavar="N",
            ),
            Option(
                "--agents",
                text=Text("生成的一年年初有多少坐席。", "How many agents the generated year begins with."),
                type=click.IntRange(24, 5_000),
                metavar="N",
            ),
            Option(
                "--until",
                text=Text(
                    "这一天起还没有发生，默认整年（2026）。",
                    "The first day of which nothing is known yet; without it, all of the year 2026.",
                ),
                type=click.DateTime(["%Y-%m-%d"]),
                metavar="DATE",
            ),
        ],
        ["onefloor demo"],
    ),
)
