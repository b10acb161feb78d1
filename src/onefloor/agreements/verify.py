"""Verifying a bundle: is it what was signed, and does the statement follow from its rows?

Four steps, each on its own: signatures and files; the content of every rows file; every question's two integers
recomputed from the rows by Polars, never by the engine that computed them; the statement settled again from those.
Whatever differs is named: file, row, column, what was expected and what was found.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa

from onefloor.agreements.adjustments import ADJUSTMENTS, adjustments_from, payable
from onefloor.agreements.adjustments import differences as adjustment_differences
from onefloor.agreements.bundle import (
    AGREEMENT,
    ATOM_SCHEMA,
    ATOMS,
    CLOSING,
    DEFINITIONS,
    HISTORY,
    MANIFEST,
    STATEMENT,
    atoms_frame,
    definitions,
    head_of,
    subject_of,
)
from onefloor.agreements.carrying import adjusted
from onefloor.agreements.differences import Difference, row_differences
from onefloor.agreements.digests import chunks_of_file, digests, sidecar, sidecar_size
from onefloor.agreements.history import carried_by_month, json_differences, last_statement, read_chain, read_json
from onefloor.agreements.reading_bundles import Bundle, bounded_bytes, check_parquet, read_bundle
from onefloor.agreements.settlement import closing_statement, questions, settle
from onefloor.agreements.shared_rows import refuse_foreign, schema_of
from onefloor.agreements.signing import (
    ENVELOPE,
    SignatureCheck,
    add_signature,
    check_signatures,
    payload_of,
    public_key,
    read_envelope,
)
from onefloor.agreements.statement import Statement, canonical_json
from onefloor.agreements.terms.agreement import parse_agreement
from onefloor.findings import Answers, Question
from onefloor.language import Text
from onefloor.metrics.grouping import Finality
from onefloor.metrics.questions import recomputed
from onefloor.money import plain
from onefloor.periods import Month, clock, zone_rules_version
from onefloor.problems import Problem

LARGEST_SMALL_FILE = 64 * 2**20
LARGEST_TERMS = 4 * 2**20
SHOWN = 50


@dataclass(slots=True)
class Verification:
    """What was checked and what differs. ``steps`` says in words what was recomputed, with which engine."""

    bundle: Bundle
    steps: list[Text] = field(default_factory=list)
    signatures: list[SignatureCheck] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing differs."""
        return not self.differences

    def as_json(self) -> dict[str, Any]:
        """The result as data."""
        head = ("agreement", "company", "month", "data_version")
        return {
            "ok": self.ok,
            **{name: self.bundle.manifest[name] for name in head},
            "steps": [step.as_json() for step in self.steps],
            "signatures": [{"name": s.name, "key": s.key_id, "state": s.state} for s in self.signatures],
            "differences": [difference.as_json() for difference in self.differences],
        }


def verify(folder: Path, trusted: Sequence[Path] = ()) -> Verification:
    """Verify a bundle.

    Args:
        folder: the bundle.
        trusted: public keys of the parties; each of them must have signed.

    Raises:
        NoBundle, UnknownFormat, BadBundleFile: the folder is not a bundle, or its manifest cannot be read.
        BadKey, MissingFile: a trusted key cannot be read.
    """
    for key in trusted:
        public_key(key)
    found = Verification(read_bundle(folder))
    _check_signatures(found, trusted)
    _check_files(found)
    readable = _check_rows(found)
    if readable and _check_atoms_file(found):
        _recompute(found)
    return found


class Changed(Problem):
    """A bundle that is to be signed is not what was computed."""

    def __init__(self, folder: Path, first: Difference) -> None:
        super().__init__(
            Text(
                f"证据包“{folder}”核验不符，不能签署。", f'The bundle "{folder}" does not verify and cannot be signed.'
            ),
            why=first.text,
            remedy=Text("请运行 onefloor verify 查看全部差异。", "Run onefloor verify to see everything that differs."),
        )


def _check_signatures(found: Verification, trusted: Sequence[Path]) -> None:
    """Signatures cover the manifest, which holds the digest of everything else."""
    path = found.bundle.folder / ENVELOPE
    if not path.exists():
        found.steps.append(Text("没有签名。", "Nobody has signed."))
        for key in trusted:
            found.differences.append(_unsigned(key.stem, "missing"))
        return
    try:
        envelope = read_envelope(path)
    except Problem as problem:
        found.differences.append(_unreadable(ENVELOPE, problem))
        return
    payload = payload_of((found.bundle.folder / MANIFEST).read_bytes(), subject_of(found.bundle.manifest))
    if envelope.payload != payload:
        text = Text("签名所覆盖的是另一份 manifest.json。", "The signatures cover another manifest.json.")
        found.differences.append(Difference(ENVELOPE, text))
    found.signatures = check_signatures(envelope, trusted)
    for check in found.signatures:
        if check.state in ("wrong", "missing"):
            found.differences.append(_unsigned(check.name, check.state))
        else:
            found.steps.append(_signed(check))


def _signed(check: SignatureCheck) -> Text:
    if check.state == "valid":
        return Text(f"{check.name} 的签名有效。", f"The signature of {check.name} is valid.")
    return Text(
        f"密钥 {check.name} 的签名未核对：没有提供对应的公钥。",
        f"The signature of key {check.name} was not checked: its public key was not given.",
    )


def _unsigned(name: str, state: str) -> Difference:
    if state == "missing":
        return Difference(ENVELOPE, Text(f"没有 {name} 的签名。", f"{name} has not signed."))
    return Difference(ENVELOPE, Text(f"{name} 的签名无效。", f"The signature of {name} is not valid."))


def _unreadable(file: str, problem: Problem) -> Difference:
    why = problem.why or problem.what
    return Difference(file, Text(f"无法读取：{why.zh}", f"It cannot be read: {why.en}"))


def _check_files(found: Verification) -> None:
    """Every small file by its digest; no file that was not signed."""
    bundle = found.bundle
    for name, digest in sorted(bundle.manifest["files"].items()):
        try:
            actual = sha256(bounded_bytes(bundle.folder / name, LARGEST_SMALL_FILE)).hexdigest()
        except Problem as problem:
            found.differences.append(_unreadable(name, problem))
            continue
        if actual != digest:
            changed = Text("文件与清单不符。", "The file is not the one of the manifest.")
            found.differences.append(Difference(name, changed, expected=digest, found=actual))
    extra = Text("清单中没有这个文件。", "The manifest does not have this file.")
    found.differences += [Difference(name, extra) for name in bundle.strangers()[:SHOWN]]
    found.steps.append(
        Text(
            f"按清单核对了 {len(bundle.manifest['files'])} 个文件。",
            f"Checked {len(bundle.manifest['files'])} files by the manifest.",
        )
    )


def _check_rows(found: Verification) -> bool:
    """Every rows file by content; returns whether all of them can be read."""
    bundle, readable = found.bundle, True
    for name, content in sorted(bundle.rows.items()):
        path, schema = bundle.path(name), schema_of(bundle.table(name))
        try:
            check_parquet(path, schema)
            found.differences += _content_differences(path, schema.names, content)
        except Problem as problem:
            found.differences.append(_unreadable(f"rows/{name}.parquet", problem))
            readable = False
        except (pa.ArrowException, OSError, ValueError) as error:
            text = Text("文件已损坏。", f"The file is damaged ({error}).")
            found.differences.append(Difference(f"rows/{name}.parquet", text))
            readable = False
    rows = sum(content["rows"] for content in bundle.rows.values())
    found.steps.append(
        Text(
            f"核对了 {len(bundle.rows)} 个文件中的 {rows:,} 行明细。",
            f"Checked {rows:,} rows in {len(bundle.rows)} files.",
        )
    )
    return readable


def _content_differences(path: Path, columns: list[str], content: Any) -> Iterator[Difference]:
    """Nothing if the content is that of the manifest; else the rows that differ."""
    file = f"rows/{path.name}"
    beside = path.with_suffix(".digests")
    kept = bounded_bytes(beside, sidecar_size(content["rows"], len(columns)))
    if sha256(kept).hexdigest() != content["digests_sha256"]:
        yield Difference(f"rows/{beside.name}", Text("文件与清单不符。", "The file is not the one of the manifest."))
    now = digests(chunks_of_file(path, columns), columns)
    if now.columns == content["columns"] and len(now.rows) == content["rows"]:
        return
    words = sidecar(kept, content["rows"], len(columns))
    named = row_differences(file, pl.read_parquet(path, columns=columns), *words) if words else []
    if not named:
        wrong = sorted(name for name in columns if now.columns[name] != content["columns"].get(name))
        text = Text(
            f"内容与清单不符：{', '.join(wrong)}。", f"The content is not that of the manifest: {', '.join(wrong)}."
        )
        named = [Difference(file, text)]
    yield from named


def _check_atoms_file(found: Verification) -> bool:
    content, path = found.bundle.manifest["atoms"], found.bundle.folder / ATOMS
    try:
        check_parquet(path, ATOM_SCHEMA)
        now = digests(chunks_of_file(path, ATOM_SCHEMA.names), ATOM_SCHEMA.names)
    except Problem as problem:
        found.differences.append(_unreadable(ATOMS, problem))
        return False
    except (pa.ArrowException, OSError, ValueError) as error:
        found.differences.append(Difference(ATOMS, Text("文件已损坏。", f"The file is damaged ({error}).")))
        return False
    if now.columns != content["columns"]:
        found.differences.append(
            Difference(ATOMS, Text("内容与清单不符。", "The content is not that of the manifest."))
        )
    return True


def _recompute(found: Verification) -> None:
    """Recompute every answer from the rows, then the statement from the answers."""
    folder, manifest = found.bundle.folder, found.bundle.manifest
    try:
        terms = bounded_bytes(folder / AGREEMENT, LARGEST_TERMS).decode("utf-8-sig", errors="replace")
        agreement, month = parse_agreement(terms, AGREEMENT), Month.parse(manifest["month"])
        chain = read_chain(folder / HISTORY)
        history = carried_by_month(chain)
        through = int(manifest["watermark_ms"])
        finality = Finality(through, clock(agreement.parties.timezone))
        facts = {"data_version": manifest["data_version"], "facts_through_ms": through}
        closing = manifest.get(CLOSING, False)
        asked = frozenset[Question]() if closing else questions(agreement, month, history)
        refuse_foreign(asked, manifest["company"])
        answers = recomputed(found.bundle.frames(), asked, finality)
        again = (
            closing_statement(agreement, month, **facts)
            if closing
            else settle(agreement, month, answers, history, **facts)
        )
    except (Problem, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        zh, en = (error.to("zh"), error.to("en")) if isinstance(error, Problem) else (str(error), str(error))
        found.differences.append(Difference(STATEMENT, Text(f"无法重算：{zh}", f"It cannot be recomputed: {en}")))
        return
    if last_statement(chain) != manifest["previous_statement"]:
        broken = Text("与清单中的上一份对账单不符。", "It does not end with the previous statement of the manifest.")
        found.differences.append(Difference(HISTORY, broken))
    _compare_head(found, again)
    _compare_definitions(found, answers)
    _compare_atoms(found, answers)
    _compare_statement(found, again)
    _compare_adjustments(found, again)


def _compare_head(found: Verification, again: Statement) -> None:
    """What the manifest says of the statement, which is what the parties sign in so many words."""
    text = Text("与重新结算的对账单不符。", "This is not what the statement says.")
    for name, expected in head_of(again).items():
        if found.bundle.manifest.get(name) != expected:
            actual = str(found.bundle.manifest.get(name))
            found.differences.append(Difference(MANIFEST, text, column=name, expected=expected, found=actual))


def _compare_definitions(found: Verification, answers: Answers) -> None:
    """The metrics as this installation knows them, against those of the bundle."""
    try:
        kept = read_json(found.bundle.folder / DEFINITIONS)
    except Problem:
        return  # the digests have told already
    own = json.loads(canonical_json(definitions(answers)))
    text = Text("指标定义与本机的目录不同。", "The definition is not the one of this installation's catalogue.")
    for place, expected, actual in islice(json_differences(own, kept), SHOWN):
        found.differences.append(Difference(DEFINITIONS, text, column=place, expected=expected, found=actual))
    found.steps.append(
        Text(
            f"{len(own)} 个指标的定义与本机的目录相同。",
            f"The definitions of {len(own)} metrics are those of this catalogue.",
        )
        if own == kept
        else Text("部分指标的定义不同。", "Some definitions of metrics differ.")
    )


def _compare_atoms(found: Verification, answers: Answers) -> None:
    """Every question's two integers, as recomputed, against ``atoms.parquet``."""
    own, kept = atoms_frame(answers), pl.read_parquet(found.bundle.folder / ATOMS)
    text = Text("与从明细行重算的结果不同。", "This is not what the rows give.")
    expected = {row["question"]: row for row in own.to_dicts()}
    for number, row in enumerate(kept.to_dicts(), 1):
        again = expected.pop(row["question"], None)
        if again is None:
            unknown = Text("协议没有提出这个问题。", "The agreement does not ask this.")
            found.differences.append(Difference(ATOMS, unknown, number, column="question", found=row["question"]))
            continue
        found.differences += [
            Difference(ATOMS, text, number, column=name, expected=str(again[name]), found=str(row[name]))
            for name in again
            if again[name] != row[name]
        ]
    missing = Text("缺少协议所提出的问题。", "A question that the agreement asks is missing.")
    found.differences += [Difference(ATOMS, missing, column="question", expected=question) for question in expected]
    engine = found.bundle.manifest["engine"]
    by = Text(
        f"用 Polars {pl.__version__} 从明细行重算了 {own.height} 个指标值"
        f"（原由 {engine['name']} {engine['version']} 计算）。",
        f"Recomputed {own.height} figures from the rows with Polars {pl.__version__}"
        f" (first computed with {engine['name']} {engine['version']}).",
    )
    found.steps.append(by)


def _compare_statement(found: Verification, again: Statement) -> None:
    """The statement as settled again, byte by byte; what differs is named by its place."""
    path = found.bundle.folder / STATEMENT
    try:
        kept = bounded_bytes(path, LARGEST_SMALL_FILE)
        if kept != again.to_bytes():
            own, there = json.loads(again.to_bytes()), read_json(path)
            found.differences += _statement_differences(own, there)
    except Problem as problem:
        found.differences.append(_unreadable(STATEMENT, problem))
    net = f"{again.net:,f} {again.currency}"
    found.steps.append(Text(f"重新结算：净额 {net}。", f"Settled again: net {net}."))
    if found.bundle.manifest["zone_rules"] != zone_rules_version():
        theirs, ours = found.bundle.manifest["zone_rules"], zone_rules_version()
        found.steps.append(
            Text(f"时区规则：证据包 {theirs}，本机 {ours}。", f"Zone rules: {theirs} in the bundle, {ours} here.")
        )


def _compare_adjustments(found: Verification, again: Statement) -> None:
    """What is booked beside the lines: sources by their digests, and what is payable in all."""
    path = found.bundle.folder / ADJUSTMENTS
    if ADJUSTMENTS not in found.bundle.manifest["files"]:
        return
    try:
        kept, data = bounded_bytes(path, LARGEST_SMALL_FILE), read_json(path)
    except Problem as problem:
        found.differences.append(_unreadable(ADJUSTMENTS, problem))
        return
    wrong = [Difference(ADJUSTMENTS, text) for text in adjustment_differences(kept, data, again, path)]
    if wrong:
        found.differences += wrong
        return
    booked = adjustments_from(data, path)
    chain = read_chain(found.bundle.folder / HISTORY)
    if adjusted(chain, booked) != chain:
        text = Text(
            "没有写入各项调整对以前账期的影响。", "It does not hold what the adjustments say of earlier months."
        )
        found.differences.append(Difference(HISTORY, text))
    owed = payable(again, booked)
    if found.bundle.manifest["payable"] != plain(owed):
        text = Text("与净额加各项调整不符。", "This is not the net and its adjustments.")
        actual = found.bundle.manifest["payable"]
        found.differences.append(Difference(MANIFEST, text, column="payable", expected=plain(owed), found=actual))
    found.steps.append(
        Text(
            f"核对了 {len(booked)} 项调整：应付 {owed:,f} {again.currency}。",
            f"Checked {len(booked)} adjustment{'' if len(booked) == 1 else 's'}: {owed:,f} {again.currency} payable.",
        )
    )


def _statement_differences(own: Any, there: Any) -> list[Difference]:
    text = Text("与重新结算的结果不同。", "This is not what settling again gives.")
    named = [
        Difference(STATEMENT, text, column=place, expected=expected, found=actual)
        for place, expected, actual in islice(json_differences(own, there), SHOWN)
    ]
    spelling = Text("内容相同，但写法不是规范格式。", "The content is the same, but it is not spelt canonically.")
    return named or [Difference(STATEMENT, spelling)]


def sign_bundle(folder: Path, private_key: Path) -> str:
    """Verify a bundle and add the signature of a private key; returns the key's id.

    Raises:
        Changed: the bundle does not verify; nothing is signed.
        SignedOtherwise, TwoSignatures, BadKey, MissingFile: see ``signing.add_signature``.
    """
    result = verify(folder)
    if not result.ok:
        raise Changed(folder, result.differences[0])
    manifest = (folder / MANIFEST).read_bytes()
    return add_signature(folder / ENVELOPE, payload_of(manifest, subject_of(result.bundle.manifest)), private_key)
