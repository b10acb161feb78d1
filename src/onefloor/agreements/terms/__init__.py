"""Terms: what an agreement says, read from YAML with the place of every word."""

from onefloor.agreements.terms.agreement import (
    Agreement,
    NotInForce,
    Parties,
    parse_agreement,
    parse_amendment,
    read_agreement,
    read_amendment,
)  # fmt: skip
from onefloor.agreements.terms.version import Terms

__all__ = [
    "Agreement", "NotInForce", "Parties", "Terms", "parse_agreement", "parse_amendment", "read_agreement",
    "read_amendment",
]  # fmt: skip
