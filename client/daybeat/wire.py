"""THE protocol between clients and the daemon: version, limits, encode, decode. Both sides use this module.

A frame is one ZeroMQ message, one msgpack array, understood by itself (`docs/wire.md` shows the bytes):

    [version, kind, product, digest, nonce, payload]

`digest` names the policy under which the payload was reported, `nonce` the process that reports it. Decoding is
total: any bytes give a `Frame` or raise `WireError`, in memory bounded by the size of the frame.
"""

from __future__ import annotations

from .consent import RULES
from .policy import MAX_NAME, MAX_TAGS, Frozen, Policy, PolicyError, is_product, policy_from_map

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

VERSION = 1

POLICY = "policy"  # the policy itself, as msgpack in a byte string: what the digest is the digest of
PROCESS = "process"  # what kind of system the process runs on
COUNTS = "counts"  # numbers gathered by the process
RECORD = "record"  # one record of a product whose delivery is "events"

#: Bytes. What a unix socket takes whole or not at all, with room to spare: 36,000 bytes were never split on Linux.
MAX_FRAME = 16 * 1024
MAX_COUNTS_FRAME = 4 * 1024
#: Counts, errors and observed values together.
MAX_ENTRIES = 64

DIGEST_BYTES = 8
NONCE_BYTES = 8

#: Above this an integer is no longer exact in JSON's readers, nor a counter plausible.
MAX_COUNT = 2**53
MAX_DEPTH = 4
MAX_FACTS = 32
MAX_SALT = 1024

#: The reasons for which events are dropped, in the client and in the daemon.
REASONS = ("undeclared", "unsafe", "overflow", "lost", "version")


class WireError(ValueError):
    """These bytes are no frame of this protocol; the message says why, without repeating them."""


class OtherVersionError(WireError):
    """A frame of another version of this protocol; all of them begin with the version, the kind and the `product`."""

    def __init__(self, product: str) -> None:
        super().__init__("another version of the protocol")
        self.product = product


class Observed(Frozen):
    """Values of one distribution: `values` in `unit`, under `tags`."""

    __slots__ = ("name", "tags", "unit", "values")
    name: str
    unit: str
    tags: tuple[tuple[str, str], ...]
    values: tuple[float, ...]


class Counts(Frozen):
    """Numbers gathered by one process since its last frame, at most `MAX_ENTRIES` of them."""

    __slots__ = ("counts", "dropped", "errors", "observed")
    counts: dict[str, int]
    errors: dict[str, int]
    observed: tuple[Observed, ...]
    dropped: dict[str, int]


class Record(Frozen):
    """One record: `time` in seconds since 1970, `fields` plain values nested at most `MAX_DEPTH` deep.

    `salt` is the product's own for identifiers, "" for the installation's. It travels here and not in the policy: the
    daemon keeps policies on disk, and a record nowhere but in memory.
    """

    __slots__ = ("fields", "kind", "salt", "time")
    kind: str
    time: float
    fields: dict[str, Any]
    salt: str

    def __repr__(self) -> str:
        return f"Record({self.kind!r}, {self.time!r})"  # neither what it tells nor the salt belongs in a log line


class Process(Frozen):
    """What kind of system the process runs on: see `daybeat.environment`."""

    __slots__ = ("facts",)
    facts: dict[str, Any]


class Declaration(Frozen):
    """A policy, and the rule of consent that let the process report: one of `daybeat.consent`'s kinds of rule."""

    __slots__ = ("policy", "rule")
    policy: Policy
    rule: str


class Frame(Frozen):
    """One message. `payload` is a `Declaration`, `Process`, `Counts` or `Record`."""

    __slots__ = ("digest", "nonce", "payload", "product")
    product: str
    digest: bytes
    nonce: bytes
    payload: Declaration | Process | Counts | Record


def pack_policy(policy: Policy, rule: str) -> bytes:
    """The bytes whose digest names `policy` and the rule of consent under which it is reported.

    Raises WireError when they would not fit into a frame.
    """
    found = packed(policy, rule)
    if len(found) > MAX_FRAME - 128:
        raise WireError(f"the policy has {len(found)} bytes; at most {MAX_FRAME - 128} fit")
    return found


def packed(policy: Policy, rule: str) -> bytes:
    """As `pack_policy`, of any length: for keeping it, not for sending it."""
    from msgpack import packb

    found: bytes = packb({**policy.to_map(), "rule": rule})
    return found


def require_fit(policy: Policy, rule: str) -> None:
    """Raises WireError when `pack_policy` would. Without msgpack for all but the largest policies."""
    # No character has more than 4 bytes, and what surrounds each in Python's text is longer than in msgpack.
    if 4 * len(repr(policy.to_map())) > MAX_FRAME - 256:
        pack_policy(policy, rule)


def digest_of(packed_policy: bytes) -> bytes:
    """BLAKE2b with a digest of 8 bytes."""
    # The built-in module: hashlib would load OpenSSL, 3 ms.
    from _blake2 import blake2b

    digest: bytes = blake2b(packed_policy, digest_size=DIGEST_BYTES).digest()
    return digest


def encode(frame: Frame) -> bytes:
    """The bytes of one frame. Raises WireError for what `decode` would refuse, so that none is sent in vain."""
    kind, payload = _PACK[type(frame.payload)](frame.payload)
    message = encode_parts(kind, frame.product, frame.digest, frame.nonce, payload)
    decode(message)  # whose limits are thereby ours
    return message


def encode_parts(kind: str, product: str, digest: bytes, nonce: bytes, payload: object) -> bytes:
    """As `encode`, from a payload in the form that the wire carries, of which only the length is checked."""
    from msgpack import packb

    try:
        packed: bytes = packb([VERSION, kind, product, digest, nonce, payload])
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise WireError("the payload holds what msgpack cannot carry") from error
    if len(packed) > (MAX_COUNTS_FRAME if kind == COUNTS else MAX_FRAME):
        raise WireError(f"a frame of {len(packed)} bytes is over the limit")
    return packed


def pack_record(record: Record) -> bytes:
    """The payload of a record's frame, as it is at this moment. Raises WireError for what `decode` would refuse."""
    from msgpack import packb

    payload = _PACK[Record](record)[1]
    _read_record(payload)
    try:
        packed: bytes = packb(payload)
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise WireError("the record holds what msgpack cannot carry") from error
    if len(packed) > MAX_FRAME - 128:
        raise WireError(f"a record of {len(packed)} bytes is over the limit")
    return packed


def record_frame(product: str, digest: bytes, nonce: bytes, packed_record: bytes) -> bytes:
    """The frame around what `pack_record` gave."""
    from msgpack import packb

    head: bytes = packb([VERSION, RECORD, product, digest, nonce])
    return _ARRAY_OF_SIX + head[1:] + packed_record


_ARRAY_OF_SIX = b"\x96"


def _pack_counts(counts: Counts) -> tuple[str, dict[str, Any]]:
    payload: dict[str, Any] = {}
    if counts.counts:
        payload["counts"] = counts.counts
    if counts.errors:
        payload["errors"] = counts.errors
    if counts.observed:
        payload["observed"] = [[o.name, o.unit, dict(o.tags), list(o.values)] for o in counts.observed]
    if counts.dropped:
        payload["dropped"] = counts.dropped
    return COUNTS, payload


_PACK: dict[type, Any] = {
    Declaration: lambda declared: (POLICY, pack_policy(declared.policy, declared.rule)),
    Process: lambda process: (PROCESS, process.facts),
    Counts: _pack_counts,
    Record: lambda record: (RECORD, [record.kind, record.time, record.fields, record.salt]),
}


def decode(message: bytes) -> Frame:
    """The frame in `message`. Raises WireError, of which one is OtherVersionError, for any bytes that are none."""
    found = _unpack(message)
    version, _, product = found[:3]
    if type(version) is not int:
        raise WireError("no version")
    if not is_product(product):
        raise WireError("no product's name")
    if version != VERSION:
        raise OtherVersionError(product)
    if len(found) != 6:
        raise WireError("a frame is an array of six")
    _, kind, product, digest, nonce, payload = found
    if type(digest) is not bytes or len(digest) != DIGEST_BYTES:
        raise WireError(f"a digest has {DIGEST_BYTES} bytes")
    if type(nonce) is not bytes or len(nonce) != NONCE_BYTES:
        raise WireError(f"a nonce has {NONCE_BYTES} bytes")
    if type(kind) is not str or kind not in _READ:
        raise WireError("no such kind of frame")
    if kind == COUNTS and len(message) > MAX_COUNTS_FRAME:
        raise WireError("a frame of counts over its limit")
    read = _READ[kind](payload)
    if kind == POLICY and (digest != digest_of(payload) or read.policy.product != product):
        raise WireError("the digest or the product is not that of the policy")
    return Frame(product=product, digest=digest, nonce=nonce, payload=read)


def _unpack(message: bytes) -> list[Any]:
    from msgpack import unpackb

    if len(message) > MAX_FRAME:
        raise WireError("a frame over the limit")
    try:
        # Limits of msgpack's own, so that a declared length can't reserve memory that the frame does not have.
        found = unpackb(
            message,
            raw=False,
            strict_map_key=True,
            max_ext_len=0,
            max_bin_len=MAX_FRAME,
            max_str_len=MAX_FRAME,
            max_array_len=MAX_FRAME,
            max_map_len=MAX_FRAME // 2,
        )
    except (ValueError, TypeError, OverflowError, RecursionError, MemoryError) as error:
        raise WireError("not msgpack within the limits") from error
    if type(found) is not list or len(found) < 3:
        raise WireError("a frame is an array of six")
    return found


def _read_policy(payload: object) -> Declaration:
    if type(payload) is not bytes:
        raise WireError("a policy is a byte string")
    return unpack_policy(payload)


def unpack_policy(payload: bytes) -> Declaration:
    """The declaration in the bytes of a policy. Raises WireError, and nothing else, for bytes that are none."""
    from msgpack import unpackb

    try:
        fields = unpackb(payload, raw=False, strict_map_key=True, max_ext_len=0, max_bin_len=0)
        if type(fields) is not dict or (rule := fields.pop("rule", None)) not in RULES:
            raise WireError("a policy is a map, with the rule of consent")
        return Declaration(policy=policy_from_map(fields), rule=rule)
    except WireError:
        raise
    except PolicyError as error:
        raise WireError("not a policy that a client makes") from error
    except (ValueError, TypeError, OverflowError, RecursionError, MemoryError) as error:
        raise WireError("not a policy within the limits") from error


def _read_process(payload: object) -> Process:
    if type(payload) is not dict or len(payload) > MAX_FACTS or not _is_plain(payload, 1):
        raise WireError("a process is a flat map")
    return Process(facts=payload)


def _read_counts(payload: object) -> Counts:
    if type(payload) is not dict or not payload.keys() <= {"counts", "errors", "observed", "dropped"}:
        raise WireError("counts are a map of counts, errors, observed, dropped")
    counts = _read_numbers(payload.get("counts", {}))
    errors = _read_numbers(payload.get("errors", {}))
    dropped = _read_numbers(payload.get("dropped", {}))
    observed = payload.get("observed", [])
    if type(observed) is not list:
        raise WireError("observed is a list")
    distributions = tuple(map(_read_observed, observed))
    entries = len(counts) + len(errors) + sum(len(each.values) for each in distributions)
    if entries > MAX_ENTRIES or len(observed) > MAX_ENTRIES or not dropped.keys() <= set(REASONS):
        raise WireError(f"at most {MAX_ENTRIES} entries, and reasons of the protocol")
    return Counts(counts=counts, errors=errors, observed=distributions, dropped=dropped)


def _read_numbers(numbers: object) -> dict[str, int]:
    """A map of names to counts. The checks run in C: this is the daemon's hot path."""
    if type(numbers) is not dict or (numbers and set(map(type, numbers.values())) != {int}):
        raise WireError("numbers are a map of integers")
    if numbers and (min(numbers.values()) < 1 or max(numbers.values()) > MAX_COUNT):
        raise WireError("a count is from 1 to 2**53")
    if any(type(name) is not str or len(name) > MAX_NAME for name in numbers):
        raise WireError(f"a name has at most {MAX_NAME} characters")
    return numbers


def _read_observed(entry: object) -> Observed:
    if type(entry) is not list or len(entry) != 4:
        raise WireError("an observation is [name, unit, tags, values]")
    name, unit, tags, values = entry
    if type(name) is not str or len(name) > MAX_NAME or type(unit) is not str or len(unit) > MAX_NAME:
        raise WireError("an observation has a name and a unit")
    if type(tags) is not dict or len(tags) > MAX_TAGS:
        raise WireError(f"at most {MAX_TAGS} tags")
    if any(type(key) is not str or type(value) is not str for key, value in tags.items()):
        raise WireError("tags are strings")
    if type(values) is not list or not values or not set(map(type, values)) <= {int, float}:
        raise WireError("observed values are numbers")
    return Observed(name=name, unit=unit, tags=tuple(sorted(tags.items())), values=tuple(map(float, values)))


def _read_record(payload: object) -> Record:
    if type(payload) is not list or len(payload) != 4:
        raise WireError("a record is [kind, time, fields, salt]")
    kind, time, fields, salt = payload
    if type(kind) is not str or len(kind) > MAX_NAME or type(time) not in (int, float) or not abs(time) < MAX_COUNT:
        raise WireError("a record has a kind and a time")
    if type(fields) is not dict or not _is_plain(fields, MAX_DEPTH):
        raise WireError(f"a record's fields are plain values, at most {MAX_DEPTH} deep")
    if type(salt) is not str or len(salt) > MAX_SALT:
        raise WireError(f"a salt is a text of at most {MAX_SALT} characters")
    return Record(kind=kind, time=float(time), fields=fields, salt=salt)


def _is_plain(value: object, depth: int) -> bool:
    """Whether `value` is a scalar, or a map or list of such, nested at most `depth`."""
    if type(value) is dict:
        return depth > 0 and all(type(k) is str and _is_plain(v, depth - 1) for k, v in value.items())
    if type(value) is list:
        return depth > 0 and all(_is_plain(item, depth - 1) for item in value)
    return value is None or type(value) in (str, int, float, bool)


_READ: dict[str, Any] = {
    POLICY: _read_policy,
    PROCESS: _read_process,
    COUNTS: _read_counts,
    RECORD: _read_record,
}
