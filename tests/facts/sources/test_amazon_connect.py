"""Amazon Connect contact records."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onefloor.facts.load import load_files
from onefloor.facts.sources import amazon_connect, json_values
from onefloor.facts.store import Account, data_version, scan
from onefloor.floor import Floor, create_floor

FOLDER = Path(__file__).parents[3] / "../shared/data/acd_formats"
IDS = "00000000-0000-4000-8000-0000000000{:02}"


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    return create_floor(tmp_path / "floor", timezone="Asia/Shanghai")


def record(number: int = 1, **changes: Any) -> dict[str, Any]:
    """One answered voice contact; ``changes`` replace its fields."""
    return {
        "ContactId": IDS.format(number),
        "InitialContactId": None,
        "PreviousContactId": None,
        "NextContactId": None,
        "Channel": "VOICE",
        "InitiationMethod": "INBOUND",
        "InitiationTimestamp": "2026-03-02T09:00:00Z",
        "DisconnectTimestamp": "2026-03-02T09:05:00Z",
        "DisconnectReason": "CUSTOMER_DISCONNECT",
        "LastUpdateTimestamp": "2026-03-02T09:06:00Z",
        "CustomerEndpoint": {"Address": "+442079460001"},
        "Queue": {"EnqueueTimestamp": "2026-03-02T09:00:10Z", "DequeueTimestamp": "2026-03-02T09:00:30Z",
                  "Duration": 20, "Name": "Hotline"},
        "Agent": {"Username": "a1", "ConnectedToAgentTimestamp": "2026-03-02T09:00:30Z",
                  "AgentInteractionDuration": 260, "CustomerHoldDuration": 10, "AfterContactWorkDuration": 15},
        **changes,
    }  # fmt: skip


def load(floor: Floor, path: Path) -> Account:
    return load_files(floor, amazon_connect.SOURCE, amazon_connect.read, [path])


def loaded(floor: Floor, tmp_path: Path, *records: Any, name: str = "records.jsonl") -> Account:
    path = tmp_path / name
    path.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
    return load(floor, path)


def rows(floor: Floor) -> list[dict[str, Any]]:
    facts = scan(floor, "contacts").collect()
    return facts.filter(pl.col("revision") == pl.col("revision").max().over("group_id")).sort("row_id").to_dicts()


def test_the_published_figures_of_the_sample_records(floor: Floor) -> None:
    if not FOLDER.exists():
        pytest.skip("the shared data is not here")
    expected = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))["amazon_connect"]
    account = load(floor, FOLDER / "amazon_connect/contact_records.jsonl")
    facts = scan(floor, "contacts").collect()

    assert (account.lines, account.loaded, account.duplicates) == (
        expected["lines"], expected["contacts"], expected["duplicate_deliveries"],
    )  # fmt: skip
    records = (FOLDER / "amazon_connect/contact_records.jsonl").read_text(encoding="utf-8").splitlines()
    outcomes = {"abandoned": "abandoned_in_queue", "before_queue": "ended_before_queue"}
    seen = {}
    for row in facts.to_dicts():
        durations = {
            name: None if row[f"{name}_ms"] is None else row[f"{name}_ms"] // 1000
            for name in ("wait", "talk", "hold", "wrap")
        }
        handle = None if row["talk_ms"] is None else (row["talk_ms"] + row["hold_ms"] + row["wrap_ms"]) // 1000
        seen[json.loads(records[row["line"] - 1])["ContactId"][-2:]] = {
            "channel": row["channel"].upper(),
            "outcome": outcomes.get(row["outcome"], row["outcome"]),
            "wait_s": durations["wait"],
            "talk_s": durations["talk"],
            "hold_s": durations["hold"],
            "acw_s": durations["wrap"],
            "handle_s": handle,
        }
    wanted = expected["by_contact_last_two_digits"]
    assert seen == {name: {key: row[key] for key in row if key != "company"} for name, row in wanted.items()}

    voice = facts.filter(pl.col("channel") == "voice")
    answered = voice.filter(pl.col("outcome") == "answered")
    assert {
        "offered": voice.filter(pl.col("queued_ms").is_not_null()).height,
        "answered": answered.height,
        "abandoned_in_queue": voice.filter(pl.col("outcome") == "abandoned").height,
        "ended_before_queue": voice.filter(pl.col("outcome") == "before_queue").height,
        "asa_s": answered["wait_ms"].sum() / 1000 / answered.height,
        "aht_s": answered.select(pl.sum_horizontal(pl.col("talk_ms", "hold_ms", "wrap_ms").sum())).item()
        / 1000 / answered.height,
        "answered_within_20s": answered.filter(pl.col("wait_ms") <= 20_000).height,
    } == expected["voice"]  # fmt: skip
    winner = facts.filter(pl.col("contact") == IDS.format(1))
    assert winner["line"].to_list() == [10]


def test_a_transfer_is_the_next_leg_of_the_same_contact(floor: Floor, tmp_path: Path) -> None:
    first = record(1, NextContactId=IDS.format(2), TransferCompletedTimestamp="2026-03-02T09:05:00Z")
    second = record(2, InitialContactId=IDS.format(1), PreviousContactId=IDS.format(1), NextContactId=IDS.format(3))
    third = record(3, InitialContactId=IDS.format(1), PreviousContactId=IDS.format(2))
    loaded(floor, tmp_path, third, first, second)
    assert sorted((row["leg"], row["contact"][-2:], row["transferred_to"]) for row in rows(floor)) == [
        (1, "01", IDS.format(2)), (2, "01", None), (3, "01", None),
    ]  # fmt: skip


def test_a_chain_that_spans_files_goes_on_counting(floor: Floor, tmp_path: Path) -> None:
    loaded(floor, tmp_path, record(1), name="one")
    second = record(2, InitialContactId=IDS.format(1), PreviousContactId=IDS.format(1))
    account = loaded(floor, tmp_path, second, record(5, PreviousContactId=IDS.format(4)), name="two")
    assert sorted(row["leg"] for row in rows(floor)) == [1, 2, 2]
    assert account.reasons == {"note:chain_incomplete": 1}


def test_the_newest_update_wins_in_any_order_of_files(tmp_path: Path) -> None:
    older = record(1)
    newer = record(1, LastUpdateTimestamp="2026-03-02T10:00:00Z", Channel="CHAT")
    versions = set()
    for name, order in (("a", [older, newer]), ("b", [newer, older]), ("c", [newer])):
        floor = create_floor(tmp_path / name, timezone="Asia/Shanghai")
        for i, one in enumerate(order):
            loaded(floor, tmp_path, one, name=f"{name}{i}")
        assert [row["channel"] for row in rows(floor)] == ["chat"]
        versions.add(data_version(floor))
    assert len(versions) == 1


def test_the_same_update_with_another_content_is_a_conflict(floor: Floor, tmp_path: Path) -> None:
    account = loaded(floor, tmp_path, record(1), record(1), record(1, Channel="CHAT"))
    assert account.as_json() == {
        "source": "amazon-connect", "lines": 3, "loaded": 1, "duplicates": 1, "ignored": 0, "quarantined": 1,
        "reasons": {"conflict": 1},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"Agent": None}, "abandoned"),
        ({"Agent": None, "DisconnectReason": "CONTACT_FLOW_DISCONNECT"}, "withdrawn"),
        ({"Agent": None, "DisconnectReason": "EXPIRED"}, "timeout"),
        ({"Agent": None, "NextContactId": "x"}, "withdrawn"),
        ({"Agent": None, "DisconnectTimestamp": None, "DisconnectReason": None}, "open"),
        ({"Agent": None, "Queue": None}, "before_queue"),
    ],
)
def test_how_a_contact_ended(floor: Floor, tmp_path: Path, changes: dict[str, Any], outcome: str) -> None:
    loaded(floor, tmp_path, record(1, **changes))
    assert [row["outcome"] for row in rows(floor)] == [outcome]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"ContactId": ', "malformed_json"),
        ("17", "not_an_object"),
        ('"text"', "not_an_object"),
        (json.dumps({"Channel": "VOICE"}), "missing:ContactId"),
        (json.dumps(record(ContactId=5)), "bad_type:ContactId"),
        (json.dumps(record(Queue="Hotline")), "bad_type:Queue"),
        (json.dumps(record(InitiationTimestamp="yesterday", Queue=None)), "bad_time:InitiationTimestamp"),
        (json.dumps(record(InitiationTimestamp="2026-03-02T09:00:00")), "bad_time:InitiationTimestamp"),
        (json.dumps(record(InitiationTimestamp="9999-03-02T09:00:00Z")), "bad_time:InitiationTimestamp"),
        (json.dumps(record(Agent={**record()["Agent"], "AfterContactWorkDuration": -1})),
         "negative:AfterContactWorkDuration"),
        (json.dumps(record(Queue={**record()["Queue"], "Duration": "20"})), "bad_duration:Duration"),
        (json.dumps(record(DisconnectTimestamp="2026-03-02T08:00:00Z")), "ended_before_answered"),
        (json.dumps(record(InitiationTimestamp=None, Queue=None)), "missing:InitiationTimestamp"),
    ],
)  # fmt: skip
def test_a_broken_record_is_set_aside_with_its_reason(floor: Floor, tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_text(f"{json.dumps(record(1))}\n{line}\n{json.dumps(record(2))}\n", encoding="utf-8")
    account = load(floor, path)
    assert (account.lines, account.loaded, account.quarantined, account.reasons) == (3, 2, 1, {reason: 1})
    kept = scan(floor, "quarantine").collect().to_dicts()
    assert [(row["line"], row["raw"]) for row in kept] == [(2, line)]


@pytest.mark.parametrize("shape", ["array", "pretty", "concatenated", "gz", "bom"])
def test_every_shape_of_file_holds_the_same_records(floor: Floor, tmp_path: Path, shape: str) -> None:
    records = [record(1), record(2)]
    text = {
        "array": json.dumps(records),
        "pretty": json.dumps(records, indent=2),
        "concatenated": "".join(json.dumps(one) for one in records),
        "gz": "\n".join(json.dumps(one) for one in records),
        "bom": "\ufeff" + json.dumps(records),
    }[shape]
    path = tmp_path / "records"
    path.write_bytes(gzip.compress(text.encode()) if shape == "gz" else text.encode())
    assert load(floor, path).as_json() == {
        "source": "amazon-connect", "lines": 2, "loaded": 2, "duplicates": 0, "ignored": 0, "quarantined": 0,
        "reasons": {},
    }  # fmt: skip


def test_a_line_of_another_format_is_one_record_that_cannot_be_read(floor: Floor, tmp_path: Path) -> None:
    lines = ["1795294483|1795294483.0|water|agent1001|ENTERQUEUE", "12 ", json.dumps(record()), "[13, 14]"]
    path = tmp_path / "mixed"
    path.write_text("\n".join(lines))
    account = load_files(floor, amazon_connect.SOURCE, amazon_connect.read, [path])
    assert (account.lines, account.loaded, account.reasons) == (5, 1, {"malformed_json": 1, "not_an_object": 3})


@pytest.mark.parametrize("beginning", ["", '{"ContactId": "', "[1, 2, "])
def test_a_line_without_end_is_looked_at_only_a_few_times_over(tmp_path: Path, beginning: str) -> None:
    path = tmp_path / "endless"
    path.write_text(beginning + "x" * (4 << 20))
    read: list[int] = []
    original = json_values._value

    def counted(buffer: str, begin: int, line: int, *, ended: bool) -> tuple[json_values.Value, int] | None:
        read.append(len(buffer) - begin)
        return original(buffer, begin, line, ended=ended)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_values, "_value", counted)
        found = list(json_values.values(path, 1 << 10))
    assert found[-1].fault == "malformed_json"
    assert sum(read) < 5 * (4 << 20)


def test_a_supervisor_who_listens_is_no_contact(floor: Floor, tmp_path: Path) -> None:
    account = loaded(floor, tmp_path, record(1, InitiationMethod="MONITOR"))
    assert (account.ignored, account.reasons) == (1, {"monitor": 1})


def test_a_customers_number_is_nowhere_in_the_facts(floor: Floor, tmp_path: Path) -> None:
    loaded(floor, tmp_path, record(1))
    assert "+442079460001" not in str(scan(floor, "contacts").collect().to_dicts())


def test_a_hundred_thousand_mutated_lines_are_all_accounted_for(floor: Floor, tmp_path: Path) -> None:
    chance = random.Random(7)
    base = [json.dumps(record(i % 100, ContactId=str(i))).encode() for i in range(100_000)]
    lines = []
    for i, line in enumerate(base):
        at = chance.randrange(len(line))
        piece = bytes(chance.choice(b'"{}:,0-x\\\xff') for _ in range(chance.randrange(1, 4)))
        lines.append(line if i % 4 == 0 else line[:at] + piece + line[at + chance.randrange(4) :])
    path = tmp_path / "fuzz.jsonl"
    path.write_bytes(b"\n".join(lines))
    account = load(floor, path)
    assert account.balanced
    assert account.lines >= 100_000  # a line cut in two by a mutation may hold two values
    assert account.loaded == scan(floor, "contacts").select(pl.len()).collect().item() >= 25_000
    assert account.quarantined == scan(floor, "quarantine").select(pl.len()).collect().item()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("2026-03-02T09:00:10Z"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*record(), *record()["Queue"]]), inner, max_size=4)
    ),
    max_leaves=8,
)


@settings(max_examples=60)
@given(
    changes=st.lists(st.dictionaries(st.sampled_from(list(record())), JSON, max_size=3), max_size=4),
    noise=st.binary(max_size=12),
)
def test_any_nested_value_is_accounted_for(
    changes: list[dict[str, Any]], noise: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("any")
    floor = create_floor(root / "floor", timezone="Asia/Shanghai")
    path = root / "any.jsonl"
    path.write_bytes(
        noise + b"\n" + b"\n".join(json.dumps({**record(i), **one}).encode() for i, one in enumerate(changes))
    )
    if noise[:2] == b"\x1f\x8b" or noise[:4] in (b"\x28\xb5\x2f\xfd", b"PK\x03\x04"):
        return
    account = load(floor, path)
    assert account.balanced
    assert account.lines >= len(changes)
    assert account.loaded == scan(floor, "contacts").select(pl.len()).collect().item()
