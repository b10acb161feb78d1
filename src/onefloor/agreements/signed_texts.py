"""Checking the signatures of an agreement's text without the server that made them: envelope, text, public keys."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from onefloor.agreements.signing import BadEnvelope, SignatureCheck, check_signatures, read_envelope
from onefloor.language import Text
from onefloor.problems import MissingFile


@dataclass(frozen=True, slots=True)
class TextCheck:
    """Whether a text is the one that was signed, its digest, and what came of each signature and key."""

    fits: bool
    digest: str
    signatures: tuple[SignatureCheck, ...]

    @property
    def good(self) -> bool:
        """Whether the text is the signed one and every key given has signed it."""
        return self.fits and bool(self.signatures) and all(one.state == "valid" for one in self.signatures)


def check_text(envelope: Path, text: Path, keys: Sequence[Path]) -> TextCheck:
    """Compare a text with what an envelope says was signed, and the signatures with public keys.

    Args:
        envelope: the ``.dsse.json`` file.
        text: the agreement, byte for byte as it was downloaded.
        keys: public keys (PEM) one trusts; a signature of any other key counts as unknown.

    Raises:
        MissingFile, BadEnvelope, BadKey: a file cannot be used.
    """
    for path in (envelope, text):
        if not path.is_file():
            raise MissingFile(path)
    found = read_envelope(envelope)
    digest = sha256(text.read_bytes()).hexdigest()
    return TextCheck(digest in _digests(envelope, found.payload), digest, tuple(check_signatures(found, keys)))


def _digests(path: Path, payload: bytes) -> list[str]:
    """The digests of what an in-toto statement is about."""
    try:
        return [str(one["digest"]["sha256"]) for one in json.loads(payload)["subject"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        why = Text("内容不是 in-toto 声明。", "Its payload is no in-toto statement.")
        raise BadEnvelope(path, why) from None
