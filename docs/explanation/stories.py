"""Make the stories of the insight pages: ``python docs/explanation/stories.py [--floor FOLDER] [--check]``.

Each story is a command and what it prints on the generated year: 500,000 contacts, 1,000 agents, seed 1. Without
``--floor`` that year is generated first, into a temporary folder (a minute); ``--floor`` takes one that was kept with
``--keep FOLDER``. A story is the block after its marker, ``<!-- story: NAME -->``; the command is run, the lines that
matter are kept, and ``...`` stands where others were left out. ``--check`` compares and changes nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import shlex
import sys
import tempfile
import textwrap
from dataclasses import dataclass
from pathlib import Path

from onefloor.cli import main as onefloor
from onefloor.demo.calendar import holiday_days
from onefloor.demo.filling import fill, with_queues
from onefloor.demo.truth import TRUTH
from onefloor.demo.year import ZONE, Plan
from onefloor.floor import create_floor
from onefloor.periods import day_of

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parents[1] / "examples"
PLAN = Plan(seed=1, contacts=500_000, staff=1_000)
WIDTH = 120
EVENTS = "date,what\n2026-09-01,new procedure for disputed bills\n"
BLOCK = re.compile(r"<!-- story: (?P<name>[\w-]+) -->\n```text\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Story:
    """A command, and how the lines begin that are kept of what it prints."""

    page: str
    command: str
    kept: tuple[str, ...]


FCR = "--metric fcr:within=7d"
STORIES = {
    "compare": Story(
        "insight-fair.md",
        f"compare myfloor {FCR} --companies own,north --from 2026-07 --to 2026-10",
        ("Before comparing", "On the same kind of contacts"),
    ),
    "watch": Story(
        "insight-charts.md",
        "watch myfloor --metric aht --from 2026-11 --to 2026-11 --holidays holidays.txt",
        ("1 chart with", "On 17 November"),
    ),
    "explain": Story(
        "insight-causes.md",
        f"explain myfloor {FCR} --month 2026-11 --against 2026-07 --events events.csv",
        ("From 2026-07", "reason"),
    ),
    "guard": Story(
        "insight-guards.md",
        "guard myfloor --from 2026-08 --agreement examples/agreements/north.yaml",
        (
            "On the floor as a whole",
            "1 of",
            "On the same work as others, North",
            "Transfers:",
            "Transfers in",
            "On the same work 0.2 points",
            "North: no figure",
        ),
    ),
    "guard-year": Story(
        "insight-guards.md",
        "guard myfloor",
        (
            "On the floor as a whole",
            "11 of",
            "On the same work as others, Harbor",
            "On the same work 0.2",
            "Transfers:",
        ),
    ),
    "guard-cancelled": Story(
        "insight-guards.md",
        "guard myfloor --by team --quality sale_quality:within=30d",
        ("On the floor as a whole",),
    ),
    "effect": Story("insight-effects.md", "effect myfloor examples/actions/help-north-2.yaml", ('"Help period',)),
    "raters": Story("insight-rating.md", "raters myfloor", ("With", "4 of 6")),
    "penalty-plan": Story(
        "insight-rating.md", "penalty-plan --target 0.76 --sample 150 --passed 112", ("With 150", "112 of")
    ),
    "sourcing": Story(
        "insight-sourcing.md",
        "sourcing examples/sourcing/sourcing.yaml --option north --floor myfloor --where queue=billing,outage,service",
        ("A resolved contact", "assumes   North, differences"),
    ),
}


def main() -> int:
    """Write the stories, or say which are no longer true."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--floor", type=Path, help="a folder that --keep has made")
    parser.add_argument("--keep", type=Path, help="generate the year into this folder and keep it")
    parser.add_argument("--check", action="store_true", help="change nothing; 1 if a page would change")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        made = Path(asked.floor or asked.keep or Path(folder) / "floor").resolve()
        if not asked.floor:
            fill(with_queues(create_floor(made, timezone=ZONE), TRUTH), PLAN)
        prepared_folder(Path(folder), made)
        pages = sorted({one.page for one in STORIES.values()})
        changed = [page for page in pages if not told(page, Path(folder), check=asked.check)]
    sys.stderr.write("".join(f"{page} has changed\n" for page in changed) or "every story is as it was\n")
    return 1 if changed and asked.check else 0


def prepared_folder(folder: Path, made: Path) -> None:
    """What the commands name, beside each other: the floor, the examples, holidays and events."""
    (folder / "myfloor").symlink_to(made)
    (folder / "examples").symlink_to(EXAMPLES)
    days = "".join(f"{day_of(day)}\n" for day in sorted(holiday_days()))
    (folder / "holidays.txt").write_text(days, encoding="utf-8")
    (folder / "events.csv").write_text(EVENTS, encoding="utf-8")


def told(page: str, folder: Path, *, check: bool) -> bool:
    """Bring the stories of a page up to date; whether they were."""
    path = HERE / page
    text = path.read_text(encoding="utf-8")
    fresh = BLOCK.sub(lambda hit: block(hit["name"], said(STORIES[hit["name"]], folder)), text)
    if not check:
        path.write_text(fresh, encoding="utf-8")
    return text == fresh


def block(name: str, body: str) -> str:
    """The block as a page has it."""
    return f"<!-- story: {name} -->\n```text\n{body}```"


def said(story: Story, folder: Path) -> str:
    """The command and the lines of its answer that are kept."""
    printed = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(printed):
        code = onefloor([*shlex.split(story.command), *quietly()])
    if code:
        message = f"{story.command} ended with {code}"
        raise RuntimeError(message)
    lines, skipped = [f"$ onefloor {story.command}"], False
    for line in filter(None, printed.getvalue().splitlines()):
        keep = line.startswith(story.kept)
        if keep and skipped and len(lines) > 1:
            lines.append("...")
        if keep:
            lines += textwrap.wrap(line, WIDTH, break_on_hyphens=False)
        skipped = not keep
    return "".join(f"{line}\n" for line in lines)


def quietly() -> list[str]:
    """Options that change what is printed, and not what is found."""
    return ["--no-picture", "--quiet", "--lang", "en"]


if __name__ == "__main__":
    os.environ["COLUMNS"] = "400"  # folded here, at the width of the page
    sys.exit(main())
