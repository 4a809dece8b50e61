"""The frames between daemon and courier: what goes in comes out, and nothing else is taken."""

from __future__ import annotations

import msgpack
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daybeatd.courier_wire import (
    HEAD_BYTES,
    MAX_ANSWER,
    MAX_RESULT,
    CourierWireError,
    Request,
    pack_request,
    pack_result,
    split,
    unpack_request,
    unpack_result,
)
from daybeatd.sinks.contract import Delivery, Result

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

POST = Delivery(url="https://example.com/", headers={"X-A": "b"}, timeout=5.0)
FIELDS = {"id": "1", "url": "https://x/", "path": "", "headers": {}, "timeout": 5.0, "body": b""}
ANSWER = {"id": "1", "status": 200, "words": "", "retry_after": "", "answer": b""}


@pytest.mark.parametrize(
    "request_",
    [
        Request("1", POST, b"\0body"),
        Request("é", POST, b"", proxy="http://proxy:3128", ca="/etc/ca.pem"),
        Request("2", Delivery(path="/tmp/beats.jsonl"), b"{}\n"),
    ],
)
def test_a_request_comes_out_as_it_went_in(request_: Request) -> None:
    framed = pack_request(request_.id, request_.delivery, request_.body, request_.proxy, request_.ca)
    assert int.from_bytes(framed[:HEAD_BYTES], "big") == len(framed) - HEAD_BYTES
    assert unpack_request(framed[HEAD_BYTES:]) == request_


def test_proxy_and_ca_may_be_absent() -> None:
    assert unpack_request(msgpack.packb(FIELDS)) == Request("1", Delivery(url="https://x/"), b"")


def test_a_result_comes_out_as_it_went_in() -> None:
    result = Result(status=429, words="429 Too Many Requests", retry_after="120", answer=b"\xff")
    assert unpack_result(pack_result("1", result)[HEAD_BYTES:]) == ("1", result)


def test_a_result_is_cut_to_its_limits_and_made_one_line() -> None:
    hostile = Result(status=200, words="a\nb\x1b[31m" + "x" * 999, retry_after="1\r\n2", answer=b"x" * MAX_ANSWER * 2)
    _, found = unpack_result(pack_result("1", hostile)[HEAD_BYTES:])
    assert found.words.startswith("a b [31mx")
    assert (len(found.words), found.retry_after, len(found.answer)) == (300, "1  2", MAX_ANSWER)


@pytest.mark.parametrize(
    "change",
    [
        {"id": ""},
        {"id": 1},
        {"id": "x" * 201},
        {"url": ""},
        {"path": "/tmp/too"},
        {"url": "x" * 8193},
        {"headers": []},
        {"headers": {"a": 1}},
        {"headers": {b"a": "b"}},
        {"timeout": 0},
        {"timeout": -1.0},
        {"timeout": 601},
        {"timeout": float("nan")},
        {"timeout": float("inf")},
        {"timeout": True},
        {"body": "text"},
        {"proxy": None},
        {"ca": b""},
        {"more": 1},
    ],
)
def test_a_request_that_does_not_hold_is_none(change: dict[str, object]) -> None:
    with pytest.raises(CourierWireError):
        unpack_request(msgpack.packb(FIELDS | change))


@pytest.mark.parametrize(
    "change",
    [
        {"id": ""},
        {"status": -1},
        {"status": 1000},
        {"status": "200"},
        {"status": True},
        {"words": "a\nb"},
        {"words": "x" * 301},
        {"retry_after": None},
        {"answer": ""},
        {"answer": b"x" * (MAX_ANSWER + 1)},
        {"more": 1},
    ],
)
def test_a_result_that_does_not_hold_is_none(change: dict[str, object]) -> None:
    with pytest.raises(CourierWireError):
        unpack_result(msgpack.packb(ANSWER | change))


@pytest.mark.parametrize("field", sorted(ANSWER))
def test_a_field_that_is_missing_is_said(field: str) -> None:
    with pytest.raises(CourierWireError, match="exactly the fields"):
        unpack_result(msgpack.packb({name: value for name, value in ANSWER.items() if name != field}))


def test_what_the_courier_would_not_take_is_not_sent() -> None:
    with pytest.raises(CourierWireError):
        pack_request("1", Delivery(), b"")


@UNHURRIED
@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_no_frame(data: bytes) -> None:
    for unpack in (unpack_request, unpack_result):
        try:
            unpack(data)
        except CourierWireError:
            continue


_scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text() | st.binary()
_keys = st.text() | st.binary()
_values = st.recursive(_scalars, lambda inner: st.lists(inner) | st.dictionaries(_keys, inner), max_leaves=4)


@UNHURRIED
@given(st.sampled_from([FIELDS, ANSWER]), st.data())
def test_any_map_is_a_value_or_no_frame(fields: dict[str, object], data: st.DataObject) -> None:
    changed = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(fields, _values)))
    packed = msgpack.packb(fields | changed)
    for unpack in (unpack_request, unpack_result):
        try:
            unpack(packed)
        except CourierWireError:
            continue


@UNHURRIED
@given(st.lists(st.binary(max_size=50)), st.lists(st.integers(1, 20), min_size=1))
def test_frames_are_found_however_they_were_cut(payloads: list[bytes], sizes: list[int]) -> None:
    stream = b"".join(len(payload).to_bytes(4, "big") + payload for payload in payloads)
    found: list[bytes] = []
    pending = b""
    while stream:
        for size in sizes:
            pending, stream = pending + stream[:size], stream[size:]
            whole, pending = split(pending, 50)
            found += whole
    assert (found, pending) == (payloads, b"")


def test_a_frame_over_the_limit_is_refused_by_its_head() -> None:
    with pytest.raises(CourierWireError, match="over the limit"):
        split((MAX_RESULT + 1).to_bytes(4, "big"), MAX_RESULT)
