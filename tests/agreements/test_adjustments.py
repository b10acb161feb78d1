"""What is booked beside a statement: in the bundle, signed with it, and checked down to what it rests on."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from generated_floor import FEBRUARY
from sample_statement import statement

from agreements import worked
from onefloor.agreements import adjustments as booking
from onefloor.agreements.adjustments import ADJUSTMENTS, Adjustment, BadAdjustment, payable, read_adjustments
from onefloor.agreements.history import BadBundleFile
from onefloor.agreements.reading_statements import scope_from, statement_from
from onefloor.agreements.rendering.html import statement_html
from onefloor.agreements.settling import settle_month
from onefloor.agreements.statement import Statement, canonical_json
from onefloor.agreements.verify import sign_bundle, verify
from onefloor.cli import main
from onefloor.floor import Floor
from onefloor.language import Text
from onefloor.periods import Month

D = Decimal
SAMPLE = statement()
JANUARY = Month(2026, 1)
WHY = Text("迟到的数据。", "Facts that came late.")
CORRECTED = Adjustment(
    "correction", JANUARY, 2, "4.2", "a" * 64, D("-312.00"), D("0.00"), D("-312.00"), WHY, {"facts": "418"}
)
NOTE = Adjustment("credit_note", FEBRUARY, 1, "3.1", "b" * 64, D("20.00"), None, None, WHY, {"ruling": "7"})


@pytest.fixture(scope="module")
def out(generated: Floor, agreement_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("adjusted") / "out"
    settle_month(generated, agreement_file, FEBRUARY, folder, adjustments=[CORRECTED, NOTE])
    return folder


@pytest.fixture
def bundle(out: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(out / "bundle", tmp_path / "bundle"))


def test_what_is_payable_is_the_net_and_everything_booked_beside_it(out: Path, settled: Path):
    told = json.loads((out / "bundle" / ADJUSTMENTS).read_bytes())
    net = D(json.loads((settled / "statement.json").read_bytes())["totals"][-1][1])
    assert (D(told["net"]), D(told["payable"])) == (net, net - D("292.00"))
    assert read_adjustments(out / "bundle" / ADJUSTMENTS) == (CORRECTED, NOTE)


def test_the_statement_and_its_rows_stay_as_they_are_without_adjustments(out: Path, settled: Path):
    beside = {"manifest.json", ADJUSTMENTS}
    kept = {p.relative_to(settled / "bundle"): p.read_bytes() for p in (settled / "bundle").rglob("*") if p.is_file()}
    found = {p.relative_to(out / "bundle"): p.read_bytes() for p in (out / "bundle").rglob("*") if p.is_file()}
    assert {k: v for k, v in found.items() if k.name not in beside} == {
        k: v for k, v in kept.items() if k.name not in beside
    }
    assert ADJUSTMENTS not in {path.name for path in kept}


def test_a_bundle_with_adjustments_verifies_and_says_so(bundle: Path, keys: Path):
    sign_bundle(bundle, keys / "client.key")
    found = verify(bundle, [keys / "client.pub"])
    assert found.differences == []
    assert any(step.en.startswith("Checked 2 adjustments: ") for step in found.steps)
    payload = json.loads((bundle / "statement.dsse.json").read_bytes())["payload"]
    assert "payable" in json.loads(base64.b64decode(payload))["predicate"]


def forged(bundle: Path, change: Callable[[dict[str, Any]], None], head: dict[str, Any] | None = None) -> list[str]:
    """Change the file, write its new digest into the manifest, and verify: what is found."""
    told = json.loads((bundle / ADJUSTMENTS).read_bytes())
    change(told)
    (bundle / ADJUSTMENTS).write_bytes(canonical_json(told))
    manifest = json.loads((bundle / "manifest.json").read_bytes()) | (head or {})
    manifest["files"][ADJUSTMENTS] = sha256(canonical_json(told)).hexdigest()
    (bundle / "manifest.json").write_bytes(canonical_json(manifest))
    return [difference.text.en for difference in verify(bundle).differences]


def test_an_amount_that_was_changed_no_longer_adds_up(bundle: Path):
    found = forged(bundle, lambda told: told["adjustments"][1].update(amount="2000.00"))
    assert [text.startswith("adjustments.json: The net and its adjustments come to ") for text in found] == [True]


def test_a_correction_is_after_less_before(bundle: Path):
    found = forged(bundle, lambda told: told["adjustments"][0].update(after="-300.00"))
    assert found == [
        "adjustments.json: Adjustment 1 cannot be booked. Its amount is not what is after less what was before."
    ]


def test_what_an_adjustment_rests_on_is_that_of_its_digest(bundle: Path):
    found = forged(bundle, lambda told: told["adjustments"][0].update(source={"facts": "419"}))
    assert found == ["adjustments.json: Adjustment 1 cannot be booked. Its source is not that of its digest."]


def test_the_manifest_says_what_is_payable(bundle: Path):
    found = forged(bundle, lambda told: None, {"payable": "1.00"})
    assert [text.startswith("manifest.json payable: ") for text in found] == [True]


def test_a_correction_of_a_month_that_has_not_been_is_found(bundle: Path):
    found = forged(bundle, lambda told: told["adjustments"][0].update(month="2026-03"))
    assert found == [
        "adjustments.json: Adjustment 1 cannot be booked. A line of 2026-03 cannot be adjusted in 2026-02."
    ]


def test_a_file_that_nobody_signed_is_a_stranger(bundle: Path, settled: Path):
    assert verify(bundle).differences == []
    manifest = json.loads((bundle / "manifest.json").read_bytes())
    del manifest["files"][ADJUSTMENTS], manifest["payable"]
    (bundle / "manifest.json").write_bytes(canonical_json(manifest))
    assert [difference.file for difference in verify(bundle).differences] == [ADJUSTMENTS]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"amount": D("0.00"), "after": D("0.00")}, "Its amount is zero."),
        ({"kind": "gift"}, '"gift" is no kind of adjustment.'),
        ({"month": FEBRUARY}, "A line of 2026-02 cannot be adjusted in 2026-02."),
        ({"before": None}, "Its amount is not what is after less what was before."),
    ],
)
def test_what_cannot_be_booked_is_said(changed: dict[str, Any], why: str):
    february = replace(SAMPLE, month="2026-02")
    with pytest.raises(BadAdjustment) as caught:
        booking.adjustments_bytes(february, [replace(CORRECTED, **changed)])
    assert caught.value.why is not None
    assert caught.value.why.en == why


@pytest.mark.parametrize("text", ["[]", "{}", '{"adjustments": 3}', '{"adjustments": [{"kind": "correction"}]}'])
def test_a_file_of_another_form_is_refused(tmp_path: Path, text: str):
    path = tmp_path / "adjustments.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadBundleFile):
        read_adjustments(path)


def test_the_command_line_books_the_adjustments_of_a_file(
    generated: Floor, agreement_file: Path, out: Path, tmp_path: Path
):
    made = tmp_path / "made"
    booked = out / "bundle" / ADJUSTMENTS
    asked = ["settle", str(generated.root), str(agreement_file), "--month", "2026-02", "--out", str(made)]
    assert main([*asked, "--adjustments", str(booked)]) == 0
    for name in ("statement.json", "statement.xlsx", f"bundle/{ADJUSTMENTS}", "bundle/manifest.json"):
        assert (made / name).read_bytes() == (out / name).read_bytes()


def test_every_form_shows_them_with_what_is_payable(out: Path):
    page = (out / "statement.html").read_text(encoding="utf-8")
    assert "Correction: 2026-01, line 2" in page
    assert "更正：2026-01 第 2 行" in page
    assert "冲减与更正" not in statement_html(SAMPLE)


def test_a_statement_is_read_back_from_its_json():
    assert statement_from(json.loads(SAMPLE.to_bytes())) == SAMPLE


def test_a_settled_statement_is_read_back_byte_for_byte(settled: Path):
    kept = (settled / "statement.json").read_bytes()
    assert statement_from(json.loads(kept)).to_bytes() == kept


@pytest.mark.parametrize("path", sorted(worked.FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_worked_statement_is_read_back(path: Path):
    example = worked.read(path)
    agreement = worked.agreement_of(example["terms"])
    made: list[Statement] = [
        worked.settled(agreement, example["figures"], Month.parse(month)) for month in example["expect"]
    ]
    assert [statement_from(json.loads(one.to_bytes())) for one in made] == made
    assert all(payable(one, []) == one.net for one in made)


@pytest.mark.parametrize("text", ["company", "a b", "company == ", "f()", "company == name"])
def test_what_is_no_scope_is_refused(text: str):
    with pytest.raises(ValueError, match=r"\w"):
        scope_from(text)
