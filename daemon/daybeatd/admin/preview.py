"""What would leave if it were sent now. Nothing is sent by this, and nothing changes."""

from __future__ import annotations

from collections.abc import Iterator

from daybeatd import bodies
from daybeatd.admin.rooms import Rooms
from daybeatd.control import Reply
from daybeatd.core.destination import LOCAL
from daybeatd.core.ledger import Stream
from daybeatd.sinks.contract import MissingExtra


def answer(rooms: Rooms, product: str, reply: Reply) -> None:
    now = rooms.moment().wall
    found: list[str] = []
    why = []
    for stream in _streams(rooms, product):
        if _stays_for_good(rooms, stream):
            continue
        try:
            found.append(bodies.body(rooms.ledger, rooms.batches, stream, now))
        except MissingExtra as missing:
            why.append(f"{stream.product}: {missing}")
    reply({"bodies": [body for body in found if body], "why": why})


def dry_run(rooms: Rooms, product: str, kind: str, reply: Reply) -> None:
    """What would go to a sink of this kind, or to their own for "own"."""
    now = rooms.moment().wall
    tried = [bodies.tried(rooms.ledger, stream, kind, now) for stream in _streams(rooms, product)]
    reply({"tried": [each for each in tried if each is not None]})


def _stays_for_good(rooms: Rooms, stream: Stream) -> bool:
    """Whether numbers that are never sent lie beside others that may be: no preview of a sending."""
    return stream.destination == LOCAL and rooms.ledger.decision_for(stream.product).mode == "on"


def _streams(rooms: Rooms, product: str) -> Iterator[Stream]:
    """Those with something to tell."""
    for each in rooms.products(product):
        for stream in rooms.ledger.streams_of(each.name):
            if stream.window.seen:
                yield stream
