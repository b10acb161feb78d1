"""``onefloor guard`` and ``onefloor raters`` on a small generated floor."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from onefloor.cli import main
from onefloor.cli.insight.answering import estimate_words
from onefloor.demo.filling import fill
from onefloor.demo.truth import TRUTH
from onefloor.demo.year import Plan
from onefloor.floor import create_floor, open_floor
from onefloor.insight.cells import cells
from onefloor.insight.finding import Estimate, Finding, Verdict
from onefloor.language import Text
from onefloor.metrics.prepare import prepare

PLAN = Plan(seed=3, contacts=400_000, months=2, staff=200)


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> str:
    root = tmp_path_factory.mktemp("guards") / "floor"
    fill(create_floor(root, timezone="Asia/Shanghai"), PLAN)
    return str(root)


def findings(floor: str, capsys: pytest.CaptureFixture[str], command: str, *asked: str) -> list[dict[str, object]]:
    assert main([command, floor, *asked, "--no-picture", "--json"]) == 0
    told: list[dict[str, object]] = json.loads(capsys.readouterr().out)["findings"]
    return told


def test_the_guard_answers_a_whole_floor(floor: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = findings(floor, capsys, "guard", "--kpi", "service_level>=50", "--paid-from", "60")
    about = [one["about"]["en"] for one in told]  # type: ignore[index]
    assert about[:2] == ["selling against quality", "who sells more and serves worse"]
    assert about.count("green contract, worse service") == 3
    assert [name for name in about if name.endswith("the paid limit")] == [
        f"{company.name}: the paid limit" for company in sorted(TRUTH.companies, key=lambda one: one.name)
    ]
    honest = [one["verdict"] for one in told if "paid limit" in one["about"]["en"]]  # type: ignore[index]
    assert set(honest) <= {"nothing_seen", "cannot_tell"}


def test_harbor_sells_more_as_is_true(floor: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = findings(floor, capsys, "guard", "--company", "harbor")
    (harbor,) = [one for one in told if one["about"]["en"] == "Harbor: selling and quality"]  # type: ignore[index]
    assert harbor["details"]["selling"]["estimate"]["low"] > 0  # type: ignore[index]


def test_one_company_hears_of_its_own_people_only(floor: str, capsys: pytest.CaptureFixture[str]) -> None:
    held = cells(prepare(open_floor(Path(floor))), "aht", ("agent", "company"))
    own = {held.key(place)[0] for place in range(len(held)) if held.key(place)[1] == "North"}
    told = findings(floor, capsys, "guard", "--company", "North", "--margin-selling", "0", "--margin-quality", "0")
    whole = findings(floor, capsys, "guard")
    names = [one["name"] for finding in told for one in finding["details"].get("flagged", [])]  # type: ignore[attr-defined]
    assert set(names) <= own
    assert not any("Harbor" in str(finding) or "Own:" in str(finding) for finding in told)
    for mine, all_of_them in zip(told[:2], whole[:2], strict=True):
        assert 0 < mine["agents"] <= len(own) < all_of_them["agents"]  # type: ignore[operator]
    (mine,), (everybody,) = ([one for one in of if one["about"]["en"] == "transfers"] for of in (told, whole))  # type: ignore[index]
    assert 0 < mine["agents"] <= len(own) < everybody["agents"]  # type: ignore[operator]


NOVEMBER, EXAMPLES = "from: 2026-11-01", Path(__file__).parents[3] / "examples/agreements"


def agreement_of_january(folder: Path, more: str = "") -> str:
    """North's agreement, in force when the floor begins."""
    text = (EXAMPLES / "asterisk-north.yaml").read_text(encoding="utf-8")
    path = folder / "north.yaml"
    path.write_text(f"{text.replace(NOVEMBER, 'from: 2026-01-01')}\n{more}\n", encoding="utf-8")
    return str(path)


def test_all_that_one_company_is_told_rests_on_its_own_rows(
    floor: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every finding the command has, whoever is named and whatever is refused; one of the questions is asked."""
    also = ["--agreement", agreement_of_january(tmp_path), "--kpi", "service_level>=50", "--paid-from", "60"]
    told = findings(floor, capsys, "guard", "--company", "north", *also, "--contest-end", "2026-01-31")
    about = [one["about"]["en"] for one in told]  # type: ignore[index]
    assert about.count("green contract, worse service") == 2
    assert {"North: the paid limit", "North: sales pulled forward", "contacts passed on between North and others"} <= {
        *about
    }
    for finding in told:
        assert finding["rows"]
        for one in finding["rows"]:  # type: ignore[attr-defined]
            assert one["where"]["company"] == ["North"], finding["about"]
    asked = ["rows", floor, "transfers", "--where", "company=North", "--months", "2026-01..2026-02", "--limit", "1"]
    assert main(asked) == 0


def test_an_agreement_of_another_company_is_refused(
    floor: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["guard", floor, "--agreement", agreement_of_january(tmp_path), "--no-picture"]
    for language, said in {
        "en": [
            "is of North, and --company is Harbor, Own.",
            "Give an agreement of Harbor, Own, or add --company North.",
        ],
        "zh": [
            "的公司是“North”，而 --company 是“Harbor、Own”。",
            "请给出“Harbor、Own”的协议，或加上 --company North。",
        ],
    }.items():
        assert main([*asked, "--company", "harbor", "--company", "Own", "--lang", language]) == 3
        printed = capsys.readouterr()
        assert not printed.out
        for part in said:
            assert part in printed.err


def test_how_large_the_others_are_is_not_told(floor: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The comparison and what is passed on rest on all; the sizes told to one company are its own."""
    told, whole = (
        {one["about"]["en"]: one for one in findings(floor, capsys, "guard", *more)}  # type: ignore[index]
        for more in (["--company", "North"], [])
    )
    mine, everybody = (of["North: selling and quality"] for of in (told, whole))
    for figure in ("selling", "quality"):
        own, both = (of["details"][figure] for of in (mine, everybody))  # type: ignore[index]
        assert own["agents"] == both["agents"][1:]
        assert 0 < own["rows"] < both["rows"]
        assert own["estimate"] == both["estimate"]
    assert 0 < mine["contacts"] < everybody["contacts"]  # type: ignore[operator]
    passed = told["contacts passed on between North and others"]
    assert 0 < passed["agents"] <= told["transfers"]["agents"] + 5  # type: ignore[operator]
    there, back = passed["details"]["ways"]  # type: ignore[index]
    assert there["handled"] == passed["contacts"]
    assert (back["from"], back["handled"], back["observed"], back["expected"]) == ("others", None, None, None)


def test_days_and_windows_that_do_not_count_are_left_out(
    floor: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One finding of each kind rests on fewer rows: a pair, a screen, the companies, and what they pass on."""
    days = [f"--without=2026-01-{day:02d}" for day in range(1, 15)]
    window = "from: 2026-01-05, to: 2026-01-20, reason: waiver, text: Drill"
    both = ", ".join(f"{{party: {party}, person: X, date: 2026-01-01}}" for party in ("client", "company"))
    agreement = agreement_of_january(tmp_path, f"exclusions: [{{id: E, {window}, approvals: [{both}]}}]")
    whole, less, drill = (
        {one["about"]["en"]: one["contacts"] for one in findings(floor, capsys, "guard", *more)}  # type: ignore[index]
        for more in ([], days, ["--agreement", agreement])
    )
    pair = next(name for name in whole if name.startswith("contacts passed on between") and "North" in name)
    for about in ("selling against quality", "transfers", "few invitations to surveys", pair):
        assert 0 < less[about] < whole[about]  # type: ignore[operator]
        assert 0 < drill[about] < whole[about]  # type: ignore[operator]


def test_the_raters_biases_are_found(floor: str, capsys: pytest.CaptureFixture[str]) -> None:
    severity = findings(floor, capsys, "raters")[1]
    mean = sum(TRUTH.rater_bias) / len(TRUTH.rater_bias)
    for one, true in zip(severity["details"]["raters"], TRUTH.rater_bias, strict=True):  # type: ignore[index]
        error = (one["high"] - one["low"]) / 2 / 1.96
        assert abs(one["value"] - (true - mean)) < 4 * error


@pytest.mark.parametrize("language", ["zh", "en"])
def test_people_read_it_and_it_is_drawn(
    floor: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    asked = ["guard", floor, "--company", "North", "--picture", str(tmp_path / "guard"), "--lang", language]
    assert main(asked) == 0
    assert {"zh": "转接过多", "en": "Transfers"}[language] in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["guard.png", "guard.svg"]


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        (["--quality", "aht"], 3, "is no share of counted rows"),
        (["--kpi", "service_level=80"], 3, "is not a figure and its target"),
        (["--contest-end", "tomorrow"], 2, "is no date"),
        (["--without", "singles day"], 2, "is no date"),
        (["--company", "Nobody"], 3, 'no company "Nobody"'),
        (["--agreement", "nowhere.yaml"], 3, "was not found"),
        (["--from", "2030-01"], 2, "has contacts from 2026-01 to 2026-02 only"),
        (["--paid-from", "nan"], 2, "nan is not a finite number"),
        (["--paid-from", "inf"], 2, "inf is not a finite number"),
        (["--margin-selling", "nan"], 2, "nan is not a finite number"),
        (["--margin-quality", "nan"], 2, "nan is not a finite number"),
    ],
)
def test_bad_input_is_a_problem_and_no_fault(
    floor: str, asked: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["guard", floor, *asked, "--no-picture", "--lang", "en"]) == code
    assert said in capsys.readouterr().err


def test_no_interval_is_said_to_be_certain() -> None:
    title = Text("转接", "transfers")
    held = Finding(title, Verdict.NOTHING_SEEN, title, Estimate(2.0, 1.0, 3.0, 0.9997))
    assert "99.9% interval" in estimate_words(held).en
