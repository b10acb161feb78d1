"""Identities depend on the bytes alone."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from onefloor.facts.identity import byte_ids, content_sum, customer_ids, derived_ids, stable_id, stable_ids

INT63 = st.integers(0, 2**63 - 1)


def test_an_identity_is_the_same_on_every_machine() -> None:
    """The number is that of ``printf water | b2sum -l 64``, read from its last byte, halved."""
    assert stable_id("water") == 5904069608741315057


@given(st.lists(st.text()))
def test_ids_of_texts_of_their_bytes_and_one_by_one_agree_and_are_positive(texts: list[str]) -> None:
    found = stable_ids(texts)
    assert found.tolist() == [stable_id(text) for text in texts]
    assert found.tolist() == byte_ids(text.encode("utf-8", "surrogatepass") for text in texts).tolist()
    assert (found >= 0).all()


@given(st.lists(st.text(), min_size=1))
def test_customers_have_ids_that_need_the_key(numbers: list[str]) -> None:
    ours, theirs = customer_ids(numbers, b"a" * 32), customer_ids(numbers, b"b" * 32)
    assert ours.tolist() == customer_ids(numbers, b"a" * 32).tolist()
    assert not set(ours.tolist()) & set(theirs.tolist())
    assert not set(ours.tolist()) & set(stable_ids(numbers).tolist())


@given(st.lists(INT63), st.randoms())
def test_the_content_of_a_set_of_rows_does_not_depend_on_their_order_or_split(ids: list[int], chance: object) -> None:
    mixed = list(ids)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    parts = content_sum(np.array(mixed[:3], np.int64)) + content_sum(np.array(mixed[3:], np.int64))
    assert parts % 2**64 == content_sum(np.array(ids, np.int64)) == sum(ids) % 2**64


@given(st.lists(INT63, unique=True, min_size=1), st.integers(0, 1000))
def test_numbered_parts_of_different_things_stay_different(ids: list[int], number: int) -> None:
    found = derived_ids(np.array(ids, np.int64), np.full(len(ids), number))
    assert len(set(found.tolist())) == len(ids)
    assert (found >= 0).all()
    if number == 0:
        assert found.tolist() == ids
