"""What would leave if it were sent now. Nothing is sent by this, and nothing changes."""

from __future__ import annotations

from collections.abc import Iterator

from daybeatd import bodies
from daybeatd.admin.context import Context
from daybeatd.control import Reply
from daybeatd.core.destination import LOCAL
from daybeatd.core.ledger import Stream
from daybeatd.sinks.contract import MissingExtra


def answer(context: Context, product: str, reply: Reply) -> None:
    now = context.moment().wall
    found: list[str] = []
    why = []
    for stream in _streams(context, product):
        if _stays_for_good(context, stream):
            continue
        try:
            found.append(bodies.body(context.ledger, context.batches, stream, now))
        except MissingExtra as missing:
            why.append(f"{stream.product}: {missing}")
    reply({"bodies": [body for body in found if body], "why": why})


def dry_run(context: Context, product: str, kind: str, reply: Reply) -> None:
    """What would go to a sink of this kind, or to their own for "own"."""
    now = context.moment().wall
    tried = [bodies.tried(context.ledger, stream, kind, now) for stream in _streams(context, product)]
    reply({"tried": [each for each in tried if each is not None]})


def _stays_for_good(context: Context, stream: Stream) -> bool:
    """Whether numbers that are never sent lie beside others that may be: no preview of a sending."""
    return stream.destination == LOCAL and context.ledger.decision_for(stream.product).mode == "on"


def _streams(context: Context, product: str) -> Iterator[Stream]:
    """Those with something to tell."""
    for each in context.products(product):
        for stream in context.ledger.streams_of(each.name):
            if stream.window.seen:
                yield stream
