"""Redials and repeats of each type, and how many of its contacts are fresh."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from onefloor.language import Text
from onefloor.planning.fitting import sentences as say
from onefloor.planning.fitting.asked import Parameters
from onefloor.planning.fitting.basis import Basis
from onefloor.planning.fitting.returning import FEWEST_EVENTS, Returns, calls, returns
from onefloor.planning.fitting.rows import Contacts, Source
from onefloor.planning.simulation.model import Return

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
LARGEST = 0.95


@dataclass(frozen=True, slots=True)
class ComingBack:
    """By type: redials, repeats (None: not beyond chance), and the share of contacts that are neither."""

    redial: tuple[Return | None, ...]
    repeat: tuple[Return | None, ...]
    fresh: tuple[float, ...]
    bases: tuple[Basis, ...]


def coming_back(source: Source, contacts: Contacts, names: tuple[str, ...], asked: Parameters) -> ComingBack:
    """Who calls the same type again. What the model adds by itself is taken out of its arrivals."""
    customer = _customers(source, contacts)
    if not (customer != 0).any():
        nothing = (None,) * len(names)
        return ComingBack(nothing, nothing, (1.0,) * len(names), (Basis(say.REDIAL, "", "", 0, refused=say.NOT_KNOWN),))
    found, codes = calls(contacts, customer)
    served = contacts.answered & (contacts.transferred == 0)
    redial, repeat, fresh, about = [], [], [], []
    for place, name in enumerate(names):
        of_type = contacts.kind == place
        gone, done = contacts.abandoned & of_type, served & of_type
        both = (
            returns(contacts, gone, found, codes, asked.redial),
            returns(contacts, done, found, codes, asked.repeat),
        )
        models = [_as_return(one) for one in both]
        redial.append(models[0])
        repeat.append(models[1])
        again = sum(one.share * int(events.sum()) for one, events in zip(models, (gone, done), strict=True) if one)
        fresh.append(max(1 - again / max(int(of_type.sum()), 1), 0.05))
        about += [_about(title, name, one) for title, one in zip((say.REDIAL, say.REPEAT), both, strict=True)]
    return ComingBack(tuple(redial), tuple(repeat), tuple(fresh), tuple(about))


def _customers(source: Source, contacts: Contacts) -> Ints:
    """The customer of each contact as a keyed hash; 0: not known."""
    facts = source.of_facts("contacts", "row_id", "customer").drop_nulls()
    rows = pl.DataFrame({"row_id": contacts.row_id}).join(facts, on="row_id", how="left", maintain_order="left")
    return rows["customer"].fill_null(0).cast(pl.Int64).to_numpy()


def _as_return(found: Returns) -> Return | None:
    if not found.seen or found.after is None:
        return None
    return Return(share=min(found.share.value, LARGEST), after=found.after)


def _about(parameter: Text, name: str, found: Returns) -> Basis:
    model = _as_return(found)
    details = {"came": found.came, "background": found.background, "window_s": found.window}
    value = f"{100 * model.share:.2f}%, {model.after}" if model else ""
    few = found.events < FEWEST_EVENTS
    why = say.too_few(found.events, FEWEST_EVENTS) if few else _not_more(found)
    refused = None if model else why
    return Basis(
        parameter, name, value, found.events, found.share.times(100), PERCENT, refused=refused, details=details
    )


def _not_more(found: Returns) -> Text:
    return say.back(found.share.value, found.background, found.window)


PERCENT = Text("%", "%")
