"""A bundle that nobody touched verifies; whatever is changed in it is named."""

from __future__ import annotations

import json
import re
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from onefloor.agreements.bundle import ATOM_SCHEMA
from onefloor.agreements.differences import Difference
from onefloor.agreements.digests import chunks_of_file, digests
from onefloor.agreements.history import BadBundleFile
from onefloor.agreements.reading_bundles import NoBundle, UnknownFormat
from onefloor.agreements.shared_rows import schema_of
from onefloor.agreements.verify import Changed, sign_bundle, verify
from onefloor.metrics.tables import MEASURING


def rewrite(path: Path, rows: pl.DataFrame, schema=None) -> None:
    """Write a changed rows file as somebody with other tools would."""
    schema = schema or schema_of(path.name.rsplit("-", 2)[0])
    pq.write_table(rows.to_arrow().select(schema.names).cast(schema), path, compression="snappy")


def with_value(rows: pl.DataFrame, row: int, column: str, value: object) -> pl.DataFrame:
    """The rows with another value in one place; ``row`` is counted from 0."""
    here = pl.int_range(pl.len()) == row
    changed = pl.when(here).then(pl.lit(value, dtype=rows.schema[column])).otherwise(pl.col(column))
    return rows.with_columns(changed.alias(column))


def rows_differences(bundle: Path) -> list[Difference]:
    return [found for found in verify(bundle).differences if found.file.startswith("rows/") and found.row]


def february(bundle: Path, table: str) -> Path:
    return bundle / "rows" / f"{table}-2026-02.parquet"


def test_an_untouched_bundle_verifies_and_says_with_which_engine(bundle):
    result = verify(bundle)
    assert result.differences == []
    assert result.ok
    recomputed = [step.en for step in result.steps if step.en.startswith("Recomputed")]
    assert len(recomputed) == 1
    pattern = (
        rf"Recomputed \d+ figures from the rows with Polars {pl.__version__} \(first computed with duckdb [\d.]+\)."
    )
    assert re.fullmatch(pattern, recomputed[0])


def test_the_bundle_of_the_test_has_every_measuring_table(bundle):
    tables = {path.name.rsplit("-", 2)[0] for path in (bundle / "rows").glob("*-2026-02.parquet")}
    assert tables == set(MEASURING)
    assert all(pl.read_parquet(february(bundle, table)).height > 0 for table in MEASURING)


@pytest.mark.parametrize("table", sorted(MEASURING))
def test_one_changed_millisecond_is_named_with_file_row_and_column(bundle, table):
    path = february(bundle, table)
    rows = pl.read_parquet(path)
    row = rows.height * 2 // 3
    before = rows["start_ms"][row]
    rewrite(path, with_value(rows, row, "start_ms", before + 1))
    (found,) = rows_differences(bundle)
    assert (found.file, found.row, found.row_id, found.column, found.expected, found.found) == (
        f"rows/{table}-2026-02.parquet",
        row + 1,
        str(rows["row_id"][row]),
        "start_ms",
        str(before),
        str(before + 1),
    )


@pytest.mark.parametrize(
    ("table", "column", "value", "shown"),
    [
        ("legs", "agent", "20002", "20002"),
        ("legs", "answered", False, "false"),
        ("sales", "cancelled_after_ms", 7, "7"),
    ],
)
def test_a_changed_name_or_flag_or_missing_value_is_named(bundle, table, column, value, shown):
    path = february(bundle, table)
    rows = pl.read_parquet(path)
    wanted = pl.col(column).is_null() if table == "sales" else pl.col(column) != value
    row = rows.with_row_index().filter(wanted & (pl.col("company") != ""))["index"][0]
    before = rows[column][row]
    rewrite(path, with_value(rows, row, column, value))
    (found,) = rows_differences(bundle)
    assert (found.row, found.column, found.found) == (row + 1, column, shown)
    assert found.expected == {None: "null", True: "true"}.get(before, before)


def test_several_changed_values_in_one_row_are_each_named(bundle):
    path = february(bundle, "legs")
    rows = pl.read_parquet(path)
    changed = with_value(with_value(rows, 3, "wait_ms", 1), 3, "talk_ms", 2)
    rewrite(path, changed)
    assert [(found.row, found.column, found.found) for found in rows_differences(bundle)] == [
        (4, "wait_ms", "1"),
        (4, "talk_ms", "2"),
    ]


def test_two_rows_changed_close_to_each_other_are_both_named(bundle):
    path = february(bundle, "legs")
    rows = pl.read_parquet(path)
    rewrite(path, with_value(with_value(rows, 3, "wait_ms", 1), 5, "wait_ms", 1))
    assert [(found.row, found.column) for found in rows_differences(bundle)] == [(4, "wait_ms"), (6, "wait_ms")]


def test_a_deleted_row_is_named_with_what_it_held(bundle):
    path = february(bundle, "legs")
    rows = pl.read_parquet(path)
    gone = rows.row(10, named=True)
    rewrite(path, pl.concat([rows[:10], rows[11:]]))
    (found,) = rows_differences(bundle)
    assert (found.row, found.row_id, found.what.en) == (
        11,
        str(gone["row_id"]),
        "A row that the bundle records is missing here.",
    )
    assert f"start_ms={gone['start_ms']}" in found.expected
    assert f"queue={gone['queue']}" in found.expected


def test_an_added_row_is_named(bundle):
    path = february(bundle, "legs")
    rows = pl.read_parquet(path)
    new = rows[7:8].with_columns(pl.lit(12345, dtype=pl.Int64).alias("row_id"))
    rewrite(path, pl.concat([rows[:20], new, rows[20:]]))
    (found,) = rows_differences(bundle)
    assert (found.row, found.row_id, found.what.en) == (21, "12345", "The bundle records no such row.")


def test_a_doubled_row_is_named(bundle):
    path = february(bundle, "legs")
    rows = pl.read_parquet(path)
    rewrite(path, pl.concat([rows[:8], rows[7:8], rows[8:]]))
    (found,) = rows_differences(bundle)
    assert (found.row, found.row_id) == (9, str(rows["row_id"][7]))


def test_two_swapped_rows_are_named_with_their_places(bundle):
    path = february(bundle, "legs")
    rows = pl.read_parquet(path)
    order = list(range(rows.height))
    order[4], order[9] = 9, 4
    rewrite(path, rows[order])
    assert [(found.row, found.what.en) for found in rows_differences(bundle)] == [
        (5, "This row stands in another place than the bundle records. It was row 10."),
        (10, "This row stands in another place than the bundle records. It was row 5."),
    ]


def test_the_same_rows_written_by_another_writer_still_verify(bundle):
    path = february(bundle, "legs")
    before = path.read_bytes()
    rewrite(path, pl.read_parquet(path))
    assert path.read_bytes() != before
    assert verify(bundle).differences == []


def test_a_changed_amount_in_the_statement_is_named(bundle):
    path = bundle / "statement.json"
    statement = json.loads(path.read_bytes())
    before = statement["lines"][0]["amount"]
    statement["lines"][0]["amount"] = "1.00"
    path.write_text(json.dumps(statement, ensure_ascii=False, sort_keys=True, separators=(",", ":")), encoding="utf-8")
    named = [(d.column, d.expected, d.found) for d in verify(bundle).differences if d.column]
    assert named == [("lines[0].amount", before, "1.00")]


def test_a_changed_atom_is_named_with_what_the_rows_give(bundle):
    path = bundle / "atoms.parquet"
    atoms = pl.read_parquet(path)
    before = atoms["numerator"][2]
    rewrite(path, with_value(atoms, 2, "numerator", before + 1), ATOM_SCHEMA)
    named = [(d.file, d.row, d.column, d.expected, d.found) for d in verify(bundle).differences if d.row]
    assert named == [("atoms.parquet", 3, "numerator", str(before), str(before + 1))]


def test_a_missing_atom_is_named_even_if_the_manifest_was_made_to_fit(bundle):
    path, place = bundle / "atoms.parquet", bundle / "manifest.json"
    rows = pl.read_parquet(path)
    rewrite(path, rows[1:], ATOM_SCHEMA)
    manifest = json.loads(place.read_text())
    names = ATOM_SCHEMA.names
    manifest["atoms"]["columns"] = digests(chunks_of_file(path, names), names).columns
    place.write_text(json.dumps(manifest))
    found = [one for one in verify(bundle).differences if one.file == "atoms.parquet"]
    assert [(one.column, one.expected) for one in found] == [("question", rows["question"][0])]


def test_changed_terms_change_the_file_and_what_follows_from_it(bundle):
    path = bundle / "agreement.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("rate: 6.00", "rate: 6.01"), encoding="utf-8")
    found = verify(bundle).differences
    assert found[0].file == "agreement.yaml"
    assert "lines[0].amount" in {difference.column for difference in found}


def test_a_broken_chain_of_statements_is_named(bundle):
    path = bundle / "manifest.json"
    changed = {**json.loads(path.read_bytes()), "previous_statement": "0" * 64}
    path.write_text(json.dumps(changed), encoding="utf-8")
    assert [difference.file for difference in verify(bundle).differences] == ["history.json"]


def test_a_changed_definition_is_named(bundle):
    path = bundle / "definitions.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"places":2', '"places":3', 1), encoding="utf-8")
    named = [(d.column.rpartition(".")[2], d.expected, d.found) for d in verify(bundle).differences if d.column]
    assert named == [("places", "2", "3")]


def test_consistent_lies_in_manifest_and_files_are_caught_by_recomputing(bundle):
    """Without signatures a forger can write new digests, but then the figures do not follow from the rows."""
    from hashlib import sha256

    path = bundle / "statement.json"
    path.write_bytes(path.read_bytes().replace(b'"net","', b'"net","9', 1))
    manifest = json.loads((bundle / "manifest.json").read_bytes())
    manifest["files"]["statement.json"] = sha256(path.read_bytes()).hexdigest()
    (bundle / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert [difference.file for difference in verify(bundle).differences] == ["statement.json"]


def test_a_changed_manifest_is_caught_by_the_signature(bundle, keys):
    sign_bundle(bundle, keys / "client.key")
    path = bundle / "manifest.json"
    path.write_bytes(path.read_bytes().replace(b'"month":"2026-02"', b'"month":"2026-01"'))
    files = {difference.file for difference in verify(bundle, [keys / "client.pub"]).differences}
    assert "statement.dsse.json" in files


def test_a_changed_sidecar_is_named(bundle):
    path = bundle / "rows" / "legs-2026-02.digests"
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(bytes(data))
    assert [difference.file for difference in verify(bundle).differences] == ["rows/legs-2026-02.digests"]


def test_a_file_nobody_signed_is_named(bundle):
    (bundle / "rows" / "notes.txt").write_text("x", encoding="utf-8")
    assert [difference.file for difference in verify(bundle).differences] == ["rows/notes.txt"]


@pytest.mark.parametrize(
    "name", ["statement.json", "agreement.yaml", "history.json", "definitions.json", "atoms.parquet"]
)
def test_a_missing_file_is_a_difference(bundle, name):
    (bundle / name).unlink()
    assert name in {difference.file for difference in verify(bundle).differences}


def test_a_missing_rows_file_is_a_difference(bundle):
    february(bundle, "legs").unlink()
    assert "rows/legs-2026-02.parquet" in {difference.file for difference in verify(bundle).differences}


@pytest.mark.parametrize("table", ["legs", "atoms"])
@pytest.mark.parametrize("damage", ["cut", "garbage", "empty", "middle"])
def test_a_damaged_parquet_file_is_a_difference(bundle, table, damage):
    path = bundle / "atoms.parquet" if table == "atoms" else february(bundle, table)
    data = path.read_bytes()
    half = len(data) // 2
    middle = data[: half - 50] + bytes(100) + data[half + 50 :]
    path.write_bytes({"cut": data[:half], "garbage": b"PAR1" * 99, "empty": b"", "middle": middle}[damage])
    found = {difference.file for difference in verify(bundle).differences}
    assert (path.relative_to(bundle).as_posix()) in found


def test_other_columns_are_a_difference(bundle):
    path = february(bundle, "legs")
    pl.read_parquet(path).drop("wait_ms").write_parquet(path)
    (found,) = [difference for difference in verify(bundle).differences if difference.file.startswith("rows")]
    assert found.what.en == "It cannot be read: Its columns differ: wait_ms."


def test_a_link_out_of_the_bundle_is_not_followed(bundle, tmp_path):
    secret = tmp_path / "secret.json"
    secret.write_bytes((bundle / "statement.json").read_bytes())
    (bundle / "statement.json").unlink()
    (bundle / "statement.json").symlink_to(secret)
    assert "statement.json" in {difference.file for difference in verify(bundle).differences}


def test_a_rows_folder_that_is_a_link_is_refused(bundle, tmp_path):
    (bundle / "rows").rename(tmp_path / "elsewhere")
    (bundle / "rows").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BadBundleFile):
        verify(bundle)


def test_a_sidecar_of_another_size_is_a_difference(bundle):
    path = bundle / "rows" / "legs-2026-02.digests"
    path.write_bytes(path.read_bytes() * 2)
    assert "rows/legs-2026-02.parquet" in {difference.file for difference in verify(bundle).differences}


@pytest.mark.parametrize(
    "change",
    [
        {"rows": {"../../etc/passwd-2026-02": {}}},
        {"rows": []},
        {"rows": {"legs-2026-02": {"rows": 10**12, "columns": {}, "sha256": "0" * 64, "digests_sha256": "0" * 64}}},
        {"files": {"../x": "0" * 64}},
        {"atoms": 5},
        {"month": 202602},
        {"watermark_ms": "-1"},
        {"engine": "duckdb"},
    ],
)
def test_a_manifest_of_another_form_is_a_problem(bundle, change):
    path = bundle / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_bytes()), **change}), encoding="utf-8")
    with pytest.raises(BadBundleFile):
        verify(bundle)


@pytest.mark.parametrize("text", ["", "{", "[]", "nonsense", '{"a":' * 100_000])
def test_a_manifest_that_is_no_json_object_is_a_problem(bundle, text):
    (bundle / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(BadBundleFile):
        verify(bundle)


def test_another_format_and_no_bundle_are_problems(bundle, tmp_path):
    path = bundle / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_bytes()), "format": "onefloor-bundle-9"}), encoding="utf-8")
    with pytest.raises(UnknownFormat):
        verify(bundle)
    with pytest.raises(NoBundle):
        verify(tmp_path)


@pytest.mark.parametrize("text", ["", "a: [", "agreement: x", "&a [*a]", "- 1\n" * 5])
def test_broken_terms_are_a_difference(bundle, text):
    (bundle / "agreement.yaml").write_text(text, encoding="utf-8")
    assert not verify(bundle).ok


def test_a_month_the_terms_do_not_cover_is_a_difference(bundle):
    path = bundle / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_bytes()), "month": "1999-02"}), encoding="utf-8")
    assert not verify(bundle).ok


@pytest.mark.parametrize(
    ("name", "forged"), [("client", "Someone"), ("agreement", "other"), ("terms_from", "2020-01-01")]
)
def test_what_the_manifest_says_of_the_statement_is_held_to_it(bundle, keys, name, forged):
    path = bundle / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_bytes()), name: forged}), encoding="utf-8")
    assert [(found.file, found.column, found.found) for found in verify(bundle).differences] == [
        ("manifest.json", name, forged)
    ]
    with pytest.raises(Changed):
        sign_bundle(bundle, keys / "client.key")


def test_a_changed_bundle_is_not_signed(bundle, keys):
    path = february(bundle, "legs")
    rows = pl.read_parquet(path)
    rewrite(path, with_value(rows, 0, "wait_ms", 1))
    with pytest.raises(Changed):
        sign_bundle(bundle, keys / "client.key")
    assert not (bundle / "statement.dsse.json").exists()


def test_the_result_as_data_names_the_difference(bundle):
    path = february(bundle, "legs")
    rewrite(path, with_value(pl.read_parquet(path), 0, "start_ms", 1))
    result = json.loads(json.dumps(verify(bundle).as_json()))
    assert result["ok"] is False
    assert result["differences"][0]["file"] == "rows/legs-2026-02.parquet"
    assert (result["differences"][0]["row"], result["differences"][0]["column"]) == (1, "start_ms")
