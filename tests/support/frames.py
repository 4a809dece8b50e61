"""Frames of every kind that the protocol allows, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from daybeat import wire
from daybeat.consent import RULES
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
