"""Both parties' signatures: an in-toto Statement in a DSSE envelope, signed with Ed25519.

What is signed is ``manifest.json``, which holds the digest of every other file of the bundle. Keys are made offline
and their public halves are exchanged with the contract. Formats: in-toto Statement v1, DSSE v1.0.2.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import Error as SigningError
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import CryptoSigner, Signature, SSlibKey

from onefloor.agreements.statement import canonical_json
from onefloor.language import Text
from onefloor.problems import MissingFile, Place, Problem
from onefloor.writing import write_whole

ENVELOPE = "statement.dsse.json"
PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "urn:onefloor:settlement:v1"
MOST_SIGNATURES = 2  # the client and the company


class BadKey(Problem):
    """A file that is not an Ed25519 key."""

    def __init__(self, path: Path, kind: Text) -> None:
        super().__init__(
            Text(f"该文件不是 Ed25519 {kind.zh}（PEM）。", f"This file is not an Ed25519 {kind.en} in PEM form."),
            remedy=Text(
                "请用 onefloor keys 生成密钥：.key 文件用于签署，.pub 文件用于核验。",
                "Make keys with onefloor keys: sign with the .key file, verify with the .pub file.",
            ),
            where=Place(str(path)),
        )


class KeyExists(Problem):
    """A key of that name is there already; it is never overwritten."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Text(f"密钥“{path}”已存在，不会覆盖。", f'The key "{path}" exists already and is never overwritten.'),
            remedy=Text("请换一个名称，或换一个目录。", "Choose another name or another folder."),
        )


class BadKeyName(Problem):
    """A key's name that is not a file name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            Text(f"“{name}”不能用作密钥名称。", f'"{name}" cannot be the name of a key.'),
            remedy=Text("请使用不含路径的名称，例如 client。", "Use a name without a path, for example client."),
        )


class BadEnvelope(Problem):
    """A signature file that cannot be read."""

    def __init__(self, path: Path, why: Text) -> None:
        super().__init__(
            Text("签名文件无法识别。", "The signature file cannot be read."),
            why=why,
            remedy=Text("请向对方重新索取证据包。", "Ask the other party for the bundle again."),
            where=Place(str(path)),
        )


class SignedOtherwise(Problem):
    """The bundle is not the one that was signed before."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Text("已有的签名不是针对这份证据包的。", "The signature that is here belongs to another bundle."),
            why=Text("签名之后 manifest.json 改变了。", "manifest.json changed after it was signed."),
            remedy=Text(
                "请先核验；确需重新签署时，请从 onefloor settle 重新生成证据包。",
                "Verify it first; to sign anew, make the bundle again with onefloor settle.",
            ),
            where=Place(str(path)),
        )


class TwoSignatures(Problem):
    """Both parties have signed."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Text("这份证据包已有两方签名。", "This bundle carries both signatures already."),
            remedy=Text("无需再次签署。", "Nothing is left to sign."),
            where=Place(str(path)),
        )


@dataclass(frozen=True, slots=True)
class SignatureCheck:
    """One signature or one trusted key: who, and what came of it.

    ``state`` is ``valid``, ``wrong`` (does not fit the bundle), ``missing`` (a trusted key that did not sign) or
    ``unknown`` (signed by a key that was not given, hence not checked).
    """

    name: str
    key_id: str
    state: str


@dataclass(frozen=True, slots=True)
class KeyPair:
    """An Ed25519 key pair: its id and both halves in PEM form. The private half is a secret."""

    key_id: str
    private: bytes
    public: bytes


def create_keys(folder: Path, name: str) -> tuple[Path, Path]:
    """Make a key pair: ``<name>.key`` (private, readable by the owner alone) and ``<name>.pub``, both PEM.

    Raises:
        KeyExists: one of the two files exists.
        BadKeyName: the name is not a file name.
    """
    if not name or name != Path(name).name or name.startswith("."):
        raise BadKeyName(name)
    private, public = folder / f"{name}.key", folder / f"{name}.pub"
    for path in (private, public):
        if path.exists():
            raise KeyExists(path)
    folder.mkdir(parents=True, exist_ok=True)
    made = new_key()
    with os.fdopen(os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(made.private)
    public.write_bytes(made.public)
    return private, public


def new_key() -> KeyPair:
    """A new key pair in memory, for whoever keeps keys elsewhere than in files."""
    signer = CryptoSigner.generate_ed25519()
    key = load_pem_private_key(signer.private_bytes, None).public_key()
    public = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return KeyPair(str(signer.public_key.keyid), signer.private_bytes, public)


def sign(payload: bytes, private: bytes) -> str:
    """The signature of an Ed25519 private key (PEM) over a payload in its DSSE envelope, as hexadecimal text.

    Raises:
        ValueError: the bytes are no such key.
    """
    key = load_pem_private_key(private, None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("not an Ed25519 private key")
    return str(Envelope(payload, PAYLOAD_TYPE, {}).sign(CryptoSigner(key)).signature)


def has_signed(payload: bytes, key_id: str, signature: str, public: bytes) -> bool:
    """Whether a signature (hexadecimal) over a payload in its DSSE envelope is by the public key (PEM) of that id."""
    try:
        key = load_pem_public_key(public)
        if not isinstance(key, Ed25519PublicKey):
            return False
        known = SSlibKey.from_crypto(key)
        Envelope(payload, PAYLOAD_TYPE, {key_id: Signature(key_id, signature)}).verify([known], 1)
    except (ValueError, VerificationError):
        return False
    return str(known.keyid) == key_id


def envelope_bytes(payload: bytes, signatures: Mapping[str, str]) -> bytes:
    """``statement.dsse.json``: a payload with its signatures, hexadecimal text by key id."""
    made = {key_id: Signature(key_id, signature) for key_id, signature in sorted(signatures.items())}
    return canonical_json(Envelope(payload, PAYLOAD_TYPE, made).to_dict())


def private_signer(path: Path) -> CryptoSigner:
    """The signer of a private key file.

    Raises:
        MissingFile: there is no such file.
        BadKey: it is not an unencrypted Ed25519 private key.
    """
    kind = Text("私钥", "private key")
    try:
        key = load_pem_private_key(_small_file(path), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise BadKey(path, kind) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKey(path, kind)
    return CryptoSigner(key)


def public_key(path: Path) -> SSlibKey:
    """The key of a public key file.

    Raises:
        MissingFile: there is no such file.
        BadKey: it is not an Ed25519 public key.
    """
    kind = Text("公钥", "public key")
    try:
        key = load_pem_public_key(_small_file(path))
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise BadKey(path, kind) from None
    if not isinstance(key, Ed25519PublicKey):
        raise BadKey(path, kind)
    return SSlibKey.from_crypto(key)


def _small_file(path: Path) -> bytes:
    """A key or an envelope; both are far smaller than what is read at most."""
    if not path.is_file():
        raise MissingFile(path)
    with path.open("rb") as file:
        return file.read(65_536)


def payload_of(manifest: bytes, subject: dict[str, Any]) -> bytes:
    """The in-toto Statement that is signed: the manifest's digest, and in short what it is about."""
    return canonical_json(
        {
            "_type": STATEMENT_TYPE,
            "subject": [{"name": "manifest.json", "digest": {"sha256": sha256(manifest).hexdigest()}}],
            "predicateType": PREDICATE_TYPE,
            "predicate": subject,
        }
    )


def read_envelope(path: Path) -> Envelope:
    """The envelope in a file.

    Raises:
        BadEnvelope: it is not a DSSE envelope.
    """
    try:
        found = Envelope.from_dict(json.loads(_small_file(path)))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, SigningError) as error:
        raise BadEnvelope(path, Text("内容不符合 DSSE 格式。", f"It is not a DSSE envelope ({error}).")) from None
    if found.payload_type != PAYLOAD_TYPE:
        raise BadEnvelope(path, Text("内容类型不是 in-toto。", f"Its payload is not of type {PAYLOAD_TYPE}."))
    return found


def add_signature(path: Path, payload: bytes, private: Path) -> str:
    """Add the signature of a private key over ``payload`` to the envelope at ``path``; returns the key's id.

    Signing twice with the same key changes nothing.

    Raises:
        SignedOtherwise: the envelope that is there holds another payload.
        TwoSignatures: two other keys have signed.
        BadKey, MissingFile, BadEnvelope: a file cannot be used.
    """
    signer = private_signer(private)
    envelope = read_envelope(path) if path.exists() else Envelope(payload, PAYLOAD_TYPE, {})
    if envelope.payload != payload:
        raise SignedOtherwise(path)
    key_id = str(signer.public_key.keyid)
    if key_id not in envelope.signatures and len(envelope.signatures) >= MOST_SIGNATURES:
        raise TwoSignatures(path)
    envelope.sign(signer)
    envelope.signatures = dict(sorted(envelope.signatures.items()))
    write_whole(path, canonical_json(envelope.to_dict()))
    return key_id


def check_signatures(envelope: Envelope, trusted: Sequence[Path]) -> list[SignatureCheck]:
    """Every trusted key and every signature, with what came of it."""
    keys = [(path.stem, public_key(path)) for path in trusted]
    checks = [SignatureCheck(name, str(key.keyid), _state(envelope, key)) for name, key in keys]
    strangers = sorted(set(envelope.signatures) - {check.key_id for check in checks})
    return checks + [SignatureCheck(key_id[:12], key_id, "unknown") for key_id in strangers]


def _state(envelope: Envelope, key: SSlibKey) -> str:
    if key.keyid not in envelope.signatures:
        return "missing"
    try:
        envelope.verify([key], 1)
    except VerificationError:
        return "wrong"
    return "valid"
