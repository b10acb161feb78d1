"""What a bundle holds, what it never holds, and that equal facts make equal bytes."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from generated_floor import EVERY_TABLE, FEBRUARY, PLAN, new_floor

from onefloor.agreements.bundle import question_text
from onefloor.agreements.settlement import questions
from onefloor.agreements.settling import (
    AlreadySigned,
    NoFacts,
    OtherZone,
    OutputInUse,
    settle_month,
)
from onefloor.agreements.shared_rows import (
    OF_ALL,
    ForeignScope,
    OtherQueues,
    customers_of,
    decoded,
    refuse_foreign,
    shared_rows,
)
from onefloor.agreements.terms.agreement import read_agreement
from onefloor.agreements.verify import sign_bundle, verify
from onefloor.demo.year import year
from onefloor.facts.store import Account, loading, scan, writing
from onefloor.findings import Question, Scope
from onefloor.floor import Floor
from onefloor.metrics.engines import DuckDB, Polars
from onefloor.metrics.prepare import prepare
from onefloor.metrics.prepared import UnknownName
from onefloor.metrics.questions import answer
from onefloor.metrics.tables import MEASURING
from onefloor.periods import Month
from onefloor.problems import Problems

PERSONAL = ["agent", "employment", "site", "team", "tenure"]


def contents(out: Path) -> dict[str, bytes]:
    """Every file below a folder by its relative name, the manifest without the engine's name."""
    found = {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    manifest = json.loads(found["bundle/manifest.json"])
    del manifest["engine"]
    return {**found, "bundle/manifest.json": json.dumps(manifest).encode()}


def every_row(bundle: Path) -> dict[str, pl.DataFrame]:
    return {path.stem: pl.read_parquet(path) for path in sorted((bundle / "rows").glob("*.parquet"))}


@pytest.fixture(scope="module")
def others(generated: Floor) -> set[str]:
    """The agents of all companies but North, as the roster has them."""
    roster = scan(generated, "roster").collect()
    north = set(roster.filter(pl.col("company") == "North")["agent"])
    return set(roster.filter(pl.col("company") != "North")["agent"]) - north


def test_no_column_of_any_file_holds_another_companys_agent(settled, others):
    assert len(others) > 5
    tables = every_row(settled / "bundle")
    texts = [
        series for rows in tables.values() for series in rows.select(pl.col(pl.String)) if series.name != "question"
    ]
    assert {value for series in texts for value in series.unique()} & others == set()
    assert {company for rows in tables.values() for company in rows["company"].unique()} <= {"North", ""}


def test_no_text_file_beside_the_statement_names_another_company_or_its_agents(settled, others):
    for path in settled.rglob("*"):
        if path.suffix in (".json", ".html", ".yaml"):
            text = path.read_text(encoding="utf-8")
            assert [agent for agent in others if f">{agent}<" in text or f'"{agent}"' in text] == []
            assert "Harbor" not in text


def test_no_row_of_another_company_is_there(generated, settled):
    prepared = prepare(generated)
    foreign = [prepared.names.id("company", name) for name in ("Own", "Harbor")]
    for name, rows in every_row(settled / "bundle").items():
        files = prepared.paths(name.rsplit("-", 2)[0])
        theirs = pl.scan_parquet(files).filter(pl.col("company").is_in(foreign)).select("row_id").collect()
        assert theirs.height > 0 or name.startswith("forecasts")
        assert set(rows["row_id"]) & set(theirs["row_id"]) == set()


def test_nobodys_rows_carry_no_person(settled):
    found = 0
    for rows in every_row(settled / "bundle").values():
        nobodys = rows.filter(pl.col("company") == "")
        found += nobodys.height
        assert {value for name in PERSONAL for value in nobodys[name]} <= {""}
    assert found > 0


def test_a_forecast_of_a_whole_queue_does_not_say_what_came():
    zeros = {field.name: [0, 0] for field in MEASURING["forecasts"]}
    rows = pl.DataFrame({**zeros, "company": [0, 1], "actual": [900, 80], "missed_by": [7, 3], "forecast": [893, 77],
                         "within_tenth": [True, True]})  # fmt: skip
    shown = decoded(rows.lazy(), "forecasts", {"company": {1: "North"}}, OF_ALL)
    assert shown.select("company", "forecast", "actual", "missed_by", "within_tenth").rows() == [
        ("", 893, 0, 0, False),
        ("North", 77, 80, 3, True),
    ]


def test_a_bundle_says_what_came_to_whole_queues_only_if_a_question_asks(generated):
    prepared, scope = prepare(generated), Scope("North", unassigned=True)
    came = {
        name: shared_rows(prepared, "forecasts", FEBRUARY, [Question(name, scope, FEBRUARY, FEBRUARY)], "North")
        for name in ("forecast_contacts", "forecast_wape")
    }
    nobodys = {name: rows.filter(pl.col("company") == "") for name, rows in came.items()}
    assert nobodys["forecast_contacts"].height == nobodys["forecast_wape"].height > 0
    assert set(nobodys["forecast_contacts"]["actual"]) == {0} != set(nobodys["forecast_wape"]["actual"])


def test_two_companies_cannot_find_their_common_customers():
    rows = pl.DataFrame({"customer": [11, 0, 11, 12]})
    north, harbor = (customers_of(rows, name)["customer"].to_list() for name in ("North", "Harbor"))
    assert north[0] == north[2] != north[3]
    assert (north[1], harbor[1]) == (0, 0)
    assert {*north} & {*harbor, 11, 12} == {0}


def test_a_bundle_holds_no_hash_of_the_facts(generated, settled):
    ours = pl.read_parquet(settled / "bundle" / "rows" / "contacts-2026-02.parquet")
    facts = pl.scan_parquet(prepare(generated).paths("contacts")).select("customer").collect()["customer"]
    assert ours.filter(pl.col("customer") != 0).height > 100
    assert set(ours["customer"]) & set(facts) <= {0}


def test_a_question_beyond_the_company_is_refused():
    everyone = Question("asa", Scope(), FEBRUARY, FEBRUARY)
    with pytest.raises(ForeignScope):
        refuse_foreign([everyone], "North")
    with pytest.raises(ForeignScope):
        refuse_foreign([Question("asa", Scope("Harbor"), FEBRUARY, FEBRUARY)], "North")


def test_whatever_a_question_asks_no_row_of_another_company_is_shared(generated):
    prepared, asked = prepare(generated), [Question("service_level", Scope(), FEBRUARY, FEBRUARY)]
    companies = pl.scan_parquet(prepared.paths("legs", [FEBRUARY])).select(pl.col("company").n_unique()).collect()
    assert companies.item() == 4  # three companies and nobody
    shown = shared_rows(prepared, "legs", FEBRUARY, asked, "North")
    assert set(shown["company"]) == {"North", ""}


def test_the_atoms_are_the_answers_to_exactly_the_agreements_questions(generated, settled, agreement_file):
    asked = questions(read_agreement(agreement_file), FEBRUARY, {})
    answers = answer(prepare(generated), asked)
    expected = sorted(
        (question_text(question), figure.numerator, figure.denominator) for question, figure in answers.items()
    )
    atoms = pl.read_parquet(settled / "bundle" / "atoms.parquet")
    assert atoms.select("question", "numerator", "denominator").rows() == expected


def test_the_manifest_has_the_digest_of_every_file(settled):
    bundle = settled / "bundle"
    manifest = json.loads((bundle / "manifest.json").read_bytes())
    for name, digest in manifest["files"].items():
        assert sha256((bundle / name).read_bytes()).hexdigest() == digest
    for name, content in manifest["rows"].items():
        assert sha256((bundle / "rows" / f"{name}.parquet").read_bytes()).hexdigest() == content["sha256"]
        assert pl.read_parquet(bundle / "rows" / f"{name}.parquet").height == content["rows"]
    assert (manifest["company"], manifest["month"], manifest["previous_statement"]) == ("North", "2026-02", "")


def test_a_columns_digest_is_that_of_its_little_endian_integers(settled):
    bundle = settled / "bundle"
    manifest = json.loads((bundle / "manifest.json").read_bytes())
    waits = pl.read_parquet(bundle / "rows" / "legs-2026-02.parquet")["wait_ms"].fill_null(-(2**63))
    digest = sha256(waits.to_numpy().astype("<i8").tobytes()).hexdigest()
    assert manifest["rows"]["legs-2026-02"]["columns"]["wait_ms"] == digest


@pytest.mark.parametrize("engine", [DuckDB({"threads": 1}), DuckDB({"threads": 2}), Polars()], ids=["1", "2", "polars"])
def test_any_engine_and_number_of_threads_gives_the_same_bytes(generated, agreement_file, settled, tmp_path, engine):
    settle_month(generated, agreement_file, FEBRUARY, tmp_path / "out", engine=engine)
    assert contents(tmp_path / "out") == contents(settled)


def test_any_order_and_split_of_loads_gives_the_same_bytes(agreement_file, settled, tmp_path):
    floor = new_floor(tmp_path / "floor")
    for month in reversed(list(year(PLAN))):
        for name, rows in reversed(month.tables.items()):
            halves = (rows.slice(rows.num_rows // 2), rows.slice(0, rows.num_rows // 2))
            for part, half in enumerate(halves):
                with writing(floor), loading(floor, f"{month.load}-{name}-{part}") as stage:
                    stage.add(name, half)
                    stage.count_content(half.column("digest").to_numpy().astype(np.int64))
                    stage.commit(Account("generated", lines=half.num_rows, loaded=half.num_rows), [month.file])
    settle_month(floor, agreement_file, FEBRUARY, tmp_path / "out")
    assert contents(tmp_path / "out") == contents(settled)


def test_the_statement_beside_the_bundle_is_the_one_in_it(settled):
    assert (settled / "statement.json").read_bytes() == (settled / "bundle" / "statement.json").read_bytes()


def test_a_following_month_points_to_the_one_before(generated, agreement_file, settled, tmp_path):
    """The month before is taken from its statement, so its rows need not be there again."""
    first, second = tmp_path / "first", tmp_path / "second"
    settle_month(generated, agreement_file, FEBRUARY.shifted(-1), first)
    settle_month(generated, agreement_file, FEBRUARY, second, previous=first)
    digest = sha256((first / "statement.json").read_bytes()).hexdigest()
    manifest = json.loads((second / "bundle" / "manifest.json").read_bytes())
    history = json.loads((second / "bundle" / "history.json").read_bytes())
    assert manifest["previous_statement"] == digest == history["2026-01"]["statement"]
    assert verify(second / "bundle").differences == []


def test_an_unsigned_result_is_replaced_and_a_signed_one_is_not(generated, agreement_file, settled, tmp_path, keys):
    out = Path(shutil.copytree(settled, tmp_path / "out"))
    settle_month(generated, agreement_file, FEBRUARY, out)
    assert contents(out) == contents(settled)
    sign_bundle(out / "bundle", keys / "client.key")
    with pytest.raises(AlreadySigned):
        settle_month(generated, agreement_file, FEBRUARY, out)


def test_a_folder_with_other_things_is_not_touched(generated, agreement_file, tmp_path):
    (tmp_path / "letter.txt").write_text("x", encoding="utf-8")
    with pytest.raises(OutputInUse):
        settle_month(generated, agreement_file, FEBRUARY, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_what_a_killed_run_left_is_cleared_away_or_put_back(generated, agreement_file, settled, tmp_path):
    out = tmp_path / "out"
    shutil.copytree(settled, tmp_path / ".out.old")
    (tmp_path / ".out.new" / "bundle").mkdir(parents=True)
    settle_month(generated, agreement_file, FEBRUARY, out)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]
    assert contents(out) == contents(settled)


def test_nobodys_rows_of_queues_the_company_does_not_work_in_are_refused(generated, tmp_path):
    path = tmp_path / "agreement.yaml"
    named = "unassigned: [billing, moving, outage, service]"
    path.write_text(EVERY_TABLE.replace(named, "unassigned: true"), encoding="utf-8")
    with pytest.raises(OtherQueues) as caught:
        settle_month(generated, path, FEBRUARY, tmp_path / "out")
    assert caught.value.what.en == "North does not work in these queues: english, plans."
    assert caught.value.remedy.en == "Write unassigned: [billing, outage, service]."


def test_nobodys_rows_are_those_of_the_named_queues(settled):
    rows = every_row(settled / "bundle")
    nobodys = rows["legs-2026-02"].filter(pl.col("company") == "")
    assert sorted(nobodys["queue"].unique()) == ["billing", "outage", "service"]
    assert rows["agent_time-2026-02"]["company"].unique().to_list() == ["North"]


def test_a_misspelt_queue_in_a_scope_is_named_with_its_line(generated, tmp_path):
    path = tmp_path / "agreement.yaml"
    text = EVERY_TABLE.replace("metric: ring_no_answer,", "metric: ring_no_answer, scope: {queue: [wter]},")
    text = text.replace("unassigned: [billing,", "unassigned: [biling,")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Problems) as caught:
        settle_month(generated, path, FEBRUARY, tmp_path / "out")
    lines = [text[: text.index(name)].count("\n") + 1 for name in ("biling", "wter")]
    assert [(found.where.line, found.what.en) for found in caught.value.problems] == [
        (lines[0], '"biling" is not known here.'),
        (lines[1], '"wter" is not known here.'),
    ]


@pytest.mark.parametrize(
    ("old", "new", "month", "problem"),
    [
        ("Asia/Shanghai", "Europe/Berlin", FEBRUARY, OtherZone),
        ("company: North", "company: Nord", FEBRUARY, UnknownName),
        ("rate: 6.00", "rate: 6.00", Month(2026, 7), NoFacts),
    ],
)
def test_what_cannot_be_settled_is_a_problem_and_writes_nothing(generated, tmp_path, old, new, month, problem):
    path = tmp_path / "agreement.yaml"
    path.write_text(EVERY_TABLE.replace(old, new), encoding="utf-8")
    with pytest.raises(problem):
        settle_month(generated, path, month, tmp_path / "out")
    assert not (tmp_path / "out").exists()
