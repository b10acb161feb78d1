"""``onefloor split``: a split file, needs, agreements; both languages, one company's own view, what is refused."""

import csv
import json
from pathlib import Path

import pytest
from hand_made import at, load

from onefloor.cli import main
from onefloor.floor import create_floor, open_floor
from onefloor.planning.splitting.reading import read_needs
from onefloor.problems import Problems

SPLIT = """
split: small
handling: 300
companies:
  - {id: Own, price: 80}
  - {id: Harbor, agreement: harbor.yaml, skills: [tax], seats: 2, hours: "09:00-12:00"}
"""
HARBOR = """
agreement: h
title: {zh: 协议, en: Agreement}
client: Own
company: Harbor
timezone: Asia/Shanghai
currency: CNY
from: 2026-01-01
price:
  - {id: "1", kind: contact, title: {zh: 费, en: Fee}, text: {zh: 费, en: Fee}, rate: 5.00}
"""
NEEDS = "interval,skill,agents\n" + "".join(
    f"2026-12-01 {hour:02d}:{minute:02d},{skill},{agents}\n"
    for hour in (8, 9, 10) for minute in (0, 30) for skill, agents in (("tax", 3), ("water", 1))
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create_floor(tmp_path / "floor", timezone="Asia/Shanghai")
    for name, text in (("split.yaml", SPLIT), ("harbor.yaml", HARBOR), ("needs.csv", NEEDS)):
        (tmp_path / name).write_text(text)
    return tmp_path


def asked(folder: Path, *more: str) -> list[str]:
    return ["split", str(folder / "floor"), str(folder / "split.yaml"), "--needs", str(folder / "needs.csv"), *more]


def test_hours_are_split_and_what_binds_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(asked(folder, "--picture", str(folder / "seen"), "--out", str(folder / "out.csv"))) == 0
    # Harbor is paid 5.00 a contact of 300 s at 85 %: 51.00 an hour, for two seats in four half hours: 4 of 12 hours.
    assert capsys.readouterr().out == (
        "12.0 hours by 2 companies cost 844.0.\n"
        "Own: 8.0 hours (66.7%), cost 640.0.\n"
        "Harbor: 4.0 hours (33.3%), cost 204.0.\n"
        "The seats of Harbor bind in 4 intervals: one more saves 14.5 each.\n"
    )
    with (folder / "out.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert sum(float(row["agents"]) / 2 for row in rows if row["company"] == "Harbor") == 4.0
    assert sorted(path.name for path in folder.glob("seen*")) == ["seen.png", "seen.svg"]
    assert main(["--lang", "zh", *asked(folder, "--no-picture", "--whole")]) == 0
    assert "Harbor：4.0 小时（33.3%），费用 204.0。" in capsys.readouterr().out


def test_a_companys_own_view_has_nothing_of_the_others(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = asked(folder, "--company", "Harbor", "--out", str(folder / "own.csv"), "--picture", str(folder / "seen"))
    assert main([*given, "--json"]) == 0
    said = capsys.readouterr().out
    told = json.loads(said)
    assert set(told) == {"companies", "binding", "from", "minutes", "files"}
    assert (told["companies"]["Harbor"]["hours"], told["companies"]["Harbor"]["cost"]) == (4.0, 204.0)
    # No price of a limit (it is what an hour of the others costs more), no share of the whole.
    assert told["binding"] == [{"kind": "seats", "company": "Harbor", "intervals": 4}]
    assert "share" not in told["companies"]["Harbor"]
    assert [Path(one).name for one in told["files"]] == ["own.csv", "seen.svg", "seen.png"]
    # The same bytes as where nobody else is.
    assert (folder / "seen.svg").read_bytes() == alone(folder).read_bytes()
    capsys.readouterr()
    assert main(given) == 0
    plain = capsys.readouterr().out
    assert plain == "Harbor: 4.0 hours, cost 204.0.\nThe seats of Harbor bind in 4 intervals.\n"
    shown = said.replace(str(folder), "") + plain + (folder / "own.csv").read_text()
    assert not any(word in shown for word in ("Own", "water", "640", "844", "14.5", "80"))


def alone(folder: Path) -> Path:
    """The picture of a floor on which nobody else is: the same needs as Harbor has been given, and Harbor."""
    with (folder / "own.csv").open() as file:
        worked = list(csv.DictReader(file))
    assert {row["company"] for row in worked} == {"Harbor"}
    had = {(row["interval"], row["skill"]): row["agents"] for row in worked}
    lines = [line.split(",") for line in NEEDS.splitlines()[1:]]
    (folder / "its.csv").write_text("interval,skill,agents\n" + "".join(
        f"{at},{skill},{had.get((at, skill), 0)}\n" for at, skill, _ in lines
    ))  # fmt: skip
    (folder / "its.yaml").write_text(SPLIT.replace("  - {id: Own, price: 80}\n", "").replace(", skills: [tax]", ""))
    assert main(["split", str(folder / "floor"), str(folder / "its.yaml"), "--needs", str(folder / "its.csv"),
                 "--company", "Harbor", "--picture", str(folder / "its")]) == 0  # fmt: skip
    return folder / "its.svg"


@pytest.mark.parametrize(
    ("file", "before", "after", "said"),
    [
        ("split.yaml", "price: 80", "seats: 80", '"Own" has neither a price nor an agreement.'),
        ("split.yaml", "handling: 300\n", "", "To make hours of an agreement takes a handling time."),
        ("split.yaml", "[tax]", "[gas]", "gas"),
        ("split.yaml", "harbor.yaml", "port.yaml", "port.yaml"),
        ("split.yaml", "price: 80", "price: lots", "lots"),
        ("split.yaml", "id: Harbor", "id: Own", "Companies need names of their own, and one at least."),
        ("split.yaml", "price: 80", "price: 80, skills: [water], most_hours: 1", "No split keeps all limits."),
        ("needs.csv", "2026-12-01 08:30,tax,3", "2026-12-01 08:30,tax,many", '"many" in column agents is not known.'),
        ("needs.csv", "2026-12-01 08:30,tax,3", "2026-12-01 08:45,tax,3\n2026-12-01 08:50,tax,3",
         "The needs have intervals of several lengths."),
        ("needs.csv", "2026-12-01 08:30,tax,3", "0001-01-01 00:00+14:00,tax,3", "Write 2026-12-01 08:30."),
        ("needs.csv", "2026-12-01 08:30,tax,3", "1026-01-01 00:00,tax,3", "Write 2026-12-01 08:30."),
        ("needs.csv", "2026-12-01 08:30,tax,3", "1980-01-01 00:00,tax,3", "The needs are of more than a year."),
        ("needs.csv", NEEDS.split("\n", 1)[1], "2026-12-01 08:00,tax,2\n2026-12-01 12:00,tax,2",
         "how long a line lasts is not said"),
        ("needs.csv", "2026-12-01 08:30,tax,3", "2027-01-01 08:30,tax,3", "The needs lie in several months"),
        ("needs.csv", NEEDS.split("\n", 1)[1], "", "There are no needs."),
        ("harbor.yaml", "rate: 5.00", "rate: 5.00, scope: {queue: [gas, water]}",
         'The agreement of "Harbor" has no price by the hour, the FTE-month, the minute or the contact.'),
        ("harbor.yaml", "rate: 5.00", "rate: 5.00, scope: {topic: fees}",
         'Part 1 of the agreement of "Harbor" is paid for some contacts only, by topic'),
        ("harbor.yaml", "from: 2026-01-01", "from: 2027-01-01", "has no terms in force"),
    ],
)  # fmt: skip
def test_what_cannot_be_split_is_refused_with_its_place(
    folder: Path, capsys: pytest.CaptureFixture[str], file: str, before: str, after: str, said: str
) -> None:
    path = folder / file
    assert before in path.read_text()
    path.write_text(path.read_text().replace(before, after))
    assert main(asked(folder, "--no-picture")) == 3
    assert said in capsys.readouterr().err


def test_work_of_a_queue_that_the_agreement_has_no_price_of_is_not_had_for_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    harbor, file = folder / "harbor.yaml", folder / "split.yaml"
    harbor.write_text(harbor.read_text().replace("rate: 5.00", "rate: 5.00, scope: {queue: tax}"))
    file.write_text(SPLIT.replace("skills: [tax], ", ""))
    assert main(asked(folder, "--no-picture")) == 3
    said = capsys.readouterr().err
    assert 'The agreement of "Harbor" has no price of "water".' in said
    assert "Write skills: [tax], or give a price of an hour." in said
    file.write_text(SPLIT)
    assert main(asked(folder, "--no-picture")) == 0
    assert "cost 204.0" in capsys.readouterr().out


def test_an_impossible_split_tells_a_company_its_own_limits_alone(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "split.yaml").write_text(
        "split: small\ncompanies:\n"
        "  - {id: Own, price: 80, seats: 2, skills: [tax], least_share: 90%}\n"
        "  - {id: Harbor, price: 71, seats: 1}\n"
    )
    assert main(asked(folder, "--no-picture")) == 3
    assert "seats of Own" in capsys.readouterr().err
    for language in ("en", "zh"):
        for more in ((), ("--json",)):
            assert main(["--lang", language, *asked(folder, "--company", "Harbor", *more)]) == 3
            told = "".join(capsys.readouterr()).replace(str(folder), "")
            assert "No split keeps" in told or "没有任何分配" in told
            assert not any(word in told for word in ("Own", "tax", "water"))


def test_a_committed_volume_that_the_file_does_not_hold_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    band = 'forecast: {id: "2", title: {zh: 量, en: V}, text: {zh: 量, en: V}, band: 10%, rate: 5.00}\n'
    (folder / "harbor.yaml").write_text(HARBOR + band)
    assert main(asked(folder, "--no-picture", "--company", "Harbor")) == 0
    assert "Neither its file nor the floor has that of these days: it is not counted." in capsys.readouterr().out
    assert main(asked(folder, "--no-picture", "--json")) == 0
    assert json.loads(capsys.readouterr().out)["companies"]["Harbor"]["committed_volume"] == "unknown"
    (folder / "split.yaml").write_text(SPLIT.replace("seats: 2", "seats: 2, paid_at_least: 0"))
    assert main(asked(folder, "--no-picture")) == 0
    assert "not counted" not in capsys.readouterr().out


def test_the_locked_forecast_of_the_floor_is_committed_volume(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = 'id: "2", title: {zh: 量, en: V}, text: {zh: 量, en: V}'
    band = f"forecast: {{{said}, band: 10%, rate: 5.00, scope: {{queue: tax}}}}\n"
    (folder / "harbor.yaml").write_text(HARBOR + band)
    held = open_floor(folder / "floor")
    load(held, forecasts=[
        {"started_ms": at(held, f"2026-12-{day:02d} 09:00"), "company": "Harbor", "queue": "tax", "contacts": count}
        for day, count in ((1, 100), (2, 300))
    ])  # fmt: skip
    assert main(asked(folder, "--no-picture")) == 0
    # 90 of 100 contacts of 300 s at 85 %: 8.82 hours, of which Harbor's two seats work 4; each costs 51.00.
    assert capsys.readouterr().out == (
        "12.0 hours by 2 companies cost 1,090.\n"
        "Own: 8.0 hours (66.7%), cost 640.0.\n"
        "Harbor: 4.0 hours (33.3%), cost 450.0.\n"
        "Besides, 4.8 hours are paid and not worked.\n"
        "The seats of Harbor bind in 4 intervals: one more saves 40.0 each.\n"
        "The committed hours of Harbor bind: one more costs 51.0.\n"
    )


def test_an_interval_that_is_written_twice_is_refused(folder: Path) -> None:
    """As the plan reads the same table."""
    path = folder / "needs.csv"
    path.write_text("interval,skill,agents,minutes\n2026-12-01 08:00,tax,2.5,30\n2026-12-01 08:00,tax,2,30\n")
    with pytest.raises(Problems, match="is written twice, first in line 2"):
        read_needs(path, "Asia/Shanghai")


def test_a_company_that_is_not_there_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(asked(folder, "--company", "Nobody")) == 3
    assert 'no company "Nobody"' in capsys.readouterr().err
