"""``onefloor sourcing`` from file to finding, picture and tables; its page and schema are those of the code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from onefloor.cli import main
from onefloor.floor import Floor
from onefloor.insight.sourcing import picture
from onefloor.insight.sourcing.comparing import Decision
from onefloor.insight.sourcing.items import ASIDE, BASES, GROUPS, ITEMS, TAKEN_OFF
from onefloor.insight.sourcing.reading import read_sourcing
from onefloor.insight.sourcing.reference import reference_tables, schema_text, sourcing_schema
from onefloor.insight.sourcing.terms import Sourcing
from onefloor.insight.sourcing.work import QUANTITIES

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "examples" / "sourcing" / "sourcing.yaml"
SECTION7 = Path(__file__).with_name("section7.yaml")
Run = Callable[..., Decision]


@pytest.fixture(autouse=True)
def _in_a_new_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def answered(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> tuple[str, str]:
    capsys.readouterr()
    assert main(["sourcing", *arguments]) == code
    said = capsys.readouterr()
    return said.out, said.err


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answered(capsys, *arguments, "--json", "--draws", "500")[0])
    return found


def test_the_example_is_complete_within_the_law_and_gives_findings(capsys: pytest.CaptureFixture[str]) -> None:
    told = as_json(capsys, str(EXAMPLE), "--no-picture")
    verdicts = {one["about"]["en"]: one["verdict"] for one in told["findings"]}
    assert verdicts == {
        "Dispatched staff against Own staff": "cannot_tell",
        "North against Own staff": "cannot_tell",
        "Half own and half North against Own staff": "worse",
    }
    for one in told["findings"]:
        assert [limit for side in one["details"]["options"].values() for limit in side["limits"]] == []


def test_json_holds_the_figures_behind_the_finding(capsys: pytest.CaptureFixture[str]) -> None:
    told = as_json(capsys, str(SECTION7), "--no-picture", "--months", "12")
    assert (told["pictures"], len(told["findings"])) == ([], 1)
    details = told["findings"][0]["details"]
    own, north = details["options"]["own"], details["options"]["north"]
    assert (round(own["per_resolved"], 2), round(north["per_resolved"], 2)) == (13.49, 11.81)
    assert sum(own["items"].values()) == pytest.approx(own["per_resolved"], rel=1e-12)
    assert sum(own["behaviour"].values()) == pytest.approx(own["per_resolved"], rel=1e-12)
    assert (details["months"], details["draws"], details["payback_month"]) == (12, 500, 1)
    assert details["best_mix"] == {"shares": {"north": 1.0}, "per_resolved": north["per_resolved"]}
    assert {"input": "price.paid_hour.rate", "whose": "north", "dearer": "above"}.items() <= next(
        one.items() for one in details["break_even"] if one["input"] == "price.paid_hour.rate"
    )


def test_equal_seeds_print_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    first, again, other = (
        as_json(capsys, str(SECTION7), "--no-picture", "--seed", seed)["findings"][0]["estimate"] for seed in "112"
    )
    assert first == again
    assert first != other


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_person_sees_sentence_figures_and_tables(capsys: pytest.CaptureFixture[str], language: str) -> None:
    said, _ = answered(capsys, str(SECTION7), "--no-picture", "--draws", "500", "--lang", language)
    words = {
        "zh": (
            "无法判断北方与自有哪个更省",
            "北方：平均处理时长",
            "持平点",
            "单价（每计薪小时）",
            "最省的组合：北方 100%",
        ),
        "en": ("It cannot be told", "North: handling time", "same cost at", "price per paid hour", "division within"),
    }[language]
    assert [word for word in (*words, "13.49", "11.81", "62.72") if word not in said] == []


def test_one_option_can_be_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    told = as_json(capsys, str(EXAMPLE), "--no-picture", "--option", "half")
    assert [one["about"]["en"] for one in told["findings"]] == ["Half own and half North against Own staff"]
    _, err = answered(capsys, str(EXAMPLE), "--option", "own", code=2)
    assert 'There is no option "own" to compare with the reference.' in err
    assert "Use one of dispatched, north, half." in err


def test_a_bad_file_is_told_with_every_place(capsys: pytest.CaptureFixture[str]) -> None:
    text = SECTION7.read_text(encoding="utf-8").replace("again: 55%..65%..75%", "again: soon")
    Path("bad.yaml").write_text(text.replace("form: own", "form: owned"), encoding="utf-8")
    _, err = answered(capsys, "bad.yaml", code=3)
    assert [line.split()[-1] for line in err.splitlines() if "where:" in line] == ["bad.yaml:8:8", "bad.yaml:15:11"]
    assert answered(capsys, "none.yaml", code=3)[1].startswith('"none.yaml" was not found.')


def test_months_too_few_for_a_cost_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    _, err = answered(capsys, str(EXAMPLE), "--months", "1", code=3)
    assert "north: parallel_run falls in month 2, after month 1." in err
    assert "Ask for --months 2 or more." in err


def test_a_floor_takes_the_place_of_guesses(capsys: pytest.CaptureFixture[str], floor: Floor) -> None:
    where = ("--floor", str(floor.root), "--where", "queue=billing,outage,service")
    guessed = as_json(capsys, str(EXAMPLE), "--no-picture", "--option", "north")["findings"][0]
    found = as_json(capsys, str(EXAMPLE), "--no-picture", "--option", "north", *where)["findings"][0]
    assumed = [text["en"] for text in found["assumptions"]]
    taken = "North, differences from the reference on the same work: handling time "
    assert [text for text in assumed if text.startswith(taken) and "share of contacts without a repeat" in text] != []
    assert {(one["metric"], one["where"]["company"][0]) for one in found["rows"]} >= {
        ("aht", "Own"), ("aht", "North"), ("fcr:within=7d", "North"), ("occupancy", "Own"), ("attrition", "North"),
    }  # fmt: skip
    assert all(("queue" in one["where"]) == (one["metric"] in ("aht", "fcr:within=7d")) for one in found["rows"])
    assert found["details"]["options"]["own"]["per_resolved"] != guessed["details"]["options"]["own"]["per_resolved"]


def test_a_company_the_floor_does_not_have_is_told(capsys: pytest.CaptureFixture[str], floor: Floor) -> None:
    text = EXAMPLE.read_text(encoding="utf-8").replace("company: North", "company: Nroth")
    Path("wrong.yaml").write_text(text, encoding="utf-8")
    _, err = answered(capsys, "wrong.yaml", "--floor", str(floor.root), code=3)
    assert 'There is no company "Nroth" on this floor.' in err


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_picture_is_drawn_twice_with_equal_bytes(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, language: str
) -> None:
    pytest.importorskip("matplotlib")
    options = ("--draws", "500", "--lang", language, "--option", "north", "--months", "36")
    for name in ("one", "two"):
        answered(capsys, str(EXAMPLE), *options, "--picture", name)
    assert Path("one.png").read_bytes() == Path("two.png").read_bytes()
    assert Path("one.svg").read_bytes() == Path("two.svg").read_bytes()
    assert Path("one.png").read_bytes()[:4] == b"\x89PNG"


def test_where_nothing_can_be_compared_nothing_is_drawn(make: Callable[..., Sourcing], run: Run) -> None:
    costs = {"costs": [{"item": "audit", "per": "month", "amount": "1"}]}
    decision = run(make(costs, {}))
    assert picture.picture(decision, decision.compared[0]) is None


def test_the_reference_page_is_that_of_the_code() -> None:
    page = (ROOT / "docs/reference/sourcing.md").read_text(encoding="utf-8")
    assert page.endswith(reference_tables())


def test_the_schema_is_that_of_the_code_and_fits_the_examples() -> None:
    kept = ROOT / "src/onefloor/insight/sourcing/sourcing.schema.json"
    assert kept.read_text(encoding="utf-8") == schema_text()
    validator = jsonschema.Draft202012Validator(sourcing_schema())
    validator.check_schema(sourcing_schema())
    for file in (EXAMPLE, SECTION7):
        assert list(validator.iter_errors(YAML(typ="safe").load(file.read_text(encoding="utf-8")))) == []


def test_the_example_says_it_is_invented_and_uses_every_group_of_items() -> None:
    assert "INVENTED" in EXAMPLE.read_text(encoding="utf-8")
    held = {cost.item for option in read_sourcing(EXAMPLE).options for cost in option.costs}
    assert [name for name, group in GROUPS.items() if not held & set(group.items)] == []


def test_every_basis_has_a_quantity_and_every_item_its_own_name() -> None:
    assert set(BASES) - set(QUANTITIES) == {"wage", "price"}
    assert len(ITEMS) == sum(len(group.items) for group in GROUPS.values())
    assert {TAKEN_OFF, ASIDE} <= set(ITEMS)
    assert not set(GROUPS) & set(ITEMS)
