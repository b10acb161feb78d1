import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from onefloor.agreements.terms import read_agreement, read_amendment
from onefloor.demo import build
from onefloor.demo.examples import example
from onefloor.demo.floor import INCOMING, PBX_AGREEMENTS, YEAR_AGREEMENTS, pbx_floor, settled_month, web_floor
from onefloor.facts.remote import listed
from onefloor.facts.store import data_version, scan
from onefloor.floor import open_floor
from onefloor.metrics.prepare import prepare
from onefloor.problems import MissingFile

STATEMENTS = (*PBX_AGREEMENTS, *YEAR_AGREEMENTS)


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory):
    root = tmp_path_factory.mktemp("demo")
    steps = []
    made = build(root, contacts=60_000, language="en", progress=lambda done, total: steps.append((done, total)))
    return root, made, steps


def test_every_agreement_becomes_a_statement_in_every_format(demonstration):
    root, _made, _steps = demonstration
    for name in STATEMENTS:
        folder = root / "statements" / name
        assert {path.name for path in folder.iterdir()} == {
            "statement.json", "statement.html", "statement.xlsx", "statement.pdf", "rows", "bundle",
        }  # fmt: skip


def test_what_was_made_is_there_and_named_in_both_languages(demonstration):
    root, made, _steps = demonstration
    assert len(made) == 2 + len(STATEMENTS) + 2
    assert all(one.path.exists() and one.title.zh and one.title.en for one in made)
    assert [one.path for one in made[2:-2]] == [root / "statements" / name / "statement.html" for name in STATEMENTS]


def test_progress_runs_to_its_end(demonstration):
    _root, _made, steps = demonstration
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert steps[-1][0] == steps[-1][1]


def test_the_statements_show_many_clauses_at_work(demonstration):
    root, _made, _steps = demonstration
    kinds, outcomes = set(), set()
    for name in STATEMENTS:
        statement = json.loads((root / "statements" / name / "statement.json").read_text(encoding="utf-8"))
        kinds |= {line["kind"] for line in statement["lines"]}
        outcomes |= {line["outcome"] for line in statement["lines"]}
        assert sum(Decimal(line["amount"]) for line in statement["lines"]) == Decimal(dict(statement["totals"])["net"])
    assert kinds >= {"fee", "credit", "relief", "note"}
    assert outcomes >= {"met", "missed", "too_few", "information"}


def test_an_exclusion_counts_only_with_both_approvals(demonstration):
    root, _made, _steps = demonstration
    statement = json.loads((root / "statements" / "north" / "statement.json").read_text(encoding="utf-8"))
    applied = {out["name"]: out["applied"] for out in statement["left_out"]}
    assert (applied["E-1"], applied["E-2"]) == (True, False)


def test_the_truth_lies_beside_the_year(demonstration):
    root, _made, _steps = demonstration
    truth = json.loads((root / "year" / "truth.json").read_text(encoding="utf-8"))
    assert truth["repeat"] == 0.85


def test_the_pbx_floor_has_the_vendor_and_own_staff_of_the_run(demonstration):
    root, _made, _steps = demonstration
    before = data_version(pbx_floor(root / "pbx"))
    again = pbx_floor(root / "pbx")
    assert data_version(again) == before
    people = scan(again, "roster").collect().select("agent", "company").unique()
    assert dict(people.group_by("company").len().iter_rows()) == {"Own": 8, "North": 5}


def test_the_proposal_changes_the_agreement_with_north():
    agreement = read_agreement(example("agreements/north.yaml"))
    assert read_amendment(example("agreements/proposal.yaml"), agreement) != agreement


def test_a_missing_example_is_named():
    with pytest.raises(MissingFile):
        example("agreements/nowhere.yaml")


def test_the_floor_of_the_web_may_fetch_the_files_beside_it(tmp_path: Path) -> None:
    floor = web_floor(tmp_path)
    (place,) = floor.import_roots
    assert sorted(one.name for one in listed(floor, place)) == sorted(INCOMING)
    settings = (floor.root / "floor.toml").read_text(encoding="utf-8")
    assert web_floor(tmp_path).import_roots == (place,)
    assert (floor.root / "floor.toml").read_text(encoding="utf-8") == settings


def test_a_demonstration_of_a_day_settles_the_last_month_that_is_over_and_stays_of_that_day(tmp_path: Path) -> None:
    made = build(tmp_path, contacts=20_000, agents=24, until=date(2026, 4, 11))
    assert (tmp_path / "statements" / "north" / "statement.json").read_text(encoding="utf-8").count('"month":"2026-03"')
    build(tmp_path, contacts=20_000, agents=24, until=date(2026, 8, 1))  # asked again on a later day
    months = prepare(open_floor(tmp_path / "year")).months
    assert (str(months[-1]), len(made)) == ("2026-04", 9)


@pytest.mark.parametrize(
    ("until", "month"),
    [(None, "2026-11"), (date(2026, 4, 1), "2026-03"), (date(2026, 4, 30), "2026-03"), (date(2027, 5, 1), "2026-11")],
)
def test_what_is_settled_is_over(until: date | None, month: str) -> None:
    assert str(settled_month(until)) == month
