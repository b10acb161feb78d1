"""Chance that can be repeated: a generator for each purpose and month, and hashes that need no order.

Every draw belongs to (seed, month, purpose), so another table, or asking for fewer months, changes no other number.
"""

from __future__ import annotations

import zlib

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Words = npt.NDArray[np.uint64]


def generator(seed: int, month: int, purpose: str) -> np.random.Generator:
    """The generator of one purpose in one month."""
    return np.random.default_rng([seed, month, zlib.crc32(purpose.encode())])


def mixed(words: Words) -> Words:
    """SplitMix64's output function: a bijection of 64-bit words that looks like chance (Steele et al., 2014)."""
    words = words + np.uint64(0x9E3779B97F4A7C15)
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))


def word_of(*parts: int | str) -> np.uint64:
    """A 64-bit word of a few numbers and names."""
    word = np.zeros(1, np.uint64)
    for part in parts:
        number = zlib.crc32(part.encode()) if isinstance(part, str) else part
        word = mixed(word ^ np.uint64(number % 2**64))
    return np.uint64(word[0])


def uniform(word: np.uint64, *keys: Ints) -> Floats:
    """Uniform numbers in [0, 1) that depend on the keys alone; keys broadcast."""
    words = np.full(np.broadcast_shapes(*(key.shape for key in keys)), word, np.uint64)
    for key in keys:
        words = mixed(words ^ np.broadcast_to(key, words.shape).astype(np.uint64))
    return (words >> np.uint64(11)).astype(np.float64) * 2.0**-53


def logistic(logit: Floats) -> Floats:
    """The probability of a logit."""
    found: Floats = 1.0 / (1.0 + np.exp(-logit))
    return found


def chosen(cumulative: Floats, draws: Floats) -> Ints:
    """For each draw in [0, 1) the first column whose cumulative weight exceeds it.

    ``cumulative`` is (rows, columns) with 1 in the last column, ``draws`` (rows,).
    """
    return np.asarray((draws[:, None] >= cumulative[:, :-1]).sum(axis=1), dtype=np.int64)


def cumulated(weights: Floats) -> Floats:
    """Weights along the last axis as cumulative shares that end at exactly 1."""
    found = np.cumsum(weights, axis=-1)
    found = found / found[..., -1:]
    found[..., -1] = 1.0
    return np.asarray(found)
