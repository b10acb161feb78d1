"""What is wrong with a draft, all at once: the text, its metrics, its parties, its names on this floor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final

from onefloor.agreements.references import check_metrics
from onefloor.agreements.terms.agreement import Agreement, parse_agreement
from onefloor.agreements.terms.places import Node, parsed_yaml
from onefloor.language import Text
from onefloor.problems import Place, Problem, Problems
from onefloor_web.agreements.drafts.models import LONGEST
from onefloor_web.agreements.register.actions import CODE, BadCode, OtherParties
from onefloor_web.agreements.register.models import Version
from onefloor_web.agreements.register.past import refuse_more
from onefloor_web.platform.companies.models import Company
from onefloor_web.platform.companies.queries import the_client
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.floor import fitting
from onefloor_web.records.floor.scopes import NothingToSee

FILE: Final = ""
RESERVED: Final = frozenset({"drafts"})


@dataclass(frozen=True, slots=True)
class Checked:
    """A text as it was read: what is wrong, what could not be checked, and the agreement if it is one."""

    node: Node | None
    agreement: Agreement | None
    problems: tuple[Problem, ...]
    notes: tuple[Text, ...] = ()


class TooLong(Problem):
    """More text than a draft holds."""

    def __init__(self, length: int) -> None:
        super().__init__(
            Text(
                f"文本有 {length:,} 个字符，草稿最多 {LONGEST:,} 个。",
                f"The text has {length:,} characters; a draft holds {LONGEST:,}.",
            ),
            remedy=Text("请只放一份协议。", "Keep one agreement in it."),
        )


def check(viewer: Viewer, company: Company, text: str, base: Version | None = None) -> Checked:
    """Everything that keeps a text from being signed, in the order of its lines."""
    read = reading(text)
    if read.agreement is None:
        return read
    agreement, problems = read.agreement, list(read.problems)
    notes: list[Text] = []
    for look in (
        partial(_parties, company, agreement),
        partial(_amends, agreement, base),
        partial(_fits, viewer, agreement, notes),
    ):
        problems.extend(_found(look))
    return Checked(read.node, agreement, tuple(problems), tuple(notes))


@lru_cache(maxsize=64)
def reading(text: str) -> Checked:
    """What the core says to a text. Each text is read once: pages show a draft more often than it changes."""
    if len(text) > LONGEST:
        return Checked(None, None, (TooLong(len(text)),))
    try:
        node = parsed_yaml(text, FILE)
    except Problem as problem:
        return Checked(None, None, (problem,))
    try:
        agreement = parse_agreement(text, FILE)
    except Problem as problem:
        return Checked(node, None, tuple(_each(problem)))
    return Checked(node, agreement, tuple(_found(lambda: check_metrics(agreement))))


def _found(look: Callable[[], object]) -> list[Problem]:
    try:
        look()
    except Problem as problem:
        return _each(problem)
    return []


def _each(problem: Problem) -> list[Problem]:
    return list(problem.problems) if isinstance(problem, Problems) else [problem]


def _parties(company: Company, agreement: Agreement) -> None:
    """The draft is between the client and its company, also where somebody writes another name."""
    parties = agreement.parties
    client = company if company.is_client else the_client()
    if (parties.client, parties.company, parties.shadow) != (client.code, company.code, company.is_client):
        raise OtherParties(agreement)
    if not CODE.fullmatch(agreement.code) or agreement.code in RESERVED:
        raise BadCode(agreement.code)


def _amends(agreement: Agreement, base: Version | None) -> None:
    """An amendment is the latest signed text with entries more."""
    if base is not None:
        refuse_more(base, agreement)


def _fits(viewer: Viewer, agreement: Agreement, notes: list[Text]) -> None:
    """Names in scopes, once the company has rows; before its first file there is nothing to compare them with."""
    try:
        if fitting.knows_company(viewer, agreement.parties.company):
            fitting.refuse_unfit(viewer, agreement)
            return
    except NothingToSee:
        pass
    notes.append(
        Text(
            "现场还没有乙方的话务数据，范围中的名称暂时无法核对。",
            "There are no facts of the vendor yet: names in scopes cannot be checked.",
        )
    )


def line_of(problem: Problem) -> int:
    """Where it stands; 0 for the whole text."""
    where = problem.where or Place("")
    return where.line or 0
