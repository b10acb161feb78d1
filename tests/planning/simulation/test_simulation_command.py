"""The model file, its reference page and schema, and the command."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from ruamel.yaml import YAML

from onefloor.cli import main
from onefloor.planning.simulation.laws import Law, constant, empirical, exponential, gamma, lognormal
from onefloor.planning.simulation.picture import _band, picture
from onefloor.planning.simulation.reading import parse_model, read_model
from onefloor.planning.simulation.reference import model_schema, reference_tables, schema_text
from onefloor.planning.simulation.simulating import Parameters, simulate
from onefloor.problems import Problem

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "examples" / "simulation" / "two-companies.yaml"
SMALL = """\
model: small
horizon: 2h
types:
  - {id: tech, arrivals: [20, 30, 40, 30], service: lognormal 300s cv 0.9, patience: exponential 120s}
groups:
  - {id: own, company: Own, types: [{type: tech}], staff: 6}
  - {id: north, company: North, types: [{type: tech}], staff: [3, 4, 4, 3]}
"""


def told(text: str) -> str:
    with pytest.raises(Problem) as problem:
        parse_model(text, "m.yaml")
    return problem.value.to("en")


@pytest.mark.parametrize(
    ("written", "law"),
    [
        ("30s", constant(30.0)),
        ("constant 2min", constant(120.0)),
        ("exponential 180s", exponential(180.0)),
        ("lognormal 5min cv 0.9", lognormal(300.0, 0.9)),
        ("gamma 300 cv 2", gamma(300.0, 2.0)),
        ("[10s, 20s, 1min]", empirical((10.0, 20.0, 60.0))),
    ],
)
def test_laws_are_written_in_one_line(written: str, law: Law) -> None:
    text = SMALL.replace("service: lognormal 300s cv 0.9", f"service: {written}")
    assert parse_model(text).types[0].service == law


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("lognormal 300s cv 0.9", "lognormal 300s", "m.yaml:4:53"),
        ("lognormal 300s cv 0.9", "weibull 300s", "Write exponential 180s"),
        ("lognormal 300s cv 0.9", "exponential 0s", "Write exponential 180s"),
        ("lognormal 300s cv 0.9", "lognormal 300s cv 99", "Write exponential 180s"),
        ("lognormal 300s cv 0.9", "[0s, 0s]", "needs a time above 0"),
        ("[20, 30, 40, 30]", "[20, 30]", "1 or 4 numbers belong here, there are 2"),
        ("[20, 30, 40, 30]", "[20, 30, 40, -3]", "Write a number, 0 or more"),
        ("[20, 30, 40, 30]", "1e30", "More than a billion"),
        ("staff: 6", "staff: 6.5", "Write a whole number"),
        ("staff: 6", "staff: []", "needs staff or agents"),
        ("staff: 6", "agents: [{id: a, breaks: 00:10-00:20}]", "has breaks and no shift"),
        ("staff: 6", "agents: [{id: a, shift: [00:00-01:00, 00:30-02:00]}]", "overlap"),
        ("staff: 6", "agents: [{id: a, shift: 02:00-01:00}]", "Over midnight"),
        ("staff: 6", "agents: [{id: a}, {id: a}]", "used twice"),
        ("types: [{type: tech}], staff: 6", "types: [{type: teck}], staff: 6", "Write tech"),
        ("horizon: 2h", "horizon: 100min", "no whole number of intervals"),
        ("horizon: 2h", "horizon: 2h\nzone: Atlantis", "Use an IANA name"),
        ("horizon: 2h", "horizon: 2h\nwarm_up: 2h", "fills the whole horizon"),
        ("horizon: 2h", "horizon: 2h\nbusyness: normal cv 1", "Write gamma cv 0.1"),
        ("horizon: 2h", "horizon: 2h\nhorizont: 3h", "Write horizon"),
        ("id: tech,", "id: tech, redial: {share: 100%, after: 1min},", "calls again, for ever"),
        ("id: tech,", "id: tech, repeat: {share: 100%, after: 1min},", "calls again, for ever"),
        ("id: tech,", "id: tech, repeat: {share: 10%, after: 0s},", "Nobody calls again at once"),
        ("id: tech,", "id: tech, never_waits: 130%,", "Write 0% to 100%"),
        ("id: tech,", "id: tech, shares: {Own: 50%, South: 50%},", "Write North"),
        ("id: tech,", "id: tech, shares: {Own: 50%, North: 40%},", "do not add up"),
        ("id: tech,", "id: tech, groups: [{group: owm}],", "Write own"),
        ("id: tech,", "id: tech, transfers: {tech: 5%},", "tech"),
        ("id: tech,", "id: tech, transfers: {teck: 5%},", "teck"),
        ("id: tech,", "id: tech, transfers: {tech: 60%, other: 50%},", "passed on, for ever"),
        ("id: north,", "id: own,", "used twice"),
    ],
)
def test_a_mistake_is_told_with_its_place(old: str, new: str, said: str) -> None:
    message = told(SMALL.replace(old, new))
    assert said in message
    assert message.startswith("m.yaml:")


def test_all_mistakes_are_told_at_once() -> None:
    text = SMALL.replace("lognormal 300s cv 0.9", "soon").replace("staff: 6", "staff: many")
    assert len(told(text).splitlines()) == 2


@pytest.mark.parametrize(
    "text", ["", "[]", "model: a", "model: a\ntypes: []\ngroups: []", "model: [", "\x00", "a: &b c"]
)
def test_what_is_no_model_is_refused(text: str) -> None:
    assert told(text)


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem):
        read_model(tmp_path / "none.yaml")
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00m")
    with pytest.raises(Problem):
        read_model(tmp_path / "bytes.yaml")


def test_the_reference_page_is_that_of_the_code() -> None:
    assert (ROOT / "docs/reference/model.md").read_text(encoding="utf-8").endswith(reference_tables())


def test_the_schema_is_that_of_the_code_and_fits_the_example() -> None:
    kept = ROOT / "src/onefloor/planning/simulation/model.schema.json"
    assert kept.read_text(encoding="utf-8") == schema_text()
    validator = jsonschema.Draft202012Validator(model_schema())
    validator.check_schema(model_schema())
    for text in (SMALL, EXAMPLE.read_text(encoding="utf-8")):
        assert list(validator.iter_errors(json.loads(json.dumps(YAML(typ="safe").load(text), default=str)))) == []


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return str(path)


def test_the_command_answers_scripts_with_one_document(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", file, "--replications", "20", "--by", "interval,group", "--no-picture", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [(line["by"], line["name"]) for line in answer["lines"]] == [
        ("all", "small"), ("interval", "00:00"), ("interval", "00:30"), ("interval", "01:00"), ("interval", "01:30"),
        ("group", "own"), ("group", "north"),
    ]  # fmt: skip
    assert answer["replications"] == 20


def test_equal_seeds_print_the_same(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    printed = []
    for threads in ("1", "2"):
        assert (
            main(["simulate", file, "--replications", "10", "--threads", threads, "--seed", "4", "--no-picture"]) == 0
        )
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]


def test_one_company_sees_nothing_of_another(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = Path(file).read_text(encoding="utf-8").replace("model: small", "model: small\nday: 2026-12-01")
    Path(file).write_text(text, encoding="utf-8")
    for more in ([], ["--json"], ["--lang", "zh"]):
        given = ["simulate", file, "--company", "north", "--replications", "5", "--legs", str(tmp_path / "legs"), *more]
        assert main(given) == 0
        shown = capsys.readouterr()
        assert "North" in shown.out
        assert "own" not in (shown.out + shown.err).casefold().replace("own_", "")
        assert "tech" not in shown.out
    stored = b"".join(path.read_bytes() for path in (tmp_path / "legs").iterdir())
    assert b"north-001" in stored
    assert b"own-001" not in stored


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (["--by", "agent"], 2), (["--replications", "0"], 2), (["--precision", "nan"], 2), (["--company", "South"], 3),
        (["--legs", "legs"], 3), (["--seed", "-1"], 2), (["--picture", "no/such/folder/p"], 3),
    ],
)  # fmt: skip
def test_bad_input_is_a_problem_and_no_fault(
    file: str, tmp_path: Path, given: list[str], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["simulate", file, "--replications", "2", *given]) == code


def test_pictures_are_drawn_in_both_languages_and_one_interval_has_none(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for language in ("zh", "en"):
        name = str(tmp_path / language)
        assert main(["simulate", file, "--replications", "5", "--picture", name, "--lang", language]) == 0
        assert Path(f"{name}.png").read_bytes()[:4] == b"\x89PNG"
    one = parse_model(SMALL.replace("horizon: 2h", "horizon: 2h\ninterval: 2h").replace("[20, 30, 40, 30]", "120")
                      .replace("[3, 4, 4, 3]", "3"))  # fmt: skip
    assert picture(simulate(one, Parameters(2))) is None


def test_one_replication_has_no_interval_and_nobody_at_work_no_level(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["simulate", file, "--replications", "1", "--no-picture", "--json"]) == 0
    whole = json.loads(capsys.readouterr().out)["lines"][0]
    assert whole["service_level"]["low"] is None
    text = SMALL.replace("[20, 30, 40, 30]", "0")
    Path(file).write_text(text, encoding="utf-8")
    assert main(["simulate", file, "--replications", "2", "--no-picture"]) == 0
    assert "no contact that counts; 0.0 contacts each, 0.0 of them left waiting" in capsys.readouterr().out


def test_who_waits_for_nobody_is_told(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        SMALL.replace("staff: 6", "staff: 0").replace("[3, 4, 4, 3]", "0").replace(", patience: exponential 120s", "")
    )
    Path(file).write_text(text, encoding="utf-8")
    assert main(["simulate", file, "--replications", "2", "--no-picture", "--lang", "en"]) == 0
    told = capsys.readouterr().out.splitlines()[0]
    came, left = (float(one) for one in re.findall(r"[0-9]+\.[0-9]", told))
    assert came == left > 60


def test_lines_that_companies_do_not_have_are_said_to_be_left_out(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["simulate", file, "--replications", "2", "--no-picture", "--lang", "en", "--company", "North"]
    for by, said in (("type,group", True), ("group", False)):
        assert main([*asked, "--by", by]) == 0
        printed = capsys.readouterr()
        assert ("of all companies together" in printed.out + printed.err) is said


def test_a_band_reaches_the_end_of_the_last_interval_that_has_one() -> None:
    from matplotlib.figure import Figure

    panel = Figure().subplots()
    _band(panel, np.arange(4.0), np.array([np.nan, 20.0, np.nan]), np.array([np.nan, 40.0, np.nan]))
    box = panel.collections[0].get_paths()[0].get_extents()
    assert (box.x0, box.x1, box.y0, box.y1) == (1.0, 2.0, 20.0, 40.0)
