"""The text of an agreement as it is settled: the newest version both signed, with the approved exclusions in it."""

from __future__ import annotations

from datetime import date

from onefloor.agreements.terms.agreement import NotInForce
from onefloor.periods import Month
from onefloor_web.agreements.exclusions.queries import composed
from onefloor_web.agreements.register.models import Agreement, Version
from onefloor_web.agreements.register.queries import in_force, signed_version, terms_of
from onefloor_web.settlement.statements.problems import NothingSigned


def version_used(agreement: Agreement) -> Version:
    """The newest signed version: its text holds every earlier one with its dates.

    Raises:
        NothingSigned: there is none.
    """
    version = signed_version(agreement)
    if version is None:
        raise NothingSigned(agreement)
    return version


def holds_in(agreement: Agreement, month: Month) -> bool:
    """Whether the agreement is in force when a month begins: later than its start, before its end."""
    return in_force(agreement, date(month.year, month.month, 1)) is not None


def ended_by(agreement: Agreement, month: Month) -> bool:
    """Whether the agreement was in force before a month and is not any more."""
    version = signed_version(agreement)
    begun = version is not None and terms_of(version.source).first.id < month.id
    return begun and not holds_in(agreement, month)


def refuse_ended(agreement: Agreement, month: Month) -> None:
    """No month after an end is settled: of notice the text that was signed knows nothing.

    Raises:
        NotInForce: the terms have not begun, or have ended by now.
    """
    if not holds_in(agreement, month):
        raise NotInForce(agreement.code, month, terms_of(version_used(agreement).source).first)


def terms_source(agreement: Agreement) -> str:
    """The YAML that is settled, byte for byte what the bundle holds as ``agreement.yaml``.

    Raises:
        NothingSigned: no version is signed by both.
    """
    version_used(agreement)
    return composed(agreement)
