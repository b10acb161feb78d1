"""A double-blind design: who scores which contacts, so that nobody knows whose they are nor who scores them too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, cycle, islice
from math import comb

import numpy as np

from onefloor.language import Text
from onefloor.problems import Problem

MOST_BLOCKS = 100_000


class NoDesign(Problem):
    """Raters, marks and contacts of which no design can be made."""


@dataclass(frozen=True, slots=True)
class Dealt:
    """``tasks`` are (rater, place in the rater's own order, item); ``key`` says which contact an item is.

    The tasks go to the raters, the key stays with whoever plays the recordings.
    """

    tasks: tuple[tuple[str, int, str], ...]
    key: tuple[tuple[str, str], ...]


def dealt(rng: np.random.Generator, contacts: Sequence[str], raters: Sequence[str], marks: int = 2) -> Dealt:
    """Deal every contact to ``marks`` raters by lot.

    Blocks of raters are taken in turn, from all that there are in drawn order (Cochran and Cox 1957, Experimental
    Designs, section 11.1): every two raters share as many contacts as every other two, give or take one round. Items
    are numbered in drawn order and every rater has an order of its own, so that neither says anything of the contact.

    Args:
        rng: draws the order of contacts, blocks and tasks.
        contacts: each once.
        raters: each once, two or more.
        marks: of each contact; 2 to the number of raters.

    Raises:
        NoDesign: too few or repeated names, or marks that raters cannot give.
    """
    _check(contacts, raters, marks)
    width = len(str(len(contacts)))
    items = [(f"item-{number:0{width}d}", contacts[place]) for number, place in _numbered(rng, len(contacts))]
    every = list(combinations(raters, marks))
    blocks = islice(cycle(every[place] for place in rng.permutation(len(every))), len(contacts))
    mine: dict[str, list[str]] = {name: [] for name in raters}
    for (item, _), block in zip(items, blocks, strict=True):
        for name in block:
            mine[name].append(item)
    tasks = [(name, number, held[place]) for name, held in mine.items() for number, place in _numbered(rng, len(held))]
    return Dealt(tuple(tasks), tuple(items))


def _numbered(rng: np.random.Generator, length: int) -> Iterator[tuple[int, int]]:
    """1, 2, 3 ... with places in drawn order."""
    return enumerate(rng.permutation(length).tolist(), 1)


def _check(contacts: Sequence[str], raters: Sequence[str], marks: int) -> None:
    if len(set(raters)) < max(2, len(raters)):
        raise NoDesign(
            Text("至少要两名不同的质检员。", "It takes two raters or more, each named once."),
            remedy=Text("例如 --names QA1,QA2,QA3。", "For example --names QA1,QA2,QA3."),
        )
    if not contacts or len(set(contacts)) < len(contacts):
        raise NoDesign(
            Text("录音列表为空或有重复。", "The list of contacts is empty or names one twice."),
            remedy=Text("每条录音只列一次。", "List every contact once."),
        )
    if not 2 <= marks <= len(raters) or comb(len(raters), marks) > MOST_BLOCKS:
        raise NoDesign(
            Text(
                f"{len(raters)} 名质检员无法每条评 {marks} 次。",
                f"With {len(raters)} raters no contact is marked {marks} times.",
            ),
            remedy=Text("请改 --times，通常为 2。", "Change --times; 2 is usual."),
        )
