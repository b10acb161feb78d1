"""Offered load by type and interval, and the agents of one pooled queue: where the search begins."""

from __future__ import annotations

import numpy as np

from onefloor.planning.erlang.sizing import Goal, least_agents
from onefloor.planning.erlang.traffic import MOST_PATIENCE_S, S_PER_HOUR, Traffic
from onefloor.planning.pools.problem import Floats, Ints, Pools
from onefloor.planning.pools.transfers import all_calls
from onefloor.planning.simulation.model import ContactType, Model, spread_out

MOST_LEVEL = 0.999


def handling(kind: ContactType) -> float:
    """Mean time an agent is busy with a contact."""
    return kind.service.mean + (kind.wrap_up.mean if kind.wrap_up else 0.0)


def arrivals(model: Model) -> Floats:
    """Mean contacts by type and interval with those who come back after service, shape (T, P)."""
    again = [1.0 / (1.0 - min(kind.repeat.share, 0.95)) if kind.repeat else 1.0 for kind in model.types]
    rows = [np.array(spread_out(kind.arrivals, model.intervals)) for kind in model.types]
    return np.asarray(np.array(rows) * np.array(again)[:, None])


def offered_loads(model: Model) -> Floats:
    """Mean busy agents if nobody waited, by type and interval, shape (T, P).

    The modified offered load (Jennings, Mandelbaum, Massey and Whitt 1996, Management Science 42:1383): the number
    in an infinite-server system with the mean handling time S, m' = rate - m / S, averaged over each interval; it
    lags behind the arrivals. It begins in balance with the first interval.
    """
    rates = arrivals(model) / model.interval
    means = np.array([handling(kind) for kind in model.types])
    return np.array([_lagged(row, mean, model.interval) for row, mean in zip(rates, means, strict=True)])


def _lagged(rates: Floats, mean: float, width: float) -> Floats:
    if mean <= 0:
        return np.zeros_like(rates)
    held, kept = rates[0] * mean, np.exp(-width / mean)
    found = np.empty_like(rates)
    for i, rate in enumerate(rates):
        level = rate * mean
        found[i] = level + (held - level) * (1 - kept) * mean / width
        held = level + (held - level) * kept
    return found


def loads(asked: Pools) -> Floats:
    """Offered loads, shape (T, P); of steady pools the mean over the horizon."""
    found = offered_loads(asked.model)
    return found if asked.by_interval else found[:, asked.model.warm_intervals :].mean(axis=1, keepdims=True)


def all_loads(asked: Pools) -> Floats:
    """``loads`` with the contacts that come from other lines."""
    busy = np.array([[max(handling(kind), 1e-12)] for kind in asked.model.types])
    return np.asarray(all_calls(asked.model, loads(asked) / busy) * busy)


def pooled_agents(asked: Pools) -> Ints:
    """Least agents if everybody could serve everything, by Erlang A with the lowest target, shape (P,).

    No division into groups needs fewer (of the same pace), so it is where a search begins from below.
    """
    load = loads(asked)
    model, total = asked.model, load.sum(axis=0)
    means = np.array([handling(kind) for kind in model.types])
    calls = load / np.maximum(means, 1e-12)[:, None]
    every = np.maximum(calls.sum(axis=0), 1e-12)
    patience = np.array([_patience(kind) for kind in model.types])
    leaves = np.where(np.isfinite(patience), 1.0 / patience, 0.0)
    leaving = (leaves[:, None] * calls).sum(axis=0) / every
    waits = np.where(leaving > 1 / MOST_PATIENCE_S, 1.0 / np.maximum(leaving, 1e-12), np.inf)
    within = max(model.rule_of(kind).within for kind in model.types)
    goal = Goal("service_level", min(float(asked.levels.min()), MOST_LEVEL), within, model.rule.formula)
    busy = np.where(total > 0, total / every, 1.0)
    return least_agents(Traffic(every * S_PER_HOUR * (total > 0), busy, waits), goal)


def _patience(kind: ContactType) -> float:
    return kind.patience.mean if kind.patience is not None and kind.patience.mean > 0 else np.inf
