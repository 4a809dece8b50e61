"""Frames in: each counts into the stream of the policy that it names. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from daybeat import consent, privacy, wire
from daybeatd.core import aggregate, budget
from daybeatd.core.delivery import LIFETIME
from daybeatd.core.destination import LOCAL, destination_of
from daybeatd.core.fleet import by_environment
from daybeatd.core.ledger import CI, EPHEMERAL, PERSON, Declared, Ledger, Product, Stream
from daybeatd.core.legacy import Legacy
from daybeatd.core.registration import register
from daybeatd.core.schedule import Moment
from daybeatd.core.window import COUNTER, Window

#: Places that numbers of one product may be bound for; what is bound for yet another stays here.
MAX_DESTINATIONS = 64


def apply(ledger: Ledger, frame: wire.Frame, message: bytes, pid: int, now: Moment) -> None:
    """Take in one frame, which came as `message` from a process with `pid` (0: unknown)."""
    payload = frame.payload
    declared = ledger.declared.get(frame.digest)
    if type(payload) is wire.Declaration:
        _declare(ledger, frame.digest, payload, now)
    elif declared is None:
        ledger.refused += ledger.parking.add(frame.digest, message, pid, now.wall)
    elif declared.mode != "off":
        _feed(ledger, declared, frame, pid, now)


def drop_other_version(ledger: Ledger, product: str, now: Moment) -> None:
    """Count a frame of another version: with the product, which may tell its authors, or as one of nobody."""
    declared = ledger.latest(product)
    if declared is None:
        ledger.refused += 1
    elif declared.mode != "off":
        _stream(ledger, declared, now).window.drop("version")


def _declare(ledger: Ledger, digest: bytes, declaration: wire.Declaration, now: Moment) -> None:
    """Know a policy, and take in what waited for it."""
    if not register(ledger, digest, declaration, now):
        ledger.refused += 1
        return
    ledger.refused += ledger.parking.expire(now.wall)
    for parked in ledger.parking.take(digest):
        apply(ledger, wire.decode(parked.message), parked.message, parked.pid, now)


def _feed(ledger: Ledger, declared: Declared, frame: wire.Frame, pid: int, now: Moment) -> None:
    product = ledger.products[declared.policy.product]
    stream = _stream(ledger, declared, now)
    stream.window.room = budget.room_for(ledger, product.name)
    stream.window.note_process(frame.nonce)
    ledger.fleet.heard(pid, product.name)
    if declared.rule == consent.ENVIRONMENT:
        ledger.fleet.heard(pid, by_environment(product.name))
    payload = frame.payload
    if type(payload) is wire.Counts:
        aggregate.count(declared, stream.window, payload, ledger.undeclared)
    elif type(payload) is wire.Process:
        _describe(product, declared, payload.facts)
    elif type(payload) is wire.Record:
        aggregate.record(ledger, declared, stream, payload)


def _describe(product: Product, declared: Declared, facts: Mapping[str, Any]) -> None:
    """What a process told of itself is what is known of the product: the latest one's."""
    product.system = privacy.system(facts, product.name)
    product.host_class = _host_class(facts)
    product.version = declared.policy.version
    product.changed = True


def _host_class(facts: Mapping[str, Any]) -> str:
    if facts.get("ci") is True:
        return CI
    return EPHEMERAL if facts.get("os.containerized") is True else PERSON


def _stream(ledger: Ledger, declared: Declared, now: Moment) -> Stream:
    """The stream that a policy's numbers go into, made when there is none."""
    product = declared.policy.product
    destination = LOCAL if declared.mode == "local" else destination_of(ledger.sink_of(declared))
    stream = ledger.streams.get((product, destination))
    is_ended = stream is not None and declared.policy.version in stream.ended
    if is_ended or (stream is None and (budget.room_for(ledger, product) <= 0 or _goes_to_many(ledger, product, now))):
        destination = LOCAL
        stream = ledger.streams.get((product, destination))
    if stream is None:
        window = Window(ledger.new_id(), now.wall)
        stream = ledger.streams[product, destination] = Stream(product, destination, window, now)
    if product in ledger.legacy and not ledger.is_partial:
        _take_over(stream, ledger.legacy.pop(product), declared.rules)
    if stream.digest != declared.digest:
        stream.digest = declared.digest
        stream.changed = True
    return stream


def _goes_to_many(ledger: Ledger, product: str, now: Moment) -> bool:
    """Whether there is no place for one more, not even that of a stream that is over, which is given up for it."""
    streams = list(ledger.streams_of(product))
    if len(streams) < MAX_DESTINATIONS:
        return False
    over = [each for each in streams if _is_over(ledger, each, now)]
    if not over:
        return True
    gone = min(over, key=lambda each: each.last.wall)
    del ledger.streams[gone.key]
    ledger.forgotten_streams.add(gone.key)
    return False


def _is_over(ledger: Ledger, stream: Stream, now: Moment) -> bool:
    """Whether nothing is held of it, and nothing can wait any more: not even a version whose end is remembered."""
    waits = stream.key in ledger.batches or now.wall - stream.last.wall <= LIFETIME
    return stream.window.is_empty and not waits and not stream.ended


def _take_over(stream: Stream, legacy: Legacy, rules: privacy.Rules) -> None:
    """Numbers that were counted before daybeat came go on here, by its rules."""
    for name, n in legacy.counters.items():
        kept, reason = rules.name(name)
        if kept:
            stream.window.count(COUNTER, kept, n, rules)
        else:
            stream.window.drop(reason, n)
    if legacy.last is not None and stream.first:
        stream.last, stream.first = Moment(legacy.last, 0.0, ""), False
        stream.window.start = legacy.last


def note_peaks(ledger: Ledger) -> None:
    """After a turn's frames and connections: how many processes were there at once."""
    for product, peak in ledger.fleet.settle().items():
        for stream in ledger.streams_of(product):
            if stream.window.seen:
                stream.window.note_peak(peak)
