"""The words of lists of agents and teams."""

from __future__ import annotations

from onefloor.insight.fair.people import One, People
from onefloor.insight.numbers import number, signed
from onefloor.language import Text, joined, same

PLAIN = Text("", "")


def people_sentence(found: People, title: Text, unit: Text) -> Text:
    """Whether anybody is beyond what ordinary agents or teams differ by."""
    flagged = [one for one in found.ones if one.flagged]
    size, spread = f"{len(found.ones):,}", number(found.spread)
    noun = Text("名坐席", "agents") if found.unit == "agent" else Text("个班组", "teams")
    if not flagged:
        return Text(
            f"{title.zh}：{size} {noun.zh}都在偶然与正常差异（±{spread} {unit.zh}）之内。",
            f"{title.en}: all {size} {noun.en} lie within chance and ordinary differences (±{spread} {unit.en}).",
        )
    named = joined(_named(one) for one in sorted(flagged, key=lambda one: one.difference)[:8])
    more = Text(" 等", " and others") if len(flagged) > 8 else PLAIN
    return Text(
        f"{title.zh}：{size} {noun.zh}中有 {len(flagged)} 个超出偶然与正常差异（±{spread} {unit.zh}）："
        f"{named.zh}{more.zh}。",
        f"{title.en}: {len(flagged)} of {size} {noun.en} lie beyond chance and ordinary differences "
        f"(±{spread} {unit.en}): {named.en}{more.en}.",
    )


def _named(one: One) -> Text:
    name = one.name or "-"
    return same(f"{name} ({one.company}) {signed(one.difference)}")
