"""The roster: who belongs to which company, site and team, by day.

A file states the whole history of every agent it names; agents it does not name keep theirs, so each company can load
its own. A history that differs from the one that counts becomes that agent's next version. If one row of an agent
cannot be accepted, none of the agent's rows is: a history with a gap must not replace a whole one.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl

from onefloor.facts.files import Progress
from onefloor.facts.identity import stable_id, stable_ids
from onefloor.facts.local_time import months_of_days
from onefloor.facts.schemas import ROSTER
from onefloor.facts.sources.formulas import COLUMN
from onefloor.facts.sources.mapping import Layout
from onefloor.facts.sources.moments import date_days
from onefloor.facts.sources.records import Written, blocks, staged_layout
from onefloor.facts.store import Account, Load, scan
from onefloor.floor import Floor
from onefloor.language import Text
from onefloor.problems import Place

SOURCE: Final = "roster"
COLUMNS: Final = ("agent", "name", "company", "employment", "site", "team", "hired", "from", "to")
REQUIRED: Final = ("agent", "company", "employment", "from")
ALIASES: Final[Mapping[str, str]] = {
    "坐席": "agent", "坐席工号": "agent", "工号": "agent", "座席": "agent", "座席工号": "agent",
    "姓名": "name", "所属公司": "company", "公司": "company", "用工形式": "employment",
    "职场": "site", "班组": "team", "入职日期": "hired", "开始": "from", "开始日期": "from",
    "结束": "to", "结束日期": "to",
}  # fmt: skip
EMPLOYMENTS: Final = {
    "own": "own", "dispatched": "dispatched", "outsourced": "outsourced",
    "自有": "own", "自有员工": "own", "劳务派遣": "dispatched", "派遣": "dispatched",
    "外包": "outsourced", "外包员工": "outsourced",
}  # fmt: skip
DATES: Final = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日")
LAST_DAY: Final = 100_000  # 2243: a date beyond is a slip of the pen

# Every reason a row is set aside for, and what to do.
REMEDIES: Final[Mapping[str, Text]] = {
    "missing:agent": Text("请填写坐席工号。", "Fill in the agent."),
    "missing:company": Text("请填写所属公司。", "Fill in the company."),
    "missing:employment": Text("请填写用工形式。", "Fill in the employment form."),
    "missing:from": Text("请填写开始日期。", "Fill in the first day."),
    "bad_date:from": Text("请写成 2026-11-21。", "Write the date as 2026-11-21."),
    "bad_date:to": Text("请写成 2026-11-21；未结束则留空。", "Write it as 2026-11-21, or leave it empty while open."),
    "bad_date:hired": Text("请写成 2026-11-21。", "Write the date as 2026-11-21."),
    "unknown_employment": Text("请写自有、劳务派遣或外包。", "Write own, dispatched or outsourced."),
    "to_before_from": Text("结束日期不能早于开始日期。", "The last day cannot be before the first."),
    "hired_after_from": Text("入职日期不能晚于开始日期。", "The hiring day cannot be after the first day."),
    "overlapping_rows": Text("请结束前一行，再开始后一行。", "End one row the day before the next begins."),
    "two_companies_at_once": Text(
        "同一人同一天只能属于一家公司：请结束前一行。",
        "A person belongs to one company on a day: end one row the day before the next begins.",
    ),
    "history_incomplete": Text(
        "该坐席另有一行有误。改正后整份重新导入。",
        "Another row of this agent is wrong. Mend it and load the file again.",
    ),
    "wrong_field_count": Text("列数与表头不符。", "Give the row as many fields as the header."),
    "undecodable": Text("请将文件另存为 UTF-8。", "Save the file as UTF-8."),
    "unclosed_quote": Text("请补上缺少的引号。", "Close the quote."),
}

Row = dict[str, Any]


def read(floor: Floor, path: Path, load: Load, account: Account, progress: Progress) -> None:
    """Read one roster file (CSV, TSV or XLSX); see ``facts.load.Reader``.

    Raises:
        MissingColumn: ``agent``, ``company``, ``employment`` or ``from`` is not among the columns.
    """
    layout = Layout(aliases=ALIASES, optional=frozenset(COLUMNS) - frozenset(REQUIRED))
    rows: list[Row] = []
    written: list[Written] = []
    for block in blocks(path, layout, {name: Place(path.name) for name in COLUMNS}, written.append):
        account.lines += block.height
        rows.extend(parsed_rows(block))
    read_rows = [row for row in rows if row["fault"] not in ("blank", "header")]
    for row in rows:
        if row["fault"] in ("blank", "header"):
            account.ignored += 1
            account.reason(row["fault"])
    judge(read_rows)
    _set_aside(load, account, path, [row for row in read_rows if row["fault"] is not None])
    if account.quarantined:
        staged_layout(load, path, written[0])
    _load_histories(floor, path, load, account, [row for row in read_rows if row["fault"] is None])
    size = path.stat().st_size
    progress(size, size)


def current(floor: Floor) -> pl.DataFrame:
    """The roster's rows that count now: of every agent the newest version."""
    rows = scan(floor, "roster").collect()
    return rows.filter(pl.col("revision") == pl.col("revision").max().over("group_id")).sort("agent", "from_day")


def parsed_rows(block: pl.DataFrame) -> list[Row]:
    """The rows of a block with days and the first fault each has on its own."""
    cells = {name: block[COLUMN + name] for name in COLUMNS}
    frame = pl.DataFrame({name: cell.set(cell == "", None) for name, cell in cells.items()})
    days = {f"{name}_day": date_days(frame[name], DATES) for name in ("hired", "from", "to")}
    frame = frame.with_columns(block["line"], block["raw"], block["fault"], **days)
    frame = frame.with_columns(
        pl.col("employment").str.to_lowercase().replace_strict(EMPLOYMENTS, default=None).alias("form"),
        (pl.col("to_day") + 1).alias("until_day"),
    )
    return frame.with_columns(pl.coalesce("fault", *_faults()).alias("fault")).to_dicts()


def _faults() -> list[pl.Expr]:
    def fault(reason: str, where: pl.Expr) -> pl.Expr:
        return pl.when(where).then(pl.lit(reason))

    tests = [fault(f"missing:{name}", pl.col(name).is_null()) for name in REQUIRED]
    for name in ("from", "to", "hired"):
        day, given = pl.col(f"{name}_day"), pl.col(name).is_not_null()
        tests.append(fault(f"bad_date:{name}", given & (day.is_null() | ~day.is_between(-LAST_DAY, LAST_DAY))))
    return [
        *tests,
        fault("unknown_employment", pl.col("form").is_null()),
        fault("to_before_from", pl.col("to_day") < pl.col("from_day")),
        fault("hired_after_from", pl.col("hired_day") > pl.col("from_day")),
    ]


def judge(rows: list[Row]) -> None:
    """Faults between the rows of one agent; one bad row sets the agent's whole history aside."""
    histories: dict[str, list[Row]] = {}
    for row in rows:
        if row["agent"] is not None:
            histories.setdefault(row["agent"], []).append(row)
    for history in histories.values():
        _judge_overlaps([row for row in history if row["fault"] is None])
        if any(row["fault"] is not None for row in history):
            for row in history:
                row["fault"] = row["fault"] or "history_incomplete"


def _judge_overlaps(history: list[Row]) -> None:
    """Every row is compared with the one that reaches farthest so far; equal rows are no overlap but a repetition."""
    reaching: Row | None = None
    for row in sorted(history, key=lambda row: (row["from_day"], _until(row))):
        if reaching is not None and row["from_day"] < _until(reaching) and _content(row) != _content(reaching):
            same_company = row["company"] == reaching["company"]
            row["fault"] = reaching["fault"] = "overlapping_rows" if same_company else "two_companies_at_once"
        if reaching is None or _until(row) > _until(reaching):
            reaching = row


def _until(row: Row) -> int:
    return LAST_DAY + 2 if row["until_day"] is None else int(row["until_day"])


def _content(row: Row) -> str:
    names = ("agent", "name", "company", "form", "site", "team", "hired_day", "from_day", "until_day")
    return json.dumps([row[name] for name in names], ensure_ascii=False)


def _set_aside(load: Load, account: Account, path: Path, rows: list[Row]) -> None:
    account.quarantined += len(rows)
    for reason, lines in Counter(row["fault"] for row in rows).items():
        account.reason(reason, lines)
    if rows:
        provenance = {"load": load.id, "source": SOURCE, "file": path.name}
        kept = [{**provenance, "line": row["line"], "reason": row["fault"], "raw": row["raw"]} for row in rows]
        load.add("quarantine", pl.DataFrame(kept, schema_overrides={"line": pl.Int64}).to_arrow())


def _load_histories(floor: Floor, path: Path, load: Load, account: Account, rows: list[Row]) -> None:
    before = _before(floor)
    histories: dict[str, dict[int, Row]] = {}
    for row, digest in zip(rows, stable_ids(_content(row) for row in rows), strict=True):
        history = histories.setdefault(row["agent"], {})
        again = int(digest) in history or int(digest) in before.get(row["agent"], (0, frozenset()))[1]
        account.duplicates += again
        account.loaded += not again
        history[int(digest)] = row
    facts: list[Row] = []
    for agent, history in histories.items():
        revision, digests = before.get(agent, (0, frozenset()))
        if digests == history.keys():
            continue
        account.reason("note:new_version", 1)
        account.reason("note:rows_withdrawn", len(digests - history.keys()))
        load.count_content(pl.Series(sorted(history.keys() - digests), dtype=pl.Int64).to_numpy())
        load.count_content(-pl.Series(sorted(digests - history.keys()), dtype=pl.Int64).to_numpy())
        facts.extend(_fact(row, digest, revision + 1) for digest, row in history.items())
    _stage(path, load, facts)


def _before(floor: Floor) -> dict[str, tuple[int, frozenset[int]]]:
    """Of every agent the newest revision and the digests of its rows."""
    rows = current(floor).group_by("agent").agg(pl.col("revision").first(), pl.col("digest"))
    return {agent: (revision, frozenset(digests)) for agent, revision, digests in rows.iter_rows()}


def _fact(row: Row, digest: int, revision: int) -> Row:
    agent = row["agent"]
    return {
        **{name: row[name] for name in ("agent", "name", "company", "site", "team", "line")},
        "row_id": stable_id(f"{SOURCE}\x1f{agent}\x1f{revision}\x1f{digest}"),
        "group_id": stable_id(f"{SOURCE}\x1f{agent}"),
        "revision": revision,
        "digest": digest,
        "employment": row["form"],
        **{name: row[name] for name in ("hired_day", "from_day", "until_day")},
    }


def _stage(path: Path, load: Load, facts: list[Row]) -> None:
    if not facts:
        return
    made = {"source": SOURCE, "file": path.name, "load": load.id}
    schema = dict(pl.DataFrame(ROSTER.empty_table()).schema)
    rows = pl.DataFrame([{**made, **fact} for fact in facts], schema={**schema, "month": pl.Int32})
    months = pl.Series("month", months_of_days(rows["from_day"].to_numpy()), dtype=pl.Int32)
    load.add("roster", rows.with_columns(months).to_arrow())
