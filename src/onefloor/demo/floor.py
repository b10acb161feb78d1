"""The demonstration: two floors, their agreements settled and verified, statements to open."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from onefloor.agreements.settling import settle_month
from onefloor.agreements.statement import Statement
from onefloor.agreements.verify import verify
from onefloor.demo.examples import example
from onefloor.demo.filling import fill, with_queues
from onefloor.demo.year import ZONE, Plan
from onefloor.facts import roster
from onefloor.facts.files import Progress, no_progress
from onefloor.facts.load import load_files
from onefloor.facts.sources import asterisk
from onefloor.floor import SETTINGS, Floor, create_floor, open_floor
from onefloor.language import Language, Text
from onefloor.metrics.cubes import build_cubes
from onefloor.metrics.prepare import prepare
from onefloor.periods import Month
from onefloor.problems import Problem

CONTACTS = 1_000_000
AGENTS = 1_000
MONTH = Month(2026, 11)
TRUTH, UNTIL = "truth.json", "until.txt"
LOGS = ("asterisk_run/queue_log", "asterisk_run/gate_session/queue_log")
PBX_AGREEMENTS = ("asterisk-own", "asterisk-north")
YEAR_AGREEMENTS = ("north", "harbor", "own-shadow")
PROPOSAL = "proposal"
INCOMING = ("queue_log", "roster.csv")


@dataclass(frozen=True, slots=True)
class Made:
    """One thing to look at, and what it is."""

    title: Text
    path: Path


class NotVerified(Problem):
    """A bundle of the demonstration did not give the same statement again."""

    def __init__(self, folder: Path, differences: int) -> None:
        super().__init__(
            Text(f"“{folder}”核验不符，共 {differences} 处。", f'"{folder}" differs in {differences} places.'),
            remedy=Text(f"请运行 onefloor verify {folder} 查看。", f"Run onefloor verify {folder} to see where."),
        )


def build(
    root: Path,
    *,
    contacts: int = CONTACTS,
    agents: int | None = AGENTS,
    until: date | None = None,
    language: Language = "zh",
    progress: Progress = no_progress,
) -> list[Made]:
    """Build both floors under ``root``, settle them, verify the bundles; again continues or does it anew.

    Args:
        root: a folder; ``pbx`` and ``year`` become floors, ``statements`` holds a folder for each statement.
        contacts: how many the generated year has.
        agents: how many people its roster begins with; None for as many as the contacts keep busy.
        until: the first day of which the year knows nothing yet; all of it without. The first build decides.
        language: of the PDFs, and in which the statements open.
        progress: told how many steps are done.
    """
    until = _as_begun(root, until)
    plan = Plan(contacts=contacts, staff=agents, until=until)
    month = settled_month(until)
    total = plan.begun + 2 + len(PBX_AGREEMENTS) + len(YEAR_AGREEMENTS)
    progress(0, total)
    pbx = pbx_floor(root / "pbx")
    progress(1, total)
    year = year_floor(root / "year", plan, progress=lambda done, _months: progress(1 + done, total))
    build_cubes(year, prepare(year))
    _copy_agreements(root / "agreements")
    made = [Made(Text("现场：话务平台日志", "floor: a PBX's log"), pbx.root)]
    made.append(
        Made(
            Text(
                f"现场：生成的一年，约 {contacts:,} 通，年初 {plan.agents:,} 名坐席",
                f"floor: a generated year, about {contacts:,} contacts, {plan.agents:,} agents when it begins",
            ),
            year.root,
        )
    )
    jobs = [(pbx, name) for name in PBX_AGREEMENTS] + [(year, name) for name in YEAR_AGREEMENTS]
    for done, (floor, name) in enumerate(jobs):
        progress(plan.begun + 1 + done, total)
        made.append(_settled(root, floor, name, month if floor is year else MONTH, language))
    progress(total, total)
    return made + list(_others(root))


def _as_begun(root: Path, until: date | None) -> date | None:
    """The day with which the year was made first: a month is loaded once, so a later day would leave a gap."""
    kept = root / UNTIL
    if kept.exists():
        said = kept.read_text(encoding="ascii").strip()
        return date.fromisoformat(said) if said else None
    if (root / "year" / TRUTH).exists():
        return None  # made before there was a choice
    root.mkdir(parents=True, exist_ok=True)
    kept.write_text(f"{until or ''}\n", encoding="ascii")
    return until


def settled_month(until: date | None) -> Month:
    """The month that is settled: November, or the last one that is over."""
    if until is None:
        return MONTH
    over = Month(until.year, until.month).shifted(-1)
    return min(MONTH, over, key=lambda month: month.id)


def pbx_floor(root: Path) -> Floor:
    """A floor of the PBX run: own staff 1xxx and the vendor North 2xxx."""
    floor = _floor(root, "PBX")
    load_files(floor, roster.SOURCE, roster.read, [example("asterisk_run/roster.csv")])
    load_files(floor, asterisk.SOURCE, asterisk.read, [example(log) for log in LOGS])
    return floor


def year_floor(root: Path, plan: Plan, *, progress: Progress = no_progress) -> Floor:
    """A floor of the generated year."""
    floor = with_queues(_floor(root, "Hotline"), plan.truth)
    fill(floor, plan, progress=progress)
    truth = json.dumps(plan.truth.as_json(), ensure_ascii=False, indent=1)
    (root / TRUTH).write_text(truth + "\n", encoding="utf-8")
    return floor


def web_floor(root: Path) -> Floor:
    """The floor of the generated year, made empty if it is not there yet: the one that is served on the web."""
    return _with_incoming(_floor(root / "year", "Hotline"), (root / "incoming").resolve())


def _with_incoming(floor: Floor, folder: Path) -> Floor:
    """Files to try the import wizard with, in a folder from which it may fetch; nothing there is loaded yet."""
    if floor.import_roots:
        return floor
    for name in INCOMING:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(example(f"asterisk_run/{name}"), folder / name)
    file = floor.root / SETTINGS
    text = file.read_text(encoding="utf-8")
    file.write_text(f"{text}\n[imports]\nroots = [{json.dumps(str(folder))}]\n", encoding="utf-8")
    return open_floor(floor.root)


def _floor(root: Path, name: str) -> Floor:
    return open_floor(root) if (root / SETTINGS).exists() else create_floor(root, timezone=ZONE, name=name)


def _copy_agreements(folder: Path) -> None:
    """The agreements as files of the demonstration, to be read and changed; changed ones are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in (*PBX_AGREEMENTS, *YEAR_AGREEMENTS, PROPOSAL):
        if not (folder / f"{name}.yaml").exists():
            shutil.copyfile(example(f"agreements/{name}.yaml"), folder / f"{name}.yaml")


def _settled(root: Path, floor: Floor, name: str, month: Month, language: Language) -> Made:
    """Settle one agreement and have the result verified on the other engine.

    Raises:
        NotVerified: the bundle gives another statement.
    """
    out = root / "statements" / name
    out.parent.mkdir(parents=True, exist_ok=True)
    statement = settle_month(floor, root / "agreements" / f"{name}.yaml", month, out, language=language)
    found = verify(out / "bundle")
    if not found.ok:
        raise NotVerified(out / "bundle", len(found.differences))
    return Made(_named(statement), out / "statement.html")


def _named(statement: Statement) -> Text:
    net = f"{statement.net:,.2f} {statement.currency}"
    return Text(
        f"对账单（已核验）：{statement.title.zh}，{statement.month}，{net}",
        f"statement (verified): {statement.title.en}, {statement.month}, {net}",
    )


def _others(root: Path) -> Iterator[Made]:
    yield Made(Text("协议（YAML）", "the agreements (YAML)"), root / "agreements")
    yield Made(Text("生成数据的真实参数", "what is true of the generated year"), root / "year" / TRUTH)
