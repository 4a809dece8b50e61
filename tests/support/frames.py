"""Frames of every kind that the protocol allows, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from daybeat import wire
from daybeat.consent import RULES
from daybeat.policy import MAX_NAME, MAX_TAGS
from support.policies import policies, products

eight_bytes = st.binary(min_size=8, max_size=8)
short_texts = st.text(max_size=20)
counts = st.integers(1, 2**53)
plain = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**64 - 1), st.floats(), short_texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(short_texts, inner, max_size=3)),
    max_leaves=6,
)
scalars = st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**64 - 1), st.floats(allow_nan=False), short_texts)

observed = st.builds(
    wire.Observed,
    name=short_texts,
    unit=short_texts,
    tags=st.dictionaries(short_texts, short_texts, max_size=4).map(lambda tags: tuple(sorted(tags.items()))),
    values=st.lists(st.floats(allow_nan=False), min_size=1, max_size=5).map(tuple),
)
counted = st.builds(
    wire.Counts,
    counts=st.dictionaries(short_texts, counts, max_size=8),
    errors=st.dictionaries(short_texts, counts, max_size=4),
    observed=st.lists(observed, max_size=4).map(tuple),
    dropped=st.dictionaries(st.sampled_from(wire.REASONS), counts),
)
processes = st.builds(wire.Process, facts=st.dictionaries(short_texts, scalars, max_size=8))
records = st.builds(
    wire.Record,
    kind=short_texts,
    time=st.floats(-(2.0**52), 2.0**52),
    fields=st.dictionaries(short_texts, st.one_of(scalars, st.lists(scalars, max_size=3)), max_size=5),
    salt=short_texts,
)
declarations = st.builds(wire.Declaration, policy=policies, rule=st.sampled_from(RULES))


def _frame(product: str, digest: bytes, nonce: bytes, payload: object) -> wire.Frame:
    if isinstance(payload, wire.Declaration):
        product = payload.policy.product
        digest = wire.digest_of(wire.pack_policy(payload.policy, payload.rule))
    return wire.Frame(product=product, digest=digest, nonce=nonce, payload=payload)


frames = st.builds(_frame, products, eight_bytes, eight_bytes, st.one_of(counted, processes, records, declarations))


# The same, on both sides of every limit.


def _around(most: int) -> st.SearchStrategy[str]:
    """Texts, many of them as long as may be, or longer by one."""
    return st.one_of(short_texts, st.sampled_from(["x" * most, "x" * (most + 1), "\u00f6" * most, "\ud800"]))


_names = _around(MAX_NAME)
_numbers = st.one_of(counts, st.sampled_from([0, -1, 2**53 + 1, 2**64, True, 1.0]))
_maps = st.one_of(
    st.dictionaries(_names, _numbers, max_size=3),
    st.integers(0, wire.MAX_ENTRIES + 1).map(lambda size: {f"name.{n}": 1 for n in range(size)}),
)
_observed = st.builds(
    wire.Observed,
    name=_names,
    unit=_names,
    tags=st.one_of(
        st.just(()), st.integers(0, MAX_TAGS + 1).map(lambda size: tuple((f"k{n:02}", "v") for n in range(size)))
    ),
    values=st.one_of(
        st.lists(st.floats(), max_size=3).map(tuple),
        st.integers(0, wire.MAX_ENTRIES + 1).map(lambda size: (1.0,) * size),
    ),
)
_wild_counts = st.builds(
    wire.Counts,
    counts=_maps,
    errors=st.one_of(st.just({}), _maps),
    observed=st.one_of(
        st.lists(_observed, max_size=3).map(tuple),
        st.integers(0, wire.MAX_ENTRIES + 1).map(
            lambda n: (wire.Observed(name="d", unit="ms", tags=(), values=(1.0,)),) * n
        ),
    ),
    dropped=st.dictionaries(st.sampled_from([*wire.REASONS, "other"]), _numbers, max_size=2),
)


def _nested(depth: int) -> dict[str, object]:
    found: dict[str, object] = {}
    for _ in range(depth - 1):
        found = {"in": found}
    return found


_fields = st.one_of(
    st.dictionaries(short_texts, plain, max_size=3),
    st.integers(1, wire.MAX_DEPTH + 1).map(_nested),
    st.sampled_from(
        [{"b": b"bytes"}, {1: 2}, {"s": "\ud800"}, {"i": 2**64}, {"o": object()}, {"x": "x" * wire.MAX_FRAME}]
    ),
)
wild_records = st.builds(
    wire.Record,
    kind=_names,
    time=st.one_of(st.floats(), st.sampled_from([2.0**53, -(2.0**53), 2.0**53 - 1])),
    fields=_fields,
    salt=_around(wire.MAX_SALT),
)
_wild_processes = st.builds(
    wire.Process,
    facts=st.one_of(
        _fields, st.integers(0, wire.MAX_FACTS + 1).map(lambda size: {f"fact.{n}": n for n in range(size)})
    ),
)
_of_any_size = st.one_of(eight_bytes, st.sampled_from([b"", b"7 bytes", b"9 bytes.."]))
wild_frames = st.builds(
    _frame,
    st.one_of(products, st.sampled_from(["", "A", "a" * 33])),
    _of_any_size,
    _of_any_size,
    st.one_of(_wild_counts, wild_records, _wild_processes, declarations),
)
