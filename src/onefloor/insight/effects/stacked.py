"""Helped against not yet helped, wave by wave, given their history: least squares with errors by unit.

Each block is one outcome period of one wave: those who start with it, and those not helped by then. The effect is one
number for all blocks; every block has its own mean and its own slopes of the history. A unit may stand in many blocks:
the error treats a unit as one cluster, with the CR2 correction and the degrees of freedom of Bell and McCaffrey (2002,
equations 6 and 11; Pustejovsky and Tipton 2018), which hold with few units too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from onefloor.insight.effects.found import Floats, Found, Mask, NoEstimate, Places, Student

LEAST = 5  # units on a side, or there is no estimate


@dataclass(frozen=True, slots=True)
class Block:
    """The units of one comparison; every array has one entry a unit, ``history`` one column a figure."""

    unit: Places
    helped: Mask
    outcome: Floats
    history: Floats
    weight: Floats


@dataclass(frozen=True, slots=True)
class Within:
    """Blocks with mean and history taken out: what is left of help and outcome, and the leverage of each row."""

    unit: Places
    help: Floats
    outcome: Floats
    weight: Floats  # square roots
    leverage: Floats
    bases: tuple[Floats, ...]  # orthonormal columns of each block
    ends: tuple[int, ...]


def compared(blocks: Sequence[Block]) -> Found:
    """The effect of help over all blocks.

    Raises:
        NoEstimate: fewer than ``LEAST`` units on a side, or help follows from history alone.
    """
    helped, others = sides(blocks)
    if helped == 0 or others < LEAST:
        raise NoEstimate("too_few_others", helped=helped, others=others)
    left = within(blocks)
    square = float(left.help @ left.help)
    if square < 1e-9 * sum(len(block.unit) for block in blocks):
        raise NoEstimate("no_overlap")
    value = float(left.help @ left.outcome) / square
    variance, df = _robust(left, value, square)
    return Found(value, float(np.sqrt(variance)), Student(df), helped, others)


def sides(blocks: Sequence[Block]) -> tuple[int, int]:
    """The units ever helped, and those ever compared with."""
    helped = {int(unit) for block in blocks for unit in block.unit[block.helped]}
    others = {int(unit) for block in blocks for unit in block.unit[~block.helped]}
    return len(helped), len(others)


def within(blocks: Sequence[Block]) -> Within:
    """Help and outcome less what each block's mean and history say (Frisch, Waugh, Lovell)."""
    parts = [_block(block) for block in blocks]
    ends = tuple(np.cumsum([len(block.unit) for block in blocks]).tolist())
    unit = np.concatenate([block.unit for block in blocks])
    help_, outcome, root, leverage = (np.concatenate([part[place] for part in parts]) for place in range(4))
    return Within(unit, help_, outcome, root, leverage, tuple(part[4] for part in parts), ends)


def _block(block: Block) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    root = np.sqrt(block.weight)
    history = block.history - block.history.mean(0) if len(block.unit) else block.history
    columns = np.column_stack([np.ones(len(root)), history]) * root[:, None]
    basis = _basis(columns)
    help_, outcome = block.helped * root, block.outcome * root
    return (
        help_ - basis @ (basis.T @ help_),
        outcome - basis @ (basis.T @ outcome),
        root,
        (basis**2).sum(1),
        basis,
    )


def _basis(columns: Floats) -> Floats:
    """An orthonormal basis of what the columns span; columns that say nothing new fall away."""
    size = np.sqrt((columns**2).sum(0))
    left, strength, _ = np.linalg.svd(columns / np.where(size > 0, size, 1), full_matrices=False)
    return np.asarray(left[:, strength > 1e-7 * max(1.0, strength.max(initial=0.0))])


def _robust(left: Within, value: float, square: float) -> tuple[float, float]:
    """CR2 variance of the effect and its Bell-McCaffrey degrees of freedom.

    A row of a unit shares no block with another row of that unit, so the unit's part of the hat matrix is the rows'
    leverages on the diagonal plus one outer product; its inverse root is taken by eigenvalues.
    """
    units, place = np.unique(left.unit, return_inverse=True)
    residual = left.outcome - value * left.help
    adjusted = np.zeros(len(residual))  # A_g d_g, the corrected help of each row
    order = np.argsort(place, kind="stable")
    bounds = np.searchsorted(place[order], np.arange(len(units) + 1))
    for number in range(len(units)):
        rows = order[bounds[number] : bounds[number + 1]]
        adjusted[rows] = _corrected(left.help[rows], left.leverage[rows], square)
    scores = np.bincount(place, adjusted * residual, len(units)) / square
    return float((scores**2).sum()), _degrees(left, adjusted / square, place, len(units), square)


def _corrected(help_: Floats, leverage: Floats, square: float) -> Floats:
    kept = np.diag(1 - leverage) - np.outer(help_, help_) / square
    strength, turn = np.linalg.eigh(kept)
    root = np.where(strength > 1e-10, strength, np.inf) ** -0.5
    return np.asarray(turn @ (root * (turn.T @ help_)))


def _degrees(left: Within, loads: Floats, place: Places, units: int, square: float) -> float:
    """(trace B)^2 / trace(B^2) of B = V'(I - H)V, where column g of V has the loads of unit g."""
    inner: Floats = np.diag(np.bincount(place, loads**2, units))
    first = 0
    for basis, end in zip(left.bases, left.ends, strict=True):
        held = np.zeros((units, basis.shape[1]))
        np.add.at(held, place[first:end], loads[first:end, None] * basis)
        inner -= held @ held.T
        first = end
    along = np.bincount(place, loads * left.help, units)
    inner -= np.outer(along, along) / square
    return max(1.0, float(np.trace(inner) ** 2 / (inner**2).sum()))


def roughly(blocks: Sequence[Block]) -> Found | None:
    """The effect with the plain error by units: for permutations, whose draws correct it. None without overlap."""
    if not blocks:
        return None
    left = within(blocks)
    square = float(left.help @ left.help)
    if square < 1e-9 * len(left.help):
        return None
    value = float(left.help @ left.outcome) / square
    units, place = np.unique(left.unit, return_inverse=True)
    scores = np.bincount(place, left.help * (left.outcome - value * left.help), len(units)) / square
    error = float(np.sqrt((scores**2).sum()))
    return Found(value, error, Student(max(1, len(units) - 1)), *sides(blocks)) if error else None
