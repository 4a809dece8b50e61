"""Whatever a process holds, its frames are read by the daemon, and their sum is what was held."""

from __future__ import annotations

from collections import Counter as Multiset

from hypothesis import given, settings
from hypothesis import strategies as st

from daybeat import wire
from daybeat.book import Batch, Book, Key
from daybeat.consent import DEFAULT
from daybeat.policy import MAX_NAME, policy

NONCE = b"n" * 8
bounded = settings(deadline=None, max_examples=60)
ascii_text = st.integers(1, MAX_NAME).flatmap(lambda size: st.text("abcdefgh.-_", min_size=1, max_size=size))
numbers = st.dictionaries(ascii_text, st.one_of(st.integers(1, 200), st.integers(1, 2**53)), max_size=80)
short = st.text("abcdefgh", min_size=1, max_size=64)
tags = st.dictionaries(short, short, max_size=4).map(lambda found: tuple(sorted(found.items())))
observed = st.dictionaries(
    st.tuples(ascii_text, short, tags), st.lists(st.floats(allow_nan=False), min_size=1, max_size=90), max_size=8
)
dropped = st.dictionaries(st.sampled_from(wire.REASONS), st.integers(1, 2**31), max_size=5)


Observed = dict[Key, list[float]]


def filled(parts: dict[str, dict[str, int]], series: Observed) -> Book:
    book = Book(policy("a" * 32), DEFAULT)
    book.packed_policy()
    for kind, found in parts.items():
        for name, n in found.items():
            book.add(kind, name, n)
    for key, values in series.items():
        book.observe(key, list(values))
    return book


def sent(batches: list[Batch]) -> tuple[dict[str, Multiset[str]], Multiset[tuple[object, float]]]:
    parts: dict[str, Multiset[str]] = {kind: Multiset() for kind in ("counts", "errors", "dropped")}
    values: Multiset[tuple[object, float]] = Multiset()
    for batch in batches:
        payload = wire.decode(batch.frame(NONCE)).payload
        assert isinstance(payload, wire.Counts)
        for kind, found in parts.items():
            found.update(getattr(payload, kind))
        for each in payload.observed:
            values.update(((each.name, each.unit, each.tags), value) for value in each.values)
    return parts, values


@bounded
@given(numbers, numbers, dropped, observed, st.lists(st.booleans(), max_size=20))
def test_the_frames_are_readable_and_their_sum_is_what_was_held(
    counts: dict[str, int],
    errors: dict[str, int],
    reasons: dict[str, int],
    series: Observed,
    refused: list[bool],
) -> None:
    """Some are put back on their way, as when the kernel's buffer is full."""
    book = filled({"counts": counts, "errors": errors, "dropped": reasons}, series)
    batches: list[Batch] = []
    while book.pending:
        batch = book.take([])
        if refused and refused.pop():
            batch.put_back()
        else:
            batches.append(batch)
        assert len(batches) < 1000
    parts, values = sent(batches)
    assert (parts["counts"], parts["errors"], parts["dropped"]) == (
        Multiset(counts),
        Multiset(errors),
        Multiset(reasons),
    )
    assert values == Multiset((key, value) for key, found in series.items() for value in found)
