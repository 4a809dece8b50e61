"""Any bytes are a frame or a WireError. The daemon trusts no client."""

from __future__ import annotations

import msgpack
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from daybeat import wire
from daybeat.policy import MAX_NAME, Policy
from support.frames import eight_bytes, frames, plain, wild_frames, wild_records

bounded = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def hold(frame: wire.Frame) -> None:
    """What the daemon may rely on without looking again."""
    assert len(frame.digest) == wire.DIGEST_BYTES
    assert len(frame.nonce) == wire.NONCE_BYTES
    payload = frame.payload
    if isinstance(payload, wire.Counts):
        for name, n in [*payload.counts.items(), *payload.errors.items()]:
            assert type(name) is str
            assert len(name) <= MAX_NAME
            assert type(n) is int
            assert 1 <= n <= wire.MAX_COUNT
        assert set(payload.dropped) <= set(wire.REASONS)
        values = [value for observed in payload.observed for value in observed.values]
        assert all(type(value) is float for value in values)
        assert len(payload.counts) + len(payload.errors) + len(values) <= wire.MAX_ENTRIES
    elif isinstance(payload, wire.Record):
        assert abs(payload.time) < wire.MAX_COUNT
        assert all(type(key) is str for key in payload.fields)
    elif isinstance(payload, wire.Process):
        assert len(payload.facts) <= wire.MAX_FACTS
    else:
        assert isinstance(payload, wire.Declaration)
        assert isinstance(payload.policy, Policy)
        assert payload.policy.product == frame.product


def total(message: bytes) -> wire.Frame | None:
    try:
        frame = wire.decode(message)
    except wire.WireError:
        return None
    hold(frame)
    return frame


@bounded
@given(st.binary(max_size=400))
@example(b"")
@example(b"\xc1")
@example(b"\x96")
@example(b"\xdd\xff\xff\xff\xff")
@example(b"\xdf\xff\xff\xff\xff")
@example(b"\xc6\xff\xff\xff\xff")
@example(b"\xdb\xff\xff\xff\xff")
@example(b"\xc9\xff\xff\xff\xff\x01")
@example(b"\x91" * wire.MAX_FRAME)
@example(b"\x81\x00" * 8000)
@example(b"\x00" * (wire.MAX_FRAME + 1))
def test_any_bytes_are_a_frame_or_a_wire_error(message: bytes) -> None:
    total(message)


@bounded
@given(frames, st.data())
def test_a_frame_that_was_damaged_is_a_frame_or_a_wire_error(frame: wire.Frame, data: st.DataObject) -> None:
    message = bytearray(wire.encode(frame))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(message) - 1))
        cut = data.draw(st.integers(0, 3))
        message[place : place + cut] = data.draw(st.binary(max_size=9))
        if not message:
            break
    total(bytes(message))


@bounded
@given(frames, st.data())
def test_every_beginning_of_a_frame_is_a_wire_error(frame: wire.Frame, data: st.DataObject) -> None:
    message = wire.encode(frame)
    assert total(message[: data.draw(st.integers(0, len(message) - 1))]) is None
    assert total(message + data.draw(st.binary(min_size=1, max_size=9))) is None


@bounded
@given(
    version=st.one_of(st.just(wire.VERSION), plain),
    kind=st.one_of(st.sampled_from([wire.POLICY, wire.PROCESS, wire.COUNTS, wire.RECORD]), plain),
    product=st.one_of(st.just("acme"), plain),
    digest=st.one_of(eight_bytes, plain),
    nonce=st.one_of(eight_bytes, plain),
    payload=st.one_of(plain, st.binary(max_size=60)),
)
def test_msgpack_of_any_shape_is_a_frame_or_a_wire_error(**parts: object) -> None:
    total(msgpack.packb(list(parts.values())))


numbers_like = st.one_of(
    plain,
    st.dictionaries(st.one_of(st.text(max_size=8), st.binary(max_size=8)), st.one_of(st.integers(0, 2**64 - 1), plain)),
)


@bounded
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "counts": numbers_like,
            "errors": numbers_like,
            "dropped": numbers_like,
            "observed": st.lists(st.one_of(plain, st.lists(plain, min_size=4, max_size=4)), max_size=4),
            "more": plain,
        },
    )
)
def test_counts_of_any_shape_are_counts_or_a_wire_error(payload: dict[str, object]) -> None:
    total(msgpack.packb([1, wire.COUNTS, "acme", b"d" * 8, b"n" * 8, payload]))


@bounded
@given(frames, st.data())
def test_a_policy_with_any_field_changed_is_a_policy_or_a_wire_error(frame: wire.Frame, data: st.DataObject) -> None:
    if not isinstance(frame.payload, wire.Declaration):
        return
    fields = msgpack.unpackb(wire.pack_policy(frame.payload.policy, frame.payload.rule))
    inside = fields["sink"] if fields["sink"] is not None and data.draw(st.booleans()) else fields
    field = data.draw(st.sampled_from(sorted(inside)))
    inside[field] = data.draw(st.one_of(plain, st.lists(st.text(max_size=9), max_size=4), st.binary(max_size=9)))
    packed = msgpack.packb(fields)
    message = msgpack.packb([1, wire.POLICY, frame.product, wire.digest_of(packed), frame.nonce, packed])
    total(message)


@bounded
@given(frames)
def test_what_is_encoded_is_decoded_as_it_was(frame: wire.Frame) -> None:
    message = wire.encode(frame)
    assert len(message) <= wire.MAX_FRAME
    found = total(message)
    assert found is not None
    if isinstance(frame.payload, wire.Record | wire.Process):
        assert repr(found) == repr(frame)  # NaN among free values is unequal to itself
    else:
        assert found == frame
    assert wire.encode(found) == message


@settings(bounded, max_examples=300)
@given(wild_frames)
def test_what_decode_would_refuse_is_never_encoded(frame: wire.Frame) -> None:
    """Each limit, one side of it and the other: a frame is carried as it was or is a WireError at its birth."""
    try:
        message = wire.encode(frame)
    except wire.WireError:
        return
    assert repr(wire.decode(message)) == repr(frame)  # NaN is unequal to itself


@settings(bounded, max_examples=200)
@given(wild_records)
def test_nor_is_a_record_packed_that_decode_would_refuse(record: wire.Record) -> None:
    try:
        packed = wire.pack_record(record)
    except wire.WireError:
        return
    found = wire.decode(wire.record_frame("a" * 32, b"d" * 8, b"n" * 8, packed)).payload
    assert repr(found) == repr(record)
    assert isinstance(found, wire.Record)
    assert repr(found.fields) == repr(record.fields)
    assert found.salt == record.salt
