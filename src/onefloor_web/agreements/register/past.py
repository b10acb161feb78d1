"""What both have signed stays: the texts that follow hold every amendment of it."""

from __future__ import annotations

from typing import Any

from onefloor.agreements.terms.agreement import Agreement as Terms
from onefloor.language import Text
from onefloor.problems import Problem
from onefloor_web.agreements.register.models import Agreement, State, Version
from onefloor_web.agreements.register.queries import terms_of


class OtherBase(Problem):
    """An amendment of a version that is not the one in force any more, or of another agreement."""

    def __init__(self, base: Version) -> None:
        super().__init__(
            Text(f"第 {base.number} 版已不是最新的双签版本。", f"Version {base.number} is not the latest signed one."),
            why=Text("补充协议须包含此前的全部补充协议。", "An amendment holds all amendments before it."),
            remedy=Text("请从现行版本重新起草。", "Draft it anew from the version in force."),
        )


class ChangesThePast(Problem):
    """An amendment whose text differs from the version in force in more than its new entry."""

    def __init__(self, base: Version) -> None:
        super().__init__(
            Text(
                f"与第 {base.number} 版相比，改动不只在新增的补充协议中。",
                f"It changes more of version {base.number} than an amendment adds.",
            ),
            why=Text("已签署的条款和补充协议不再改动。", "What was signed stays as it was signed."),
            remedy=Text("请把改动写进 amendments 的最后一项。", "Write the change into the last entry of amendments."),
        )


class LosesAmendments(Problem):
    """A text without an amendment that both have signed, or with another one in its place."""

    def __init__(self, base: Version, missing: list[Any]) -> None:
        days = ", ".join(str(one.get("from", "")) for one in missing)
        super().__init__(
            Text(
                f"缺少或改动了第 {base.number} 版中已签署的补充协议（{days}）。",
                f"Amendments that both signed in version {base.number} are missing or changed: {days}.",
            ),
            why=Text("新版本的文本包含此前的全部补充协议。", "A version's text holds every amendment before it."),
            remedy=Text(
                "请从现行版本起草补充协议，或原样保留这些补充协议。",
                "Draft an amendment from the version in force, or keep those entries as they were signed.",
            ),
        )


def refuse_lost(agreement: Agreement, wanted: Terms) -> None:
    """Whether a text holds what both have signed, before it is proposed.

    Raises:
        LosesAmendments: it drops or changes an amendment of the newest signed version.
    """
    signed = _latest(agreement)
    if signed is None:
        return
    kept = _entries(wanted)
    missing = [one for one in _entries(terms_of(signed.source)) if one not in kept]
    if missing:
        raise LosesAmendments(signed, missing)


def refuse_more(base: Version, wanted: Terms) -> None:
    """Whether an amendment of a version is its text with entries more, and nothing else.

    Raises:
        OtherBase: the version is not the newest signed one, or of another agreement.
        ChangesThePast: it changes what was signed.
    """
    latest = _latest(base.agreement)
    if latest is None or latest.pk != base.pk or wanted.code != base.agreement.code:
        raise OtherBase(base)
    before = terms_of(base.source).source.as_data()
    if _without_newest(wanted.source.as_data(), before) != before:
        raise ChangesThePast(base)


def _latest(agreement: Agreement) -> Version | None:
    return Version.objects.filter(agreement=agreement, state=State.SIGNED).order_by("-number").first()


def _entries(terms: Terms) -> list[Any]:
    found = terms.source.as_data().get("amendments") or []
    return found if isinstance(found, list) else [found]


def _without_newest(wanted: dict[str, object], signed: dict[str, object]) -> dict[str, object]:
    """The text less the entries that the signed one does not have."""
    before = signed.get("amendments")
    entries = wanted.get("amendments")
    kept = entries[: len(before)] if isinstance(entries, list) and isinstance(before, list) else before
    rest = {name: part for name, part in wanted.items() if name != "amendments"}
    return {**rest, "amendments": kept} if "amendments" in signed else rest
