"""Commands that bring files in: load and roster."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from onefloor.cli.bilingual import FILE, Argument, BadUsage, Command, Option, floor_argument
from onefloor.cli.output import Screen, counted_lines
from onefloor.facts.reasons import is_note, reason_words
from onefloor.floor import open_floor
from onefloor.language import Text
from onefloor.problems import MissingFile

if TYPE_CHECKING:
    from onefloor.facts.load import Reader
    from onefloor.facts.store import Account

Kind = tuple[str, "Reader", str]
"""The source that facts carry, what reads a file, and what else than the bytes decides the result."""
KINDS = ("asterisk-queue-log", "table", "amazon-connect")
ROTATED = "queue_log*"  # what Asterisk and logrotate call the files of one log


def load(screen: Screen, floor: Path, kind: str, files: Sequence[Path], mapping: Path | None) -> None:
    """Load files of one kind."""
    from onefloor.facts.load import load_files

    opened = open_floor(floor)
    source, reader, options = _reader(kind, mapping)
    with screen.progress(Text(f"导入 {kind}", f"Loading {kind}")) as progress:
        account = load_files(opened, source, reader, _listed(files, kind), options=options, progress=progress)
    report(screen, floor, account)


def roster(screen: Screen, floor: Path, files: Sequence[Path]) -> None:
    """Load who belongs where, and since when."""
    from onefloor.facts.load import load_files
    from onefloor.facts.roster import SOURCE, read

    with screen.progress(Text("导入人员名册", "Loading the roster")) as progress:
        account = load_files(open_floor(floor), SOURCE, read, list(files), progress=progress)
    report(screen, floor, account)


def report(screen: Screen, floor: Path, account: Account) -> None:
    """What became of every line, and what to do about those that could not be read."""
    if screen.json:
        screen.answer(account.as_json())
        return
    rows: list[tuple[Text | str, int]] = [
        (Text("读入行数", "lines read"), account.lines),
        (Text("已导入", "loaded"), account.loaded),
        (Text("重复", "duplicates"), account.duplicates),
        (Text("忽略", "ignored"), account.ignored),
        (Text("待修复（隔离）", "quarantined"), account.quarantined),
    ]
    rows += [
        (_because(code), lines)
        for code, lines in sorted(account.reasons.items(), key=lambda item: (is_note(item[0]), item[0]))
    ]
    screen.table(["", Text("行", "lines")], [(name, f"{lines:,}") for name, lines in rows], right=[1])
    if account.lines and account.duplicates == account.lines:
        screen.show(
            Text(
                f"该文件的 {account.lines:,} 行均已导入，没有新增，也没有改动。",
                f"All {counted_lines(account.lines)} of this input are already here. Nothing was added or changed.",
            )
        )
    if account.lines and account.quarantined == account.lines:
        screen.show(
            Text("没有一行可以读取。请核对文件类型和字段映射。", "No line could be read. Is it a file of this kind?")
        )
    if account.quarantined:
        screen.show(
            Text(
                f"{account.quarantined:,} 行无法读取，已原样保留。查看：onefloor quarantine {floor}",
                f"Could not be read and kept as it was: {counted_lines(account.quarantined)}. "
                f"To see why: onefloor quarantine {floor}",
            )
        )


def _because(code: str) -> Text:
    """A line of the report that says why, or what else is worth knowing."""
    words = reason_words(code)
    if is_note(code):
        return Text(f"  注意：{words.zh}", f"  note: {words.en}")
    return Text(f"  原因：{words.zh}", f"  because: {words.en}")


def _reader(kind: str, mapping: Path | None) -> Kind:
    """What reads this kind of file."""
    if (kind == "table") != (mapping is not None):
        raise BadUsage(
            Text("--mapping 用于 table，且只用于 table。", "A table needs --mapping, and nothing else takes it."),
            remedy=Text(
                "请写成 onefloor load FLOOR table calls.csv --mapping calls.mapping.yaml",
                "Write onefloor load FLOOR table calls.csv --mapping calls.mapping.yaml",
            ),
        )
    return _READERS[kind](mapping)


def _listed(paths: Sequence[Path], kind: str) -> list[Path]:
    """The files named, and those in the folders named, the oldest name first."""
    pattern = ROTATED if kind == "asterisk-queue-log" else "*"
    found: list[Path] = []
    for path in paths:
        inside = sorted(one for one in path.glob(pattern) if one.is_file() and not one.name.startswith("."))
        if path.is_dir() and not inside:
            raise MissingFile(path / pattern)
        found += inside if path.is_dir() else [path]
    return found


def _asterisk(_mapping: Path | None) -> Kind:
    from onefloor.facts.sources import asterisk

    return asterisk.SOURCE, asterisk.read, ""


def _table(mapping: Path | None) -> Kind:
    from onefloor.facts.sources import table
    from onefloor.facts.sources.reading_mappings import read_mapping

    assert mapping is not None
    found = read_mapping(mapping)
    return table.source_of(found), table.reader(found), found.digest


def _amazon_connect(_mapping: Path | None) -> Kind:
    from onefloor.facts.sources import amazon_connect

    return amazon_connect.SOURCE, amazon_connect.read, ""


_READERS: dict[str, Callable[[Path | None], Kind]] = {
    "asterisk-queue-log": _asterisk,
    "table": _table,
    "amazon-connect": _amazon_connect,
}

COMMANDS = (
    Command(
        "load",
        Text(
            "导入文件。同一文件再次导入不产生任何变化；无法读取的行原样保留并说明原因。",
            "Load files. The same file again changes nothing; a line that cannot be read is kept with the reason.",
        ),
        load,
        [
            floor_argument(),
            Argument(
                "kind",
                text=Text(
                    "asterisk-queue-log：Asterisk 队列日志；table：任意表格，按 --mapping 读取；"
                    "amazon-connect：Amazon Connect 联系记录。",
                    "asterisk-queue-log: the queue log of Asterisk; table: any table, read by --mapping; "
                    "amazon-connect: contact records of Amazon Connect.",
                ),
                type=click.Choice(KINDS),
                metavar="KIND",
            ),
            Argument(
                "files",
                text=Text(
                    "一个或多个文件，或装有文件的目录；可为 gzip 或 zstd。",
                    "Files, or folders of files; gzip and zstandard are fine.",
                ),
                type=FILE,
                nargs=-1,
                required=True,
            ),
            Option(
                "--mapping",
                text=Text("表格的字段映射（YAML）。", "What the table's columns mean (YAML)."),
                type=FILE,
                metavar="FILE",
            ),
        ],
        [
            "onefloor load myfloor asterisk-queue-log queue_log",
            "onefloor load myfloor table calls.csv --mapping calls.mapping.yaml",
        ],
    ),
    Command(
        "roster",
        Text(
            "导入人员名册（CSV 或 XLSX）：agent,name,company,employment,site,team,hired,from,to。",
            "Load the roster (CSV or XLSX): agent,name,company,employment,site,team,hired,from,to.",
        ),
        roster,
        [
            floor_argument(),
            Argument("files", text=Text("名册文件。", "Roster files."), type=FILE, nargs=-1, required=True),
        ],
        ["onefloor roster myfloor roster.csv"],
    ),
)
