"""Exclusions that both approved after a month was settled.

An open month is settled again, a locked one is compared with what it would be now: nothing that both agreed on is lost,
and nothing that both signed is touched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from onefloor.agreements.bundle import AGREEMENT
from onefloor.language import Text
from onefloor_web.agreements.exclusions.composing import composed_text
from onefloor_web.agreements.exclusions.models import Exclusion
from onefloor_web.agreements.exclusions.queries import entry_of, given, months_of
from onefloor_web.agreements.register.queries import zone_of
from onefloor_web.platform.floor import zone
from onefloor_web.settlement.statements.models import Statement
from onefloor_web.settlement.statements.reading import bundle_of


def approved_since(statements: Sequence[Statement]) -> dict[int, list[str]]:
    """For each statement the exclusions of its month that both have approved and that it does not leave out."""
    approved: dict[int, list[Exclusion]] = defaultdict(list)
    agreements = {one.agreement_id for one in statements}
    rows = Exclusion.objects.filter(agreement__in=agreements, withdrawn_at=None, answer__approved=True)
    for one in rows.order_by("number"):
        approved[one.agreement_id].append(one)
    rows_out = Statement.objects.filter(pk__in=[one.pk for one in statements if approved[one.agreement_id]])
    left_out = dict(rows_out.values_list("pk", "document__left_out"))  # of a document nothing else is asked
    return {one.pk: _missing(one, approved[one.agreement_id], left_out.get(one.pk) or []) for one in statements}


def terms_since(statement: Statement) -> bytes:
    """The terms of its bundle, and the exclusions approved since; byte for byte the bundle's where there are none."""
    if not approved_since([statement])[statement.pk]:
        return (bundle_of(statement) / AGREEMENT).read_bytes()
    source, local = statement.version.source, zone_of(statement.agreement)
    return composed_text(source, [entry_of(one, local) for one in given(statement.agreement)]).encode()


def cause(statement: Statement, *, facts: bool, exclusions: Sequence[str], earlier: bool = False) -> Text:
    """What changed after it was locked, as the beginning of a sentence."""
    codes = ", ".join(exclusions)
    if earlier and not exclusions and not facts:
        return Text(
            f"{statement.month} 锁定后，以前账期有冲减或更正",
            f"Earlier months were credited or corrected after {statement.month} was locked",
        )
    if not exclusions:
        return Text(
            f"{statement.month} 锁定后到达或更正的数据",
            f"Facts of {statement.month} came or changed after it was locked",
        )
    more = Text("，以及到达或更正的数据", " and facts came or changed") if facts else Text("", "")
    return Text(
        f"{statement.month} 锁定后双方同意的剔除 {codes}{more.zh}",
        f"After {statement.month} was locked both approved {codes}{more.en}",
    )


def _missing(statement: Statement, approved: Sequence[Exclusion], left_out: Sequence[Mapping[str, Any]]) -> list[str]:
    """Those that touch its month and that it does not leave out already."""
    known = {item["name"] for item in left_out if item["applied"]}
    local = zone()
    return [one.code for one in approved if one.code not in known and statement.period in months_of(one, local)]
