"""Settling a month of a floor: from facts to a folder with statement, rows and bundle, all or nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Final

from onefloor.agreements.adjustments import Adjustment
from onefloor.agreements.bundle import Computed, write_bundle
from onefloor.agreements.carrying import goes_on
from onefloor.agreements.history import Chain, carried_by_month
from onefloor.agreements.reading_bundles import read_bundle
from onefloor.agreements.rendering.documents import document
from onefloor.agreements.rendering.html import statement_html
from onefloor.agreements.rendering.rows import links, row_pages
from onefloor.agreements.settlement import closing_statement, questions, settle
from onefloor.agreements.shared_rows import refuse_foreign, refuse_other_queues
from onefloor.agreements.signing import ENVELOPE
from onefloor.agreements.statement import Statement
from onefloor.agreements.terms.agreement import Agreement, read_agreement
from onefloor.agreements.terms.places import BadTerm, Node
from onefloor.agreements.terms.reading import stop_at, unknown
from onefloor.facts.files import Progress, no_progress
from onefloor.facts.store import writing
from onefloor.floor import Floor
from onefloor.language import Language, Text
from onefloor.metrics.engines import Engine, engine_of
from onefloor.metrics.prepare import prepare
from onefloor.metrics.prepared import Names, Prepared, UnknownName
from onefloor.metrics.questions import answer
from onefloor.metrics.tables import NAMED, TENURE_BANDS
from onefloor.periods import Month, zone_rules_version
from onefloor.problems import Problem

OUTPUT: Final = frozenset({
    "statement.json", "statement.html", "statement.xlsx", "statement.pdf", "rows", "bundle",
})  # fmt: skip
PACKAGES: Final = {"duckdb": "duckdb", "polars": "polars", "spark": "pyspark", "clickhouse": "chdb"}


class OtherZone(Problem):
    """The agreement's months are not the floor's."""

    def __init__(self, floor: Floor, agreement: Agreement) -> None:
        theirs, ours = agreement.parties.timezone, floor.timezone
        super().__init__(
            Text(
                f"协议的时区是 {theirs}，现场的时区是 {ours}。", f"The agreement is in {theirs}, the floor in {ours}."
            ),
            why=Text("两者的日和月不同，指标值无法对应。", "Their days and months differ, so no figure would fit."),
            remedy=Text("请使用同一时区。", "Use the same time zone in both."),
        )


class NoFacts(Problem):
    """A month without a single contact."""

    def __init__(self, month: Month, known: list[Month]) -> None:
        there = f"{known[0]} – {known[-1]}" if known else ""
        super().__init__(
            Text(f"{month} 没有话务数据。", f"There are no contacts in {month}."),
            remedy=Text(
                f"请先导入该月数据。{f'已有：{there}。' if there else ''}",
                f"Load that month first.{f' There are facts for {there}.' if there else ''}",
            ),
        )


class OutputInUse(Problem):
    """The output folder holds something that settling did not write."""

    def __init__(self, out: Path, stranger: str) -> None:
        super().__init__(
            Text(f"“{out}”中有其他内容（{stranger}），不会覆盖。", f'"{out}" holds something else ({stranger}).'),
            why=Text("", "It would be overwritten."),
            remedy=Text("请换一个新目录。", "Choose a new folder."),
        )


class AlreadySigned(Problem):
    """The output folder holds a signed bundle; a signed period is never edited."""

    def __init__(self, out: Path) -> None:
        super().__init__(
            Text(f"“{out}”中的证据包已有签名，不会覆盖。", f'The bundle in "{out}" is signed and is not overwritten.'),
            remedy=Text(
                "之后到达的数据请在后续账期更正；试算请换一个目录。",
                "Facts that came later belong into a later month; to try something, choose another folder.",
            ),
        )


def settle_month(
    floor: Floor,
    agreement_path: Path,
    month: Month,
    out: Path,
    *,
    language: Language = "zh",
    previous: Path | None = None,
    adjustments: Sequence[Adjustment] = (),
    closing: bool = False,
    engine: Engine | None = None,
    progress: Progress = no_progress,
) -> Statement:
    """Settle a month and write ``statement.json``, ``.html``, ``.xlsx``, ``.pdf``, ``rows/`` and ``bundle/``.

    The folder is written aside and put in place by renaming: a killed run leaves the old one or the new one.

    Args:
        floor: whose facts.
        agreement_path: the agreement's YAML.
        month: the month to settle.
        out: the folder to write; an earlier unsigned result in it is replaced.
        language: of the PDF, and in which the pages open.
        previous: the previous month's output or bundle; what its statement found is then taken from it.
        adjustments: credit notes and corrections booked with it.
        closing: the month is one after the agreement's end, for adjustments alone: its facts are not asked.
        engine: the floor's own if left out.
        progress: told how many months are prepared.

    Raises:
        NotInForce, OtherZone, NoFacts, UnknownName, ForeignScope, OtherQueues: the month cannot be settled.
        OutputInUse, AlreadySigned: the folder cannot be written.
        BadAdjustment: an adjustment does not add up.
        MissingFile, Problems and others of ``read_agreement`` and ``goes_on``.
    """
    _refuse_output(out)
    agreement = read_agreement(agreement_path)
    if not closing:
        agreement.terms_for(month)
    prepared = prepare(floor, progress=progress)
    refuse_unfit(floor, agreement, prepared)
    if month not in prepared.months and not closing:
        raise NoFacts(month, prepared.months)
    code, company = agreement.code, agreement.parties.company
    chain: Chain = {}
    if previous:
        chain = goes_on(previous, agreement=code, company=company, month=month, adjustments=adjustments)
    settled = closed_with if closing else compute
    computed = settled(prepared, agreement, agreement_path.read_bytes(), month, engine or engine_of(floor), chain)
    computed = replace(computed, adjustments=tuple(adjustments))
    with writing(floor):
        _write(out, computed, language)
    return computed.statement


def refuse_unfit(floor: Floor, agreement: Agreement, prepared: Prepared) -> None:
    """Refuse an agreement that does not fit the floor: it would be answered with nothing where it asks for something.

    Raises:
        OtherZone, UnknownName: its time zone is not the floor's; nobody on the floor belongs to its company.
        Problems: a scope names what the floor does not know, each with its place in the file.
    """
    company = agreement.parties.company
    if agreement.parties.timezone != floor.timezone:
        raise OtherZone(floor, agreement)
    if prepared.names.id("company", company) < 0:
        raise UnknownName("company", company, prepared.names.ids.get("company", {}))
    known = _known_names(floor, prepared.names)
    found = {str(problem): problem for node in agreement.nodes for problem in _unknown_in_scopes(node, known)}
    stop_at(list(found.values()))


def _unknown_in_scopes(node: Node, known: Mapping[str, set[str]]) -> Iterator[BadTerm]:
    """Names in scopes that the floor has never seen: a misspelt queue would quietly count nothing."""
    if isinstance(node.value, list):
        yield from (problem for part in node.value for problem in _unknown_in_scopes(part, known))
    if isinstance(node.value, dict):
        for name, part in node.value.items():
            if name == "unassigned" and isinstance(part.value, list):
                yield from _unknown_among(part.value, known["queue"])
            if name == "scope" and isinstance(part.value, dict):
                for dimension in set(part.value) & set(NAMED):
                    yield from _unknown_among(part.value[dimension].items, known[dimension])
            yield from _unknown_in_scopes(part, known)


def _unknown_among(listed: Iterable[Node], names: set[str]) -> Iterator[BadTerm]:
    yield from (unknown(str(name.value), names, name.place) for name in listed if name.value not in names)


def _known_names(floor: Floor, names: Names) -> dict[str, set[str]]:
    """By dimension: what the facts name, what floor.toml says of queues, and the bands of tenure."""
    found = {dimension: set(names.ids.get(dimension, ())) for dimension in NAMED}
    found["tenure"] |= {band for _, band in TENURE_BANDS}
    for queue, about in floor.queues.items():
        for dimension, name in (("queue", queue), ("skill", about.skill), ("topic", about.topic)):
            found[dimension] |= {name} if name else set()
    return found


def compute(
    prepared: Prepared, agreement: Agreement, source: bytes, month: Month, engine: Engine, chain: Chain
) -> Computed:
    """Ask, answer and settle; ``source`` is the agreement's file as it was read.

    Raises:
        ForeignScope: a question looks at rows of another company.
        OtherQueues: it counts nobody's rows of queues in which the company does not work.
    """
    history = carried_by_month(chain)
    asked = questions(agreement, month, history)
    refuse_foreign(asked, agreement.parties.company)
    refuse_other_queues(prepared, asked, agreement.parties.company)
    answers = answer(prepared, asked, engine=engine)
    statement = settle(
        agreement,
        month,
        answers,
        history,
        data_version=prepared.data_version,
        facts_through_ms=prepared.watermark_ms,
    )
    version = metadata.version(PACKAGES[engine.name])
    return Computed(statement, source, answers, prepared, (engine.name, version), chain)


def closed_with(
    prepared: Prepared, agreement: Agreement, source: bytes, month: Month, engine: Engine, chain: Chain
) -> Computed:
    """The same of a month after the agreement's end, of which nothing is asked."""
    statement = closing_statement(
        agreement, month, data_version=prepared.data_version, facts_through_ms=prepared.watermark_ms
    )
    version = metadata.version(PACKAGES[engine.name])
    return Computed(statement, source, {}, prepared, (engine.name, version), chain, closing=True)


def _refuse_output(out: Path) -> None:
    if not out.exists():
        return
    strangers = sorted({path.name for path in out.iterdir()} - OUTPUT) if out.is_dir() else [out.name]
    if strangers:
        raise OutputInUse(out, strangers[0])
    if (out / "bundle" / ENVELOPE).exists():
        raise AlreadySigned(out)


def _write(out: Path, computed: Computed, language: Language) -> None:
    """Write everything beside ``out``, then put it in its place."""
    out = out.resolve()
    fresh, stale = out.with_name(f".{out.name}.new"), out.with_name(f".{out.name}.old")
    if stale.exists() and not out.exists():
        stale.rename(out)  # a run was killed between the two renames below
    for leftover in (fresh, stale):
        shutil.rmtree(leftover, ignore_errors=True)
    fresh.mkdir(parents=True)
    _fill(fresh, computed, language)
    _refuse_output(out)
    if out.exists():
        out.rename(stale)
    fresh.rename(out)
    shutil.rmtree(stale, ignore_errors=True)


def _fill(folder: Path, computed: Computed, language: Language) -> None:
    statement, zone_rules = computed.statement, zone_rules_version()
    write_bundle(folder / "bundle", computed)
    pages = row_pages(statement, read_bundle(folder / "bundle").frames(), language=language)
    (folder / "rows").mkdir()
    for page in pages:
        (folder / "rows" / page.name).write_text(page.html, encoding="utf-8")
    booked = computed.adjustments
    html = statement_html(statement, language=language, rows=links(pages), zone_rules=zone_rules, adjustments=booked)
    (folder / "statement.html").write_text(html, encoding="utf-8")
    (folder / "statement.json").write_bytes(statement.to_bytes())
    for kind in ("xlsx", "pdf"):
        written = document(kind, statement, language=language, zone_rules=zone_rules, adjustments=booked)
        (folder / f"statement.{kind}").write_bytes(written)
