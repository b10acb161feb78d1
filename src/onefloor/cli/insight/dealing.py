"""``onefloor raters --plan``: deal contacts to raters so that they mark them double-blind."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from onefloor.cli.bilingual import BadUsage
from onefloor.cli.output import Screen
from onefloor.language import Text, joined, same
from onefloor.writing import replacing

AGREE, HALF = 0.87, 0.05  # raw agreement that is usual, and how well it is to be known
ERROR_SD, POINTS = 5.0, 1.0  # of one score, and how well severity is to be known


def deal(screen: Screen, contacts: Path, plan: Path, names: str, times: int, seed: int) -> None:
    """Write who marks what, and apart from it which contact is which.

    Raises:
        BadUsage: no names; NoDesign, ColumnsMissing, MissingFile, NotUtf8, BrokenLine.
    """
    import numpy as np

    from onefloor.insight.rating.dealing import dealt
    from onefloor.insight.rating.design import contacts_for_agreement, contacts_for_severity
    from onefloor.insight.rating.reading import read_contacts
    from onefloor.insight.rating.sentences import dealt_words

    raters = [name.strip() for name in names.split(",") if name.strip()]
    if not raters:
        raise BadUsage(
            Text("请用 --names 写出质检员。", "Name the raters with --names."),
            remedy=Text("例如 --names QA1,QA2,QA3。", "For example --names QA1,QA2,QA3."),
        )
    listed = read_contacts(contacts)
    found = dealt(np.random.default_rng(seed), listed, raters, times)
    key = plan.with_name(f"{plan.stem}-key{plan.suffix}")
    _write(plan, ("rater", "place", "item"), found.tasks)
    _write(key, ("item", "contact"), found.key)
    needed = contacts_for_agreement(AGREE, HALF), contacts_for_severity(POINTS, ERROR_SD, len(raters), times)
    sentence = dealt_words(len(listed), len(raters), times, needed)
    if screen.json:
        told = {"contacts": len(listed), "raters": raters, "marks": times, "tasks": len(found.tasks), "seed": seed}
        wanted = {"for_agreement": needed[0], "for_severity": needed[1], "sentence": sentence.as_json()}
        screen.answer(told | wanted | {"plan": str(plan), "key": str(key)})
        return
    screen.show(sentence)
    tasks = Text("任务（发给质检员）：", "tasks, for the raters:")
    kept = Text("对照表（由放录音的人保管）：", "key, for whoever plays the recordings:")
    screen.say(joined([tasks, same(str(plan))], zh="", en=" "))
    screen.say(joined([kept, same(str(key))], zh="", en=" "))


def _write(path: Path, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with replacing(path) as pending, pending.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heads)
        writer.writerows(rows)
