"""What is said of raters: every verdict has data that brings it, and every sentence is true of its numbers."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefloor.cli import main
from onefloor.insight.finding import Estimate, Verdict
from onefloor.insight.rating import sentences as say
from onefloor.insight.rating.judging import Asked, NobodysRaters, rated
from onefloor.insight.rating.marks import Floats, Marks

SIX = ("O1", "O2", "O3", "N1", "N2", "N3")
HOMES = ("Own", "Own", "Own", "North", "North", "North")


def scores(seed: int, bias: Floats, contacts: int, error: float = 3.0, per: int = 2, pairs: str = "any") -> Marks:
    """Scores of contacts by six raters; ``pairs``: "any", "between" or "within" companies."""
    rng = np.random.default_rng(seed)
    contact = np.repeat(np.arange(contacts), per)
    who = []
    for place in range(contacts):
        side = 3 * (place % 2)
        drawn = {
            "any": rng.choice(6, per, replace=False),
            "between": np.array([rng.integers(0, 3), rng.integers(3, 6)]),
            "within": side + rng.choice(3, 2, replace=False),
        }[pairs]
        who.append(drawn[:per])
    rater = np.concatenate(who)
    value = 80 + rng.normal(0, 6, contacts)[contact] + bias[rater] + rng.normal(0, error, len(rater))
    return Marks(contact, rater, value, tuple(map(str, range(contacts))), SIX, HOMES, passed=False)


def verdicts(marks: Marks, **asked: float) -> list[Verdict]:
    held = Asked(own="Own", draws=200, **asked)
    return [one.verdict for one in rated(marks, np.random.default_rng(1), held).findings]


EVEN = np.zeros(6)
NORTH_STRICT = np.array([0.0, 0.0, 0.0, -5.0, -5.0, -5.0])
LOOK, CANNOT, NONE, SEEN = Verdict.WORTH_A_LOOK, Verdict.CANNOT_TELL, Verdict.NO_DIFFERENCE, Verdict.NOTHING_SEEN


@pytest.mark.parametrize(
    ("marks", "asked", "expected"),
    [
        (scores(1, EVEN, 3000, 2.0), {}, [SEEN, NONE, NONE]),
        (scores(2, NORTH_STRICT, 400, 6.0), {}, [LOOK, LOOK, LOOK]),
        (scores(3, EVEN, 400, 12.0), {"margin": 0.5}, [LOOK, CANNOT, CANNOT]),
        (scores(4, EVEN, 90, 4.0), {"margin": 0.2}, [CANNOT, CANNOT, CANNOT]),
        (scores(5, EVEN, 40, 2.0), {"margin": 9.0}, [CANNOT, CANNOT, CANNOT]),
        (scores(6, NORTH_STRICT, 400, 2.0, pairs="within"), {}, [SEEN, LOOK, Verdict.NOT_COMPARABLE]),
        (scores(7, NORTH_STRICT, 4000, 2.0, per=1), {}, [CANNOT, LOOK, Verdict.NOT_COMPARABLE]),
    ],
    ids=["even", "strict", "noise", "few", "too few", "within companies", "marked once"],
)
def test_each_verdict_has_its_data(marks: Marks, asked: dict[str, float], expected: list[Verdict]) -> None:
    assert verdicts(marks, **asked) == expected


def test_what_rests_on_the_lot_says_so() -> None:
    told = [
        rated(marks, np.random.default_rng(1), Asked(draws=10)).findings[1].assumptions
        for marks in (scores(2, EVEN, 60), scores(2, EVEN, 60, pairs="within"), scores(2, EVEN, 60, per=1))
    ]
    assert told == [(say.BLIND, say.NORMAL), (say.BLIND, say.NORMAL, say.GROUPS_BY_LOT), (say.BY_LOT,)]


def test_a_verdict_that_cannot_be_told_says_why() -> None:
    found = rated(scores(5, EVEN, 40), np.random.default_rng(1), Asked(own="Own")).findings
    assert [one.reasons[0].en for one in found] == [
        "contacts marked by two raters: 40, and it takes 50: have more marked twice, unseen",
        "contacts marked: 40, and it takes 50",
        f"contacts marked by two raters: {found[2].contacts}, and it takes 50: have more marked twice, unseen",
    ]
    assert [one.estimate for one in found] == [None, None, None]


def test_a_company_that_nobody_is_of_is_refused() -> None:
    with pytest.raises(NobodysRaters, match="The raters' companies are: North, Own"):
        rated(scores(1, EVEN, 60), np.random.default_rng(1), Asked(own="South"))


def passes(share: float, error: float) -> Marks:
    rng = np.random.default_rng(3)
    truth = rng.random(600) < share
    seen = np.where(rng.random((600, 2)) < error, ~truth[:, None], truth[:, None]).astype(float)
    contact, rater = (grid.ravel() for grid in np.indices(seen.shape))
    return Marks(contact, rater, seen.ravel(), tuple(map(str, range(600))), ("A", "B"), (None, None), passed=True)


def test_where_nearly_all_pass_ac1_decides() -> None:
    """The prevalence paradox: alpha calls raters who agree on 96 of 100 contacts unreliable."""
    agreement = rated(passes(0.98, 0.02), np.random.default_rng(1), Asked(draws=200)).findings[0]
    assert agreement.verdict is Verdict.NOTHING_SEEN
    assert agreement.reasons == (say.RARE,)
    assert agreement.details["alpha"]["high"] < 2 / 3 < agreement.details["ac1"]["low"]
    even = rated(passes(0.5, 0.2), np.random.default_rng(1), Asked(draws=200)).findings[0]
    assert (even.verdict, even.reasons) == (Verdict.WORTH_A_LOOK, ())


def test_raters_who_all_pass_everything_are_told_nothing() -> None:
    """Two raters who never fail anything: alpha does not exist."""
    agreement = rated(passes(1.0, 0.0), np.random.default_rng(1), Asked(draws=50)).findings[0]
    assert agreement.verdict is Verdict.CANNOT_TELL


@pytest.mark.parametrize("seed", range(12))
def test_even_raters_are_rarely_flagged(seed: int) -> None:
    """One list of six even raters in twenty may have a false alarm: none of these twelve has."""
    assert verdicts(scores(100 + seed, EVEN, 200), margin=0.01)[1] is not Verdict.WORTH_A_LOOK


NUMBER = re.compile(r"-?\d+\.\d")
ends = st.tuples(st.floats(-30, 30), st.floats(0.05, 4)).map(lambda p: Estimate(p[0], p[0] - p[1], p[0] + p[1]))


@given(ends.filter(lambda one: one.low > 0.05 or one.high < -0.05))
def test_what_is_said_of_a_rater_is_true_of_its_numbers(found: Estimate) -> None:
    said = say.one_rater("QA", found, say.POINTS)
    strict = found.value < 0
    assert ("stricter" in said.en, "偏严" in said.zh) == (strict, strict)
    assert ("milder" in said.en, "偏松" in said.zh) == (not strict, not strict)
    expected = [f"{abs(found.value):.1f}", *sorted((f"{abs(found.low):.1f}", f"{abs(found.high):.1f}"), key=float)]
    assert NUMBER.findall(said.en) == NUMBER.findall(said.zh) == expected
    company = say.company_sentence(Verdict.WORTH_A_LOOK, "North", "Own", found, 1.0, say.POINTS)
    assert ("stricter" in company.en, "偏严" in company.zh) == (strict, strict)
    assert NUMBER.findall(company.zh) == expected


@given(st.integers(1, 5000), st.floats(0, 1), st.floats(0.02, 0.98))
def test_what_is_said_of_a_month_is_true_of_its_numbers(rows: int, share: float, target: float) -> None:
    from onefloor.insight.rating.month import judged_month

    passed = round(rows * share)
    found = judged_month(np.array([passed]), np.array([rows]), target)
    fined = found.verdict is Verdict.PENALTY
    assert fined == (found.details["bound"] < target)
    assert ("应罚" in found.sentence.zh, "不罚" in found.sentence.zh) == (fined, not fined)
    assert found.sentence.en.endswith(": penalty." if fined else ": no penalty.")
    assert found.estimate is not None
    assert fined == (found.estimate.high < target * 100)


@pytest.mark.parametrize("verdict", [SEEN, LOOK, CANNOT])
def test_agreement_is_worded_in_both_languages(verdict: Verdict) -> None:
    said = say.agreement_sentence(verdict, 0.87, Estimate(0.61, 0.48, 0.72), None)
    assert said.en.startswith("Raters agree on 87% of pairs of marks (alpha 0.61, 0.48 to 0.72): ")
    assert said.zh.startswith("质检员两两一致的占 87%（alpha 0.61，0.48 至 0.72）：")


def file(tmp_path: Path, marks: Marks) -> Path:
    rows = [
        f"c{contact},{marks.raters[rater]},{marks.companies[rater]},{value:.1f}"
        for contact, rater, value in zip(marks.contact, marks.rater, marks.value, strict=True)
    ]
    path = tmp_path / "evaluations.csv"
    path.write_text("contact,rater,company,score\n" + "\n".join(rows), encoding="utf-8")
    return path


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_command_answers_people_and_draws(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    path = file(tmp_path, scores(2, NORTH_STRICT, 200))
    picture = tmp_path / "raters"
    assert main(["raters", str(path), "--own", "Own", "--picture", str(picture), "--lang", language]) == 0
    shown = capsys.readouterr().out
    assert ("偏严" if language == "zh" else "stricter") in shown
    assert {one.suffix for one in tmp_path.iterdir()} == {".csv", ".svg", ".png"}


def test_the_command_answers_scripts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = file(tmp_path, scores(2, NORTH_STRICT, 200, 6.0))
    assert main(["raters", str(path), "--own", "Own", "--no-picture", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["verdict"] for one in told["findings"]] == ["worth_a_look"] * 3
    assert told["findings"][0]["details"]["lines"]["marks"] == 400


def test_the_plan_answers_people_and_scripts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["penalty-plan", "--target", "0.76", "--sample", "150", "--passed", "112"]
    assert main([*asked, "--picture", str(tmp_path / "plan"), "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    assert "it in 46 of 100" not in shown
    assert "brings a penalty in 46 of 100 months and the bound in 4" in shown
    assert main([*asked, "--no-picture", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["verdict"] for one in told["findings"]] == ["no_penalty"]
    assert [one["rows_needed"] for one in told["rates"]] == [356, 768, 2957, 11571, None, None]


@pytest.mark.parametrize(
    "asked",
    [
        ["penalty-plan", "--target", "76", "--sample", "150", "--no-picture"],
        ["penalty-plan", "--target", "0.76", "--sample", "0", "--no-picture"],
        ["penalty-plan", "--target", "0.76", "--sample", "10", "--passed", "11", "--no-picture"],
        ["raters", "nowhere.csv", "--no-picture"],
    ],
)
def test_bad_input_is_a_problem_and_no_fault(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*asked, "--lang", "en"]) == 3
    assert "remedy" in capsys.readouterr().err


BY_RATER = "rater,passed,rows\nQA1,30,50\nQA2,39,50\nQA3,34,50\n"


def test_a_month_by_rater_is_judged_with_raters_as_the_sample(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """103 of 150: the plain bound fines it, that of three raters who differ does not."""
    file = tmp_path / "month.csv"
    file.write_text(BY_RATER, encoding="utf-8")
    told = []
    for asked in (["--sample", "150", "--passed", "103"], ["--passed-by", str(file)]):
        assert main(["penalty-plan", "--target", "0.76", *asked, "--no-picture", "--json"]) == 0
        told.append(json.loads(capsys.readouterr().out)["findings"][0])
    assert [one["verdict"] for one in told] == ["penalty", "no_penalty"]
    assert [one["contacts"] for one in told] == [150, 150]
    assert (told[1]["agents"], told[1]["sampled"]["en"]) == (3, "raters")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rater,passed\nQA1,3\n", "Missing: rows."),
        ("rater,passed,rows\n", "no raters"),
        ("质检员,合格,抽检\nQA1,5,4\n", '"QA1,5,4" is not how many passed of how many'),
        ("rater,passed,rows\nQA1,nan,4\n", '"QA1,nan,4" is not'),
        ("rater,passed,rows\nQA1,-1,4\n", '"QA1,-1,4" is not'),
        ("rater,passed,rows\nQA1,1,4\nQA1,2,4\n", 'Rater "QA1" has several lines'),
        ("rater,passed,rows\n,1,4\n", '",1,4" is not'),
    ],
)
def test_a_month_by_rater_that_cannot_be_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    file = tmp_path / "month.csv"
    file.write_text(text, encoding="utf-8")
    asked = ["penalty-plan", "--target", "0.76", "--passed-by", str(file), "--no-picture", "--lang", "en"]
    assert main(asked) == 3
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "asked",
    [
        ["--target", "0.76"],
        ["--target", "0.76", "--sample", "9", "--passed-by", "x.csv"],
        ["--target", "0.76", "--sample", "150", "--rater-sd", "5"],
        ["--target", "0.76", "--sample", "150", "--rater-sd", "nan"],
        ["--target", "0.76", "--sample", "150", "--level", "nan"],
    ],
)
def test_a_plan_that_is_none_is_told(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["penalty-plan", *asked, "--no-picture", "--lang", "en"]) == 2
    assert capsys.readouterr().err


def test_the_help_names_the_marks_that_are_taken(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["raters", "--help", "--lang", "en"]) == 0
    assert "score or passed" in " ".join(capsys.readouterr().out.split())


def test_the_plan_says_how_many_raters_it_takes_and_the_true_rate_behind_raters_who_err(
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = ["penalty-plan", "--target", "0.76", "--sample", "600", "--passed", "474", "--checked", "38/40,17/20"]
    assert main([*asked, "--no-picture", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["raters_needed"] == 7
    assert told["corrected"]["value"] == pytest.approx(0.8)
    assert told["corrected"]["low"] < 0.76 < told["corrected"]["high"]
    assert main([*asked, "--no-picture", "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    assert "To penalise 68.0% four times in five, 600 contacts a month take 7 raters or more." in shown
    assert "With what raters err by their check taken out, the true rate is about 80.0% (" in shown


def test_no_number_of_raters_makes_up_for_few_contacts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["penalty-plan", "--target", "0.76", "--sample", "60", "--no-picture", "--lang", "en"]) == 0
    assert "no number of raters penalises 68.0% four times in five" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("check", "code", "said"),
    [
        ("38,17", 3, "is no check of raters"),
        ("41/40,17/20", 3, "is no check of raters"),
        ("0/0,17/20", 3, "is no check of raters"),
        ("10/40,5/20", 3, "no better than a coin"),
    ],
)
def test_a_check_that_is_none_is_told(capsys: pytest.CaptureFixture[str], check: str, code: int, said: str) -> None:
    asked = ["penalty-plan", "--target", "0.76", "--sample", "150", "--passed", "112", "--checked", check]
    assert main([*asked, "--no-picture", "--lang", "en"]) == code
    assert said in capsys.readouterr().err


def test_a_check_without_a_month_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["penalty-plan", "--target", "0.76", "--sample", "150", "--checked", "38/40,17/20"]
    assert main([*asked, "--no-picture", "--lang", "en"]) == 2
    assert "--checked goes with --passed" in capsys.readouterr().err
