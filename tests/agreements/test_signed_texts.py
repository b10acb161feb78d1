"""An agreement signed on the web is checked offline: its text, both signatures, and what each difference says."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from onefloor.agreements.signed_texts import check_text
from onefloor.agreements.signing import BadEnvelope, envelope_bytes, new_key, sign
from onefloor.agreements.statement import canonical_json
from onefloor.cli import main
from onefloor.problems import MissingFile

TEXT = b"agreement: a\n"


def made(folder: Path, payload: bytes | None = None) -> tuple[Path, Path, list[Path]]:
    """An envelope with two signatures, the text, and both public keys."""
    subject = [{"name": "agreement.yaml", "digest": {"sha256": sha256(TEXT).hexdigest()}}]
    payload = payload or canonical_json({"subject": subject})
    pairs = {"own": new_key(), "north": new_key()}
    envelope, text = folder / "a.dsse.json", folder / "a.yaml"
    envelope.write_bytes(envelope_bytes(payload, {one.key_id: sign(payload, one.private) for one in pairs.values()}))
    text.write_bytes(TEXT)
    keys = [folder / f"{name}.pub" for name in pairs]
    for path, pair in zip(keys, pairs.values(), strict=True):
        path.write_bytes(pair.public)
    return envelope, text, keys


def states(envelope: Path, text: Path, keys: list[Path]) -> list[str]:
    return [one.state for one in check_text(envelope, text, keys).signatures]


def test_the_text_both_signed_is_good(tmp_path: Path):
    envelope, text, keys = made(tmp_path)
    found = check_text(envelope, text, keys)
    assert (found.good, found.fits, [one.state for one in found.signatures]) == (True, True, ["valid", "valid"])


def test_one_changed_byte_is_another_text(tmp_path: Path):
    envelope, text, keys = made(tmp_path)
    text.write_bytes(TEXT + b"\n")
    found = check_text(envelope, text, keys)
    assert (found.good, found.fits, [one.state for one in found.signatures]) == (False, False, ["valid", "valid"])


def test_a_signature_of_a_key_that_was_not_given_is_not_checked(tmp_path: Path):
    envelope, text, keys = made(tmp_path)
    assert states(envelope, text, keys[:1]) == ["valid", "unknown"]
    assert check_text(envelope, text, []).good is False


def test_a_trusted_key_that_has_not_signed_is_missing(tmp_path: Path):
    envelope, text, keys = made(tmp_path)
    (tmp_path / "other.pub").write_bytes(new_key().public)
    assert states(envelope, text, [*keys, tmp_path / "other.pub"]) == ["valid", "valid", "missing"]


@pytest.mark.parametrize("payload", [b"x", b"{}", b'{"subject": [{}]}'])
def test_what_was_signed_has_to_name_a_text(tmp_path: Path, payload: bytes):
    with pytest.raises(BadEnvelope):
        check_text(*made(tmp_path, payload))


def test_a_missing_file_is_named(tmp_path: Path):
    envelope, _text, keys = made(tmp_path)
    with pytest.raises(MissingFile):
        check_text(envelope, tmp_path / "none.yaml", keys)


def test_the_command_says_what_fits_and_answers_scripts(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    envelope, text, keys = made(tmp_path)
    command = ["check", str(envelope), str(text), *(part for key in keys for part in ("--key", str(key)))]
    assert main([*command, "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    assert ("a.yaml is the text that was signed." in shown, shown.count("valid")) == (True, 2)
    text.write_bytes(b"another")
    assert main([*command, "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert (answer["text"], answer["good"]) == (False, False)
