"""Proof that a vendor's rows were deleted: an in-toto Statement of what went, in the same envelope as a statement's.

The subjects are the deleted rows of each table, named by their digest; the predicate says whose they were, how many,
what a search found afterwards, and what stays. Both parties can sign it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from onefloor.agreements.signing import STATEMENT_TYPE, SignatureCheck, add_signature, check_signatures, read_envelope
from onefloor.agreements.statement import canonical_json
from onefloor.facts.exits import STAYS, Departure
from onefloor.floor import Floor
from onefloor.language import Text
from onefloor.problems import Place, Problem

PREDICATE_TYPE: Final = "urn:onefloor:deletion:v1"


class NotComplete(Problem):
    """A deletion after which something was found is not proven."""

    def __init__(self, departure: Departure) -> None:
        found = [*departure.left, *departure.traces][:12]
        super().__init__(
            Text(
                "删除后仍发现相关数据，不能出具证明。", "Something was found after the deletion; it cannot be proven."
            ),
            why=Text("、".join(found), ", ".join(found)),
            remedy=Text("请处理列出的文件后再次执行删除。", "Deal with what is listed and delete again."),
        )


def proof_of(
    floor: Floor, departure: Departure, *, elsewhere: Mapping[str, int] | None = None, also_stays: Sequence[Text] = ()
) -> bytes:
    """The statement to sign.

    Args:
        floor: from which the rows went.
        departure: what was deleted, and what was found afterwards.
        elsewhere: rows deleted beside the floor, such as in the database of the web, by what they were.
        also_stays: what stays beside the floor.

    Raises:
        NotComplete: the search after the deletion found something.
    """
    if not departure.complete:
        raise NotComplete(departure)
    subjects = [
        {"name": f"facts/{one.table}", "digest": {"sha256": one.digest}}
        for one in sorted(departure.removed, key=lambda one: one.table)
    ]
    predicate = {
        "floor": floor.name,
        "company": departure.company,
        "day": departure.day.isoformat(),
        "removed": {one.table: {"rows": one.rows, "months": list(one.months)} for one in departure.removed},
        "removed_elsewhere": dict(sorted((elsewhere or {}).items())),
        "found_afterwards": 0,
        "stays": [text.as_json() for text in (*STAYS, *also_stays)],
    }
    return canonical_json(
        {"_type": STATEMENT_TYPE, "subject": subjects, "predicateType": PREDICATE_TYPE, "predicate": predicate}
    )


def sign_proof(path: Path, proof: bytes, private: Path) -> str:
    """Add a signature to the envelope at ``path`` and return the key's id; errors as ``signing.add_signature``."""
    return add_signature(path, proof, private)


def check_proof(path: Path, trusted: Sequence[Path]) -> tuple[dict[str, Any], list[SignatureCheck]]:
    """What an envelope says was deleted, and what came of every trusted key and signature.

    Raises:
        BadEnvelope: it is no envelope.
        NoProof: it is the envelope of something else.
    """
    envelope = read_envelope(path)
    content = json.loads(envelope.payload)
    if content.get("predicateType") != PREDICATE_TYPE:
        raise NoProof(path)
    return content["predicate"], check_signatures(envelope, trusted)


class NoProof(Problem):
    """An envelope that does not speak of a deletion."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Text("这不是删除证明。", "This is no proof of a deletion."),
            remedy=Text(
                "请选择退出时生成的 .dsse.json 文件。", "Choose the .dsse.json file that was made at the exit."
            ),
            where=Place(str(path)),
        )
