"""Keys, signatures and what they are worth."""

from __future__ import annotations

import base64
import json
import stat
import subprocess

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_public_key,
)

from onefloor.agreements.signing import (
    BadEnvelope,
    BadKey,
    BadKeyName,
    KeyExists,
    SignedOtherwise,
    TwoSignatures,
    add_signature,
    check_signatures,
    create_keys,
    envelope_bytes,
    new_key,
    payload_of,
    read_envelope,
    sign,
)
from onefloor.agreements.verify import sign_bundle, verify
from onefloor.problems import MissingFile


def states(bundle, trusted):
    return {check.name: check.state for check in verify(bundle, trusted).signatures}


def test_a_private_key_is_readable_by_its_owner_alone(tmp_path):
    private, public = create_keys(tmp_path / "keys", "client")
    assert (private.name, public.name) == ("client.key", "client.pub")
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert public.read_text(encoding="ascii").startswith("-----BEGIN PUBLIC KEY-----")


def test_a_key_is_never_overwritten(tmp_path):
    private, _ = create_keys(tmp_path, "client")
    before = private.read_bytes()
    with pytest.raises(KeyExists):
        create_keys(tmp_path, "client")
    assert private.read_bytes() == before


@pytest.mark.parametrize("name", ["", "../client", "a/b", ".hidden"])
def test_a_keys_name_is_a_file_name(tmp_path, name):
    with pytest.raises(BadKeyName):
        create_keys(tmp_path / "keys", name)


def test_both_parties_sign_and_both_signatures_are_valid(bundle, keys):
    sign_bundle(bundle, keys / "client.key")
    sign_bundle(bundle, keys / "north.key")
    result = verify(bundle, [keys / "client.pub", keys / "north.pub"])
    assert result.differences == []
    assert states(bundle, [keys / "client.pub", keys / "north.pub"]) == {"client": "valid", "north": "valid"}


def test_the_order_of_signing_does_not_matter_and_signing_twice_changes_nothing(bundle, keys, settled, tmp_path):
    import shutil

    other = shutil.copytree(settled / "bundle", tmp_path / "other")
    for name in ("client", "north", "client"):
        sign_bundle(bundle, keys / f"{name}.key")
    for name in ("north", "client"):
        sign_bundle(other, keys / f"{name}.key")
    assert (bundle / "statement.dsse.json").read_bytes() == (other / "statement.dsse.json").read_bytes()


def test_a_third_signature_is_refused(bundle, keys):
    for name in ("client", "north"):
        sign_bundle(bundle, keys / f"{name}.key")
    with pytest.raises(TwoSignatures):
        sign_bundle(bundle, keys / "stranger.key")


def test_a_trusted_key_that_did_not_sign_is_a_difference(bundle, keys):
    assert [d.what.en for d in verify(bundle, [keys / "client.pub"]).differences] == ["client has not signed."]
    sign_bundle(bundle, keys / "stranger.key")
    result = verify(bundle, [keys / "client.pub"])
    assert [d.what.en for d in result.differences] == ["client has not signed."]
    assert sorted(check.state for check in result.signatures) == ["missing", "unknown"]


def test_a_signature_without_its_key_is_told_but_not_believed(bundle, keys):
    key_id = sign_bundle(bundle, keys / "client.key")
    result = verify(bundle)
    assert [(check.key_id, check.state) for check in result.signatures] == [(key_id, "unknown")]
    assert result.ok


def test_a_forged_signature_is_wrong(bundle, keys):
    sign_bundle(bundle, keys / "client.key")
    path = bundle / "statement.dsse.json"
    envelope = json.loads(path.read_bytes())
    signature = bytearray(base64.b64decode(envelope["signatures"][0]["sig"]))
    signature[5] ^= 1
    envelope["signatures"][0]["sig"] = base64.b64encode(bytes(signature)).decode()
    path.write_text(json.dumps(envelope), encoding="utf-8")
    result = verify(bundle, [keys / "client.pub"])
    assert [d.what.en for d in result.differences] == ["The signature of client is not valid."]


def test_another_keys_signature_under_the_trusted_keys_id_is_wrong(bundle, keys, settled, tmp_path):
    import shutil

    other = shutil.copytree(settled / "bundle", tmp_path / "other")
    client = sign_bundle(other, keys / "client.key")
    sign_bundle(bundle, keys / "stranger.key")
    path = bundle / "statement.dsse.json"
    envelope = json.loads(path.read_bytes())
    envelope["signatures"][0]["keyid"] = client
    path.write_text(json.dumps(envelope), encoding="utf-8")
    assert states(bundle, [keys / "client.pub"]) == {"client": "wrong"}


def test_a_signature_of_another_bundle_is_not_taken_over(bundle, keys, settled, tmp_path):
    sign_bundle(bundle, keys / "client.key")
    path = bundle / "statement.dsse.json"
    envelope = json.loads(path.read_bytes())
    envelope["payload"] = base64.b64encode(b"{}").decode()
    path.write_text(json.dumps(envelope), encoding="utf-8")
    what = [d.what.en for d in verify(bundle, [keys / "client.pub"]).differences]
    assert what == ["The signatures cover another manifest.json.", "The signature of client is not valid."]


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"payload":"","payloadType":"x","signatures":[]}', "x" * 70_000])
def test_an_envelope_of_another_form_is_a_difference(bundle, text):
    (bundle / "statement.dsse.json").write_text(text, encoding="utf-8")
    with pytest.raises(BadEnvelope):
        read_envelope(bundle / "statement.dsse.json")
    assert [d.file for d in verify(bundle).differences] == ["statement.dsse.json"]


def test_the_envelope_can_be_checked_without_this_program(bundle, keys):
    """DSSE by hand: the pre-authentication encoding, and plain Ed25519 of ``cryptography``."""
    sign_bundle(bundle, keys / "client.key")
    envelope = json.loads((bundle / "statement.dsse.json").read_bytes())
    payload, kind = base64.b64decode(envelope["payload"]), envelope["payloadType"].encode()
    encoded = b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)
    key = load_pem_public_key((keys / "client.pub").read_bytes())
    signature = base64.b64decode(envelope["signatures"][0]["sig"])
    key.verify(signature, encoded)
    with pytest.raises(InvalidSignature):
        key.verify(signature, encoded + b" ")
    subject = json.loads(payload)["subject"]
    digest = subprocess.run(["sha256sum", bundle / "manifest.json"], capture_output=True, check=True, text=True).stdout
    assert subject == [{"name": "manifest.json", "digest": {"sha256": digest.split()[0]}}]


def test_keys_of_another_kind_are_a_problem(bundle, tmp_path):
    key = rsa.generate_private_key(65537, 2048)
    private, public = tmp_path / "rsa.key", tmp_path / "rsa.pub"
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    for path in (private, public):
        with pytest.raises(BadKey):
            sign_bundle(bundle, path)
        with pytest.raises(BadKey):
            verify(bundle, [path])


def test_a_missing_or_broken_key_is_a_problem(bundle, keys, tmp_path):
    with pytest.raises(MissingFile):
        sign_bundle(bundle, tmp_path / "none.key")
    (tmp_path / "broken.key").write_bytes(b"\x00" * 100)
    with pytest.raises(BadKey):
        sign_bundle(bundle, tmp_path / "broken.key")
    with pytest.raises(BadKey):
        verify(bundle, [keys / "client.key"])


def test_an_envelope_for_an_older_bundle_is_not_signed_over(bundle, keys):
    sign_bundle(bundle, keys / "client.key")
    path = bundle / "statement.dsse.json"
    envelope = json.loads(path.read_bytes())
    statement = json.loads(base64.b64decode(envelope["payload"]))
    statement["predicate"]["month"] = "2026-01"
    envelope["payload"] = base64.b64encode(json.dumps(statement).encode()).decode()
    path.write_text(json.dumps(envelope), encoding="utf-8")
    from onefloor.agreements.signing import add_signature

    with pytest.raises(SignedOtherwise):
        add_signature(path, b"{}", keys / "north.key")


def test_signatures_made_in_memory_give_the_envelope_that_files_give(bundle, tmp_path):
    payload = payload_of((bundle / "manifest.json").read_bytes(), {"month": "2026-10"})
    pairs = [new_key(), new_key()]
    for number, pair in enumerate(pairs):
        (tmp_path / f"{number}.key").write_bytes(pair.private)
        (tmp_path / f"{number}.pub").write_bytes(pair.public)
        add_signature(tmp_path / "by-files.json", payload, tmp_path / f"{number}.key")
    made = envelope_bytes(payload, {pair.key_id: sign(payload, pair.private) for pair in pairs})
    assert made == (tmp_path / "by-files.json").read_bytes()
    (tmp_path / "made.json").write_bytes(made)
    checks = check_signatures(read_envelope(tmp_path / "made.json"), [tmp_path / "0.pub", tmp_path / "1.pub"])
    assert [check.state for check in checks] == ["valid", "valid"]


def test_what_is_no_ed25519_key_signs_nothing():
    key = rsa.generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(ValueError, match="Ed25519"):
        sign(b"{}", key)
