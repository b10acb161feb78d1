"""Commands about agreements: settle a month, verify a bundle, try other terms."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onefloor.cli.bilingual import FILE, Argument, Command, Option, floor_argument
from onefloor.cli.output import MEASURING_TABLES, Screen
from onefloor.floor import open_floor
from onefloor.language import Text, same
from onefloor.periods import Month, months_of

if TYPE_CHECKING:
    from onefloor.agreements.replay import Replay
    from onefloor.agreements.statement import Statement
    from onefloor.agreements.verify import Verification

AGREEMENT = Text("协议文件（YAML）。", "The agreement (YAML).")


def settle(
    screen: Screen,
    floor: Path,
    agreement: Path,
    month: str,
    out: Path,
    previous: Path | None,
    adjustments: Path | None,
) -> None:
    """Settle a month."""
    from onefloor.agreements.adjustments import read_adjustments
    from onefloor.agreements.settling import settle_month

    opened, asked = open_floor(floor), Month.parse(month)
    booked = read_adjustments(adjustments) if adjustments else ()
    with screen.progress(MEASURING_TABLES) as progress:
        found = settle_month(
            opened, agreement, asked, out, language=screen.language, previous=previous, adjustments=booked,
            progress=progress,
        )  # fmt: skip
    if screen.json:
        screen.answer(settled_json(found, out))
    else:
        show_statement(screen, found, out)


def settled_json(found: Statement, out: Path) -> dict[str, Any]:
    """The statement in short; ``statement.json`` holds all of it."""
    whole = found.as_json()
    lines = [
        {name: line[name] for name in ("number", "clause", "kind", "outcome", "amount")} for line in whole["lines"]
    ]
    head = ("agreement", "company", "month", "currency", "data_version", "provisional", "shadow")
    totals = {name: format(amount, "f") for name, amount in found.totals}
    return {**{name: whole[name] for name in head}, "totals": totals, "lines": lines, "out": str(out)}


def show_statement(screen: Screen, found: Statement, out: Path) -> None:
    """The statement's lines and net, and where it can be read in full."""
    from onefloor.agreements.rendering.words import OUTCOMES

    screen.show(
        Text(
            f"{found.title.zh}　{found.client} – {found.company}　{found.month}　{found.currency}",
            f"{found.title.en}  {found.client} - {found.company}  {found.month}  {found.currency}",
        )
    )
    heads = [Text("条款", "clause"), Text("明细", "line"), Text("结果", "result"), Text("金额", "amount")]
    rows: list[Sequence[object]] = [
        (line.clause, line.title, OUTCOMES.get(line.outcome, same(line.outcome)), amount_text(line.amount))
        for line in found.lines
    ]
    screen.table(heads, [*rows, ("", Text("净额", "Net"), "", amount_text(found.net))], right=[3])
    if found.provisional:
        screen.show(
            Text("暂估：之后到达的数据仍可能改变。", "Provisional: facts that arrive later may still change it.")
        )
    screen.show(
        Text(
            f"对账单在 {out / 'statement.html'}，证据包在 {out / 'bundle'}。",
            f"The statement is in {out / 'statement.html'}, its bundle in {out / 'bundle'}.",
        )
    )


def amount_text(amount: Decimal) -> str:
    """An amount with thousands separated: ``-8,312.40``."""
    return f"{amount:,}"


def verify(screen: Screen, bundle: Path, key: Sequence[Path]) -> int:
    """Recompute a bundle on another engine."""
    from onefloor.agreements.verify import verify as verified

    with screen.progress(Text("核验", "Verifying")):
        found = verified(bundle, list(key))
    if screen.json:
        screen.answer(found.as_json())
    else:
        show_verification(screen, found)
    return 0 if found.ok else 1


def show_verification(screen: Screen, found: Verification) -> None:
    """What was checked, what differs, and the answer last."""
    for step in found.steps:
        screen.show(step)
    for difference in found.differences:
        screen.show(difference.text)
    count = len(found.differences)
    screen.show(
        Text("核验通过：对账单可由明细逐字节重算。", "Verified: the statement follows from its rows, byte for byte.")
        if found.ok
        else Text(
            f"核验不通过：{count} 处不符。", f"Not verified: {count} {'difference' if count == 1 else 'differences'}."
        )
    )


def whatif(screen: Screen, floor: Path, agreement: Path, amend: Path, months: str) -> None:
    """Settle past months under other terms."""
    from onefloor.agreements.replay import what_if
    from onefloor.agreements.settling import refuse_unfit
    from onefloor.agreements.terms.agreement import read_agreement, read_amendment
    from onefloor.metrics.engines import engine_of
    from onefloor.metrics.prepare import prepare

    opened, span = open_floor(floor), months_of(months)
    signed = read_agreement(agreement)
    amended = read_amendment(amend, signed)
    with screen.progress(MEASURING_TABLES) as progress:
        prepared = prepare(opened, progress=progress)
    for terms in (signed, amended):
        refuse_unfit(opened, terms, prepared)
    found = what_if(prepared, signed, amended, span, engine=engine_of(opened))
    if screen.json:
        screen.answer(found.as_json())
    else:
        _show_replay(screen, found)


def _show_replay(screen: Screen, found: Replay) -> None:
    """By month and by clause; months that could not be compared are named."""
    amounts = [Text("原条款", "as signed"), Text("新条款", "new terms"), Text("差额", "difference")]
    months = [(head, *map(amount_text, rest)) for head, *rest in found.month_rows()]
    screen.table([Text("账期", "month"), *amounts], months, right=[1, 2, 3])
    screen.show(same(""))
    clauses = [(head, changed, *map(amount_text, rest)) for head, changed, *rest in found.clause_rows()]
    screen.table([Text("条款", "clause"), Text("有变化", "changed"), *amounts], clauses, right=[2, 3, 4])
    for left in found.left_out:
        screen.say(Text(f"未比较 {left.month}：{left.reason.zh}。", f"Not compared: {left.month} ({left.reason.en})."))


def agreement_argument() -> Argument:
    """The second argument of ``settle`` and ``whatif``."""
    return Argument("agreement", text=AGREEMENT, type=FILE)


COMMANDS = (
    Command(
        "settle",
        Text(
            "结算一个账期，写出对账单（JSON、HTML、XLSX、PDF）和证据包。",
            "Settle a month: write the statement (JSON, HTML, XLSX, PDF) and its bundle.",
        ),
        settle,
        [
            floor_argument(),
            agreement_argument(),
            Option(
                "--month",
                text=Text("账期，例如 2026-11。", "The month, such as 2026-11."),
                required=True,
                metavar="MONTH",
            ),
            Option(
                "--out", text=Text("写到哪个目录。", "The folder to write."), type=FILE, required=True, metavar="FOLDER"
            ),
            Option(
                "--previous",
                text=Text(
                    "上一账期的输出目录或证据包；连续未达标等情形以其中的结果为准。",
                    "The previous month's folder or bundle; what it found counts for misses in a row and earn-back.",
                ),
                type=FILE,
                metavar="FOLDER",
            ),
            Option(
                "--adjustments",
                text=Text(
                    "冲减单与跨期更正（JSON），与对账单一并入账，例如另一证据包中的 adjustments.json。",
                    "Credit notes and corrections (JSON) to book with it, such as the adjustments.json of a bundle.",
                ),
                type=FILE,
                metavar="FILE",
            ),
        ],
        ["onefloor settle myfloor agreement.yaml --month 2026-11 --out out/"],
    ),
    Command(
        "verify",
        Text(
            "用另一引擎由明细重算证据包；不符时指出文件、行和列，退出码 1。",
            "Recompute a bundle from its rows on another engine; what differs is named, and the exit code is 1.",
        ),
        verify,
        [
            Argument("bundle", text=Text("证据包目录。", "The folder of the bundle."), type=FILE),
            Option(
                "--key",
                text=Text(
                    "须已签署的一方的公钥（.pub），可多次给出。",
                    "The public key (.pub) of a party that must have signed; may be repeated.",
                ),
                type=FILE,
                multiple=True,
                metavar="FILE",
            ),
        ],
        ["onefloor verify out/bundle --key keys/client.pub --key keys/north.pub"],
    ),
    Command(
        "whatif",
        Text(
            "用其他条款重算过去的账期，按账期和条款比较。",
            "Settle past months under other terms, and compare by month and clause.",
        ),
        whatif,
        [
            floor_argument(),
            agreement_argument(),
            Option(
                "--amend",
                text=Text("拟议的补充协议（YAML）。", "The amendment to try (YAML)."),
                type=FILE,
                required=True,
                metavar="FILE",
            ),
            Option(
                "--months",
                "--month",
                "months",
                text=Text("账期：2026-01..2026-11。", "The months: 2026-01..2026-11."),
                required=True,
                metavar="MONTHS",
            ),
        ],
        ["onefloor whatif myfloor agreement.yaml --amend proposal.yaml --months 2026-01..2026-11"],
    ),
)
