"""A double-blind plan: every two raters share alike many contacts, and nothing tells them which these are."""

from __future__ import annotations

import csv
import json
from collections import Counter
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from onefloor.cli import main
from onefloor.insight.rating.dealing import NoDesign, dealt

CONTACTS = [f"20261001-{number:03d}" for number in range(60)]
RATERS = ["QA1", "QA2", "QA3", "QA4"]


def pairs(tasks: tuple[tuple[str, int, str], ...]) -> Counter[tuple[str, ...]]:
    items = {item for _, _, item in tasks}
    mine = {item: sorted(name for name, _, one in tasks if one == item) for item in items}
    return Counter(pair for names in mine.values() for pair in combinations(names, 2))


@pytest.mark.parametrize(("marks", "shared"), [(2, 10), (3, 30)])
def test_every_two_raters_share_as_many_contacts(marks: int, shared: int) -> None:
    found = dealt(np.random.default_rng(1), CONTACTS, RATERS, marks)
    assert set(pairs(found.tasks).values()) == {shared}
    assert Counter(name for name, _, _ in found.tasks) == dict.fromkeys(RATERS, 60 * marks // 4)


def test_items_say_nothing_of_contacts_and_the_key_does() -> None:
    found = dealt(np.random.default_rng(1), CONTACTS, RATERS)
    assert sorted(contact for _, contact in found.key) == CONTACTS
    assert [item for item, _ in found.key] == [f"item-{number:02d}" for number in range(1, 61)]
    assert [contact for _, contact in found.key] != CONTACTS
    orders = {name: [item for one, _, item in found.tasks if one == name] for name in RATERS}
    assert all(order != sorted(order) for order in orders.values())
    assert [place for name, place, _ in found.tasks if name == "QA1"] == list(range(1, 31))


def test_the_same_seed_deals_the_same() -> None:
    one, other, third = (dealt(np.random.default_rng(seed), CONTACTS, RATERS) for seed in (3, 3, 4))
    assert one == other != third


@pytest.mark.parametrize(
    ("contacts", "raters", "marks", "said"),
    [
        (CONTACTS, ["QA1"], 2, "two raters or more"),
        (CONTACTS, ["QA1", "QA1"], 2, "two raters or more"),
        ([], RATERS, 2, "empty"),
        (["a", "a"], RATERS, 2, "names one twice"),
        (CONTACTS, RATERS, 5, "With 4 raters no contact is marked 5 times"),
        (CONTACTS, [f"QA{number}" for number in range(60)], 20, "With 60 raters"),
    ],
)
def test_what_cannot_be_dealt_is_refused(contacts: list[str], raters: list[str], marks: int, said: str) -> None:
    with pytest.raises(NoDesign, match=said):
        dealt(np.random.default_rng(1), contacts, raters, marks)


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "recordings.csv"
    path.write_text("录音编号,坐席\n" + "".join(f"{one},Wang\n" for one in CONTACTS), encoding="utf-8")
    return path


def test_the_command_writes_tasks_without_contacts_and_a_key_apart(
    listed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["raters", str(listed), "--plan", str(tmp_path / "october.csv"), "--names", "QA1, QA2,QA3", "--seed", "7"]
    assert main([*asked, "--lang", "en"]) == 0
    assert capsys.readouterr().out == (
        "60 contacts are marked by 2 of 3 raters each, who do not know of each other. Agreement is known to within 5 "
        "points with about 174 contacts, each rater's severity to within 1 point with about 129.\n"
    )
    tasks = (tmp_path / "october.csv").read_text("utf-8-sig")
    assert "20261001" not in tasks
    assert "Wang" not in tasks
    with (tmp_path / "october-key.csv").open(encoding="utf-8-sig") as file:
        assert sorted(row["contact"] for row in csv.DictReader(file)) == CONTACTS
    assert main([*asked, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["tasks"], told["seed"], told["key"]) == (120, 7, str(tmp_path / "october-key.csv"))


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [([], 2, "Name the raters"), (["--names", "QA1,QA2", "--times", "3"], 3, "no contact is marked 3 times")],
)
def test_a_plan_that_cannot_be_made_is_told(
    listed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], code: int, said: str
) -> None:
    assert main(["raters", str(listed), "--plan", str(tmp_path / "x.csv"), *more, "--lang", "en"]) == code
    assert said in capsys.readouterr().err


def test_a_list_without_contacts_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "list.csv"
    path.write_text("agent\nWang\n", encoding="utf-8")
    assert main(["raters", str(path), "--plan", str(tmp_path / "x.csv"), "--names", "A,B", "--lang", "en"]) == 3
    assert "Missing: contact" in capsys.readouterr().err
