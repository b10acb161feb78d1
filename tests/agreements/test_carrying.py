"""What later months go on from once credit notes and corrections have moved what a statement found."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest
from generated_floor import FEBRUARY

from onefloor.agreements.adjustments import Adjustment, read_adjustments
from onefloor.agreements.carrying import adjusted, credited
from onefloor.agreements.history import BadBundleFile, Link, carried_by_month, chain_bytes, read_chain
from onefloor.agreements.settling import settle_month
from onefloor.agreements.statement import Carried, canonical_json
from onefloor.agreements.verify import verify
from onefloor.floor import Floor
from onefloor.language import Text
from onefloor.periods import Month

D = Decimal
JANUARY = Month(2026, 1)
SIGNED = Carried("4.2", "missed", D("16.20"))


@pytest.mark.parametrize(
    ("found", "line", "note", "stands"),
    [
        (("missed", "16.20"), "-16.20", "6.20", ("missed", "10.00")),
        (("missed", "16.20"), "-16.20", "16.20", ("met", "0.00")),
        (("missed", "8.10"), "-16.20", "8.10", ("met", "0.00")),  # relief had left half of it
        (("missed", "0.00"), "-16.20", "1.00", ("missed", "0.00")),  # the cap had left nothing
        (("met", "0.00"), "0.00", "-5.00", ("missed", "5.00")),
        (("met", "0.00"), "8.00", "-5.00", ("met", "0.00")),  # from a reward
        (("met", "0.00"), "8.00", "-9.50", ("missed", "1.50")),
        (("missed", "16.20"), "-16.20", "0.00", ("missed", "16.20")),
    ],
)
def test_a_note_moves_the_credit_and_with_it_the_outcome(
    found: tuple[str, str], line: str, note: str, stands: tuple[str, str]
) -> None:
    before = Carried("4.2", found[0], D(found[1]))
    [after] = credited([before], {"4.2": D(line)}, {"4.2": D(note)})
    assert (after.outcome, after.credit) == (stands[0], D(stands[1]))


def correction(credit: str, outcome: str = "met") -> Adjustment:
    source = {"carried": [{"clause": "4.2", "outcome": outcome, "credit": credit}]}
    why = Text("迟到的数据。", "Facts that came late.")
    return Adjustment("correction", JANUARY, 2, "4.2", "a" * 64, D("16.20"), D("-16.20"), D("0.00"), why, source)


def test_the_last_correction_counts_and_twice_is_as_once() -> None:
    chain = {JANUARY: Link("a" * 64, (SIGNED,))}
    once = adjusted(chain, [correction("4.00", "missed"), correction("0.00")])
    assert carried_by_month(once)[JANUARY] == (Carried("4.2", "met", D(0)),)
    assert once[JANUARY].carried == (SIGNED,)
    assert adjusted(once, [correction("0.00")]) == once
    assert adjusted(once, [correction("16.20", "missed")]) == chain


def test_history_without_adjustments_keeps_its_bytes(tmp_path: Path) -> None:
    chain = {JANUARY: Link("a" * 64, (SIGNED,))}
    assert chain_bytes(chain).decode() == (
        '{"2026-01":{"carried":[{"clause":"4.2","credit":"16.20","outcome":"missed"}],"statement":"' + "a" * 64 + '"}}'
    )
    since = adjusted(chain, [correction("0.00")])
    (tmp_path / "history.json").write_bytes(chain_bytes(since))
    assert read_chain(tmp_path / "history.json") == since


@pytest.mark.parametrize("credit", ["-1.00", "NaN", "much"])
def test_what_is_carried_is_an_amount(tmp_path: Path, credit: str) -> None:
    path = tmp_path / "adjustments.json"
    path.write_bytes(canonical_json({"adjustments": [correction(credit).as_json()]}))
    with pytest.raises(BadBundleFile):
        read_adjustments(path)


def test_a_history_that_leaves_out_what_adjustments_say_is_found(
    generated: Floor, agreement_file: Path, tmp_path: Path
) -> None:
    settle_month(generated, agreement_file, JANUARY, tmp_path / "january")
    [first, *_] = json.loads((tmp_path / "january/statement.json").read_bytes())["carried"]
    told = replace(correction("0.00"), source={"carried": [{**first, "outcome": "other"}]})
    out, bundle = tmp_path / "february", tmp_path / "february" / "bundle"
    settle_month(generated, agreement_file, FEBRUARY, out, previous=tmp_path / "january", adjustments=[told])
    assert verify(bundle).differences == []
    history = json.loads((bundle / "history.json").read_bytes())
    assert [one["outcome"] for one in history["2026-01"].pop("since")] == ["other"]
    manifest = json.loads((bundle / "manifest.json").read_bytes())
    (bundle / "history.json").write_bytes(canonical_json(history))
    manifest["files"]["history.json"] = sha256(canonical_json(history)).hexdigest()
    (bundle / "manifest.json").write_bytes(canonical_json(manifest))
    assert "history.json" in {one.file for one in verify(bundle).differences}
