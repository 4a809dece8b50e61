"""The protocol's limits and refusals, one by one."""

from __future__ import annotations

import datetime
from typing import Any

import msgpack
import pytest

import daybeat
from daybeat import wire
from daybeat.consent import DEFAULT, RULES
from daybeat.policy import MAX_NAME, policy

DIGEST, NONCE = b"d" * 8, b"n" * 8
ACME = policy("acme", sink=daybeat.https_json("https://telemetry.acme.dev/v1", headers={"X-Key": "secret"}))


def packed(kind: object, payload: object, *, version: object = 1, product: object = "acme") -> bytes:
    return bytes(msgpack.packb([version, kind, product, DIGEST, NONCE, payload]))


def refused(message: bytes) -> str:
    with pytest.raises(wire.WireError) as error:
        wire.decode(message)
    return str(error.value)


def counts(**payload: object) -> bytes:
    return packed(wire.COUNTS, payload)


def read(message: bytes) -> Any:
    return wire.decode(message).payload


def declared(fields: dict[str, Any], product: str = "acme") -> bytes:
    body = msgpack.packb(fields)
    return bytes(msgpack.packb([1, wire.POLICY, product, wire.digest_of(body), NONCE, body]))


def acme(**changes: object) -> dict[str, Any]:
    return {**ACME.to_map(), "rule": DEFAULT, **changes}


def test_the_bytes_of_a_count_as_the_document_shows_them() -> None:
    payload = wire.Counts(counts={"feature.search": 1}, errors={}, observed=(), dropped={})
    message = wire.encode(wire.Frame(product="acme", digest=DIGEST, nonce=NONCE, payload=payload))
    assert msgpack.unpackb(message) == [1, "counts", "acme", DIGEST, NONCE, {"counts": {"feature.search": 1}}]


@pytest.mark.parametrize("version", [0, 2, "1", None, [1]])
def test_another_version_is_refused(version: object) -> None:
    refused(packed(wire.COUNTS, {}, version=version))


@pytest.mark.parametrize("product", ["", "Acme", "1acme", "a" * 33, "a.b", "acme\n", b"acme", None, 1, "ä"])
def test_a_product_that_is_no_name_is_refused(product: object) -> None:
    refused(packed(wire.COUNTS, {}, product=product))


@pytest.mark.parametrize("kind", ["", "Counts", "beat", b"counts", None, 3, [], {}])
def test_an_unknown_kind_is_refused(kind: object) -> None:
    refused(packed(kind, {}))


@pytest.mark.parametrize("bad", [b"", b"7 bytes", b"9 bytes..", "8 chars.", None, 8])
def test_a_digest_and_a_nonce_have_eight_bytes(bad: object) -> None:
    refused(msgpack.packb([1, "counts", "acme", bad, NONCE, {}]))
    refused(msgpack.packb([1, "counts", "acme", DIGEST, bad, {}]))


@pytest.mark.parametrize("message", [[], [1], [1, "counts", "acme", DIGEST, NONCE], {}, None, 1, "x", [1] * 7])
def test_a_frame_has_six_parts(message: object) -> None:
    refused(msgpack.packb(message))


def test_a_message_over_the_limit_is_refused_unread() -> None:
    refused(b"\x00" * (wire.MAX_FRAME + 1))


def test_counts_have_a_limit_of_their_own() -> None:
    names = {f"{i}" + "x" * 300: 1 for i in range(13)}
    assert len(counts(counts=names)) <= wire.MAX_COUNTS_FRAME
    assert read(counts(counts=names)).counts == names
    refused(counts(counts={**names, "y" * 300: 1}))


@pytest.mark.parametrize("n", [0, -1, 2**53 + 1, 2**64 - 1, 1.0, "1", None, True, False, [1], {}])
def test_a_count_is_an_integer_from_1_to_two_to_the_53(n: object) -> None:
    for kind in ("counts", "errors"):
        refused(counts(**{kind: {"feature.search": n}}))
    refused(counts(dropped={"lost": n}))


def test_the_greatest_count_is_kept() -> None:
    assert read(counts(counts={"a": 2**53, "b": 1})).counts == {"a": 2**53, "b": 1}


@pytest.mark.parametrize("name", [b"bytes", 1, None, True, "x" * (MAX_NAME + 1)])
def test_a_counted_name_is_a_string_of_bounded_length(name: object) -> None:
    refused(counts(counts={name: 1}))
    refused(counts(observed=[[name, "ms", {}, [1.0]]]))


def test_a_reason_of_dropping_is_one_of_the_protocols() -> None:
    assert read(counts(dropped=dict.fromkeys(wire.REASONS, 3))).dropped == dict.fromkeys(wire.REASONS, 3)
    refused(counts(dropped={"other": 1}))


def test_entries_are_counted_together() -> None:
    some = {f"c{i}": 1 for i in range(30)}
    errors = {f"E{i}": 1 for i in range(30)}
    assert len(read(counts(counts=some, errors=errors, observed=[["d", "ms", {}, [1.0] * 4]])).observed) == 1
    refused(counts(counts=some, errors=errors, observed=[["d", "ms", {}, [1.0] * 5]]))
    refused(counts(counts=some, errors=errors | {f"F{i}": 1 for i in range(5)}))
    refused(counts(observed=[["d", "ms", {}, [1.0]]] * 65))


@pytest.mark.parametrize(
    "entry",
    [
        *(None, [], ["d", "ms", {}], ["d", "ms", {}, [1.0], 1], {"d": 1}, ["d", 1, {}, [1.0]], ["d", "ms", [], [1.0]]),
        *(["d", "ms", {"k": 1}, [1.0]], ["d", "ms", {b"k": "v"}, [1.0]], ["d", "ms", {"k": None}, [1.0]]),
        *(["d", "ms", {}, []], ["d", "ms", {}, [None]], ["d", "ms", {}, ["1"]], ["d", "ms", {}, [True]]),
        *(["d", "ms", {}, 1.0], ["d", "ms", {}, [[1.0]]], ["d", "m" * (MAX_NAME + 1), {}, [1.0]]),
        ["d", "ms", {f"k{i}": "v" for i in range(17)}, [1.0]],
    ],
)
def test_an_observation_has_a_name_a_unit_tags_and_numbers(entry: object) -> None:
    refused(counts(observed=[entry]))


def test_observed_integers_become_floats() -> None:
    (observed,) = read(counts(observed=[["d", "ms", {"b": "2", "a": "1"}, [1, 2**64 - 1, -(2**63)]]])).observed
    assert observed.values == (1.0, 2.0**64, -(2.0**63))
    assert observed.tags == (("a", "1"), ("b", "2"))


@pytest.mark.parametrize(
    "payload", [None, [], 1, "text", b"x", {"count": {}}, {b"counts": {}}, {"counts": []}, {"counts": None}]
)
def test_counts_are_a_map_of_the_four_parts(payload: object) -> None:
    refused(packed(wire.COUNTS, payload))


@pytest.mark.parametrize("time", [float("nan"), float("inf"), -float("inf"), 2.0**53, 2**60, "0", None, True])
def test_a_record_has_a_plausible_time(time: object) -> None:
    refused(packed(wire.RECORD, ["agent_usage", time, {}, ""]))


@pytest.mark.parametrize(
    "payload",
    [
        *([], ["k"], ["k", 1.0], ["k", 1.0, {}], ["k", 1.0, [], ""], ["k", 1.0, None, ""], [1, 1.0, {}, ""]),
        *(["k" * (MAX_NAME + 1), 1.0, {}, ""], ["k", 1.0, {}, None], ["k", 1.0, {}, "s" * 1025], {"kind": "k"}),
        *(["k", 1.0, {b"a": 1}, ""], ["k", 1.0, {"a": b"bytes"}, ""], ["k", 1.0, {"a": {b"b": 1}}, ""]),
        ["k", 1.0, {"1": {"2": {"3": {"4": {}}}}}, ""],
        ["k", 1.0, {"1": [[[[]]]]}, ""],
    ],
)
def test_a_record_holds_plain_values_of_bounded_depth(payload: object) -> None:
    refused(packed(wire.RECORD, payload))


def test_a_record_may_be_nested_four_deep() -> None:
    fields = {"1": {"2": {"3": {"4": [][:0] or "leaf"}}}, "list": [[["leaf"]]], "none": None, "yes": True}
    assert read(packed(wire.RECORD, ["k", 5, fields, "s"])) == wire.Record(kind="k", time=5.0, fields=fields, salt="s")


@pytest.mark.parametrize(
    "facts", [None, [], {"a": {}}, {"a": []}, {b"a": 1}, {"a": b"x"}, {str(i): 1 for i in range(33)}]
)
def test_a_process_is_a_flat_map_of_bounded_size(facts: object) -> None:
    refused(packed(wire.PROCESS, facts))


@pytest.mark.parametrize(
    "value",
    [
        msgpack.ExtType(5, b""),
        msgpack.ExtType(5, b"12345678"),
        msgpack.Timestamp(0, 0),
        msgpack.Timestamp(2**62, 999999999),
        datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
    ],
)
def test_extension_types_are_refused_wherever_they_stand(value: object) -> None:
    value = msgpack.unpackb(msgpack.packb(value, datetime=True), strict_map_key=False)
    for payload in ({"a": value}, value):
        refused(packed(wire.PROCESS, payload))
        refused(packed(wire.RECORD, ["k", 1.0, payload]))
        refused(packed(wire.COUNTS, {"counts": payload}))
    refused(packed(wire.RECORD, ["k", value, {}]))
    refused(msgpack.packb([value, "counts", "acme", DIGEST, NONCE, {}]))
    refused(declared(acme(version="2.0", declare=[value])))


@pytest.mark.parametrize("header", [b"\xdd", b"\xdf", b"\xc6", b"\xdb", b"\xc9"])
def test_a_declared_length_reserves_no_memory(header: bytes) -> None:
    begun = msgpack.packb([1, "counts", "acme", DIGEST, NONCE])[1:]
    refused(b"\x96" + begun + header + b"\xff\xff\xff\xff")
    refused(b"\x96" + begun + header + b"\x00\x0f\xff\xff" + b"\x00" * 1000)


def test_a_key_that_can_not_be_hashed_is_refused() -> None:
    begun = b"\x96" + msgpack.packb([1, "process", "acme", DIGEST, NONCE])[1:]
    for key in (b"\x90", b"\x80", b"\x91\x90"):
        refused(begun + b"\x81" + key + b"\x01")


def test_text_that_is_no_utf_8_is_refused() -> None:
    begun = b"\x96" + msgpack.packb([1, "process", "acme", DIGEST, NONCE])[1:]
    for text in (b"\xff", b"\xed\xa0\x80", b"\xc0\x80"):
        refused(begun + b"\x81" + bytes((0xA0 | len(text),)) + text + b"\x01")


@pytest.mark.parametrize("rule", RULES)
def test_a_policy_arrives_with_its_rule_and_under_its_digest(rule: str) -> None:
    body = wire.pack_policy(ACME, rule)
    frame = wire.Frame(
        product="acme", digest=wire.digest_of(body), nonce=NONCE, payload=wire.Declaration(policy=ACME, rule=rule)
    )
    assert wire.decode(wire.encode(frame)) == frame


def test_policies_that_differ_in_anything_have_different_digests() -> None:
    others = [policy("acme"), policy("acme", version="2.0"), policy("acme", consent="opt-out"), policy("idun"), ACME]
    digests = {wire.digest_of(wire.pack_policy(each, rule)) for each in others for rule in RULES}
    assert len(digests) == len(others) * len(RULES)


def test_a_policy_under_a_foreign_digest_or_product_is_refused() -> None:
    body = wire.pack_policy(ACME, DEFAULT)
    refused(msgpack.packb([1, wire.POLICY, "acme", DIGEST, NONCE, body]))
    refused(msgpack.packb([1, wire.POLICY, "idun", wire.digest_of(body), NONCE, body]))


@pytest.mark.parametrize("rule", ["", "person", None, 1, [], {}, b"default"])
def test_a_policy_names_a_rule_of_consent(rule: object) -> None:
    refused(declared(acme(rule=rule)))


def test_a_policy_with_a_field_too_many_or_too_few_is_refused() -> None:
    refused(declared(acme(more=1)))
    fields = acme()
    del fields["tags"]
    refused(declared(fields))
    refused(declared({"product": "acme"}))


def test_a_policy_for_all_is_refused() -> None:
    refused(declared(acme(product="all"), "all"))


def test_a_policy_that_fits_no_frame_is_not_packed() -> None:
    huge = policy("acme", declare=[f"feature.{'x' * 60}{i}" for i in range(512)])
    with pytest.raises(wire.WireError):
        wire.pack_policy(huge, DEFAULT)


def test_the_greatest_policy_that_is_packed_fits_its_frame() -> None:
    """Under the longest product's name, near the limit from both sides, byte by byte."""
    product = "p" * 32
    fitting = set()
    for size in range(1, 400):
        tags = {str(key): ["v" * min(64, max(1, size - 64 * key))] for key in range(7)}
        try:
            body = wire.pack_policy(
                policy(product, declare=[f"{'x' * 60}.{i:03}" for i in range(238)], tags=tags), DEFAULT
            )
        except wire.WireError:
            continue
        fitting.add(len(body))
        wire.decode(wire.encode_parts(wire.POLICY, product, wire.digest_of(body), NONCE, body))
    assert max(fitting) == wire.MAX_FRAME - 128


@pytest.mark.parametrize("fields", [{"a": 2**64}, {"a": object()}, {"a": "\ud800"}, {"a": b"x" * wire.MAX_FRAME}])
def test_what_can_not_be_carried_is_a_wire_error_at_once(fields: dict[str, Any]) -> None:
    record = wire.Record(kind="k", time=0.0, fields=fields, salt="")
    with pytest.raises(wire.WireError):
        wire.encode(wire.Frame(product="acme", digest=DIGEST, nonce=NONCE, payload=record))


def test_an_error_never_repeats_what_it_was_given() -> None:
    secret = "hunter2hunter2"
    for message in (
        packed(secret, {}),
        packed(wire.COUNTS, {secret: 1}),
        packed(wire.COUNTS, {"dropped": {secret: 1}}),
        packed(wire.COUNTS, {}, product=secret.upper()),
        declared(acme(declare=[secret + "!"])),
        declared(acme(sink={**acme()["sink"], "url": f"ftp://{secret}"})),
    ):
        assert secret not in refused(message).lower()
