"""Sends what is held because a person asked for it, and tells them how it ended."""

from __future__ import annotations

from dataclasses import dataclass

from daybeatd.admin.context import Context
from daybeatd.admin.status import of_parcel
from daybeatd.control import Answer, Reply
from daybeatd.core import delivery
from daybeatd.core.ledger import NO_SINK, STAYS, Product
from daybeatd.core.outbox import Parcel

#: A waiting parcel whose next attempt is further away than this has ended its round, seconds.
ROUND_ENDED = 60.0


@dataclass(slots=True)
class Wait:
    """Somebody who waits until none of `beat_ids` has an attempt to come soon."""

    beat_ids: set[str]
    outcomes: list[Answer]
    reply: Reply


class Sending:
    def __init__(self) -> None:
        self._waits: list[Wait] = []

    def answer(self, context: Context, product: str, reply: Reply) -> None:
        """`reply` comes when each heartbeat was answered, or is not attempted again soon."""
        found = context.products(product)
        shipments = {id for each in found for id in _hurry(context, each)}
        why = [words for each in found for words in _begin(context, each)]
        waiting = [parcel for parcel in context.keeper.outbox.values() if not product or parcel.product == product]
        waiting = [parcel for parcel in waiting if parcel.state == delivery.WAITING and context.post.may_go(parcel)]
        if not waiting and not shipments:
            reply({"outcomes": [], "why": why})
            return
        now = context.moment().wall
        for parcel in waiting:
            parcel.next_try = now
            parcel.asked = True
        self._waits.append(Wait(shipments | {parcel.beat_id for parcel in waiting}, [], reply))

    def settled(self, parcel: Parcel, now: float) -> None:
        """An attempt's outcome is on disk: tell those who wait for it, if no further attempt follows soon."""
        if parcel.state == delivery.WAITING and parcel.next_try - now < ROUND_ENDED:
            return
        if self.ended(parcel.beat_id, of_parcel(parcel)):
            parcel.asked = False

    def ended(self, beat_id: str, outcome: Answer) -> bool:
        """Tell those who wait for a heartbeat, or for a batch under its id; whether there were any."""
        waits = [wait for wait in self._waits if beat_id in wait.beat_ids]
        for wait in waits:
            wait.beat_ids.discard(beat_id)
            wait.outcomes.append(outcome)
            if not wait.beat_ids:
                self._waits.remove(wait)
                wait.reply({"outcomes": wait.outcomes, "why": []})
        return bool(waits)


def _hurry(context: Context, product: Product) -> set[str]:
    """Have the product's events sent now; the ids of the batches that go."""
    streams = [stream for stream in context.ledger.streams_of(product.name) if context.ledger.goes_in_events(stream)]
    return {context.batches.hurry(stream) for stream in streams} - {""}


def _begin(context: Context, product: Product) -> list[str]:
    """Build the product's heartbeats; what there is to say of those that are not."""
    why = []
    streams = list(context.ledger.streams_of(product.name))
    for stream in streams:
        is_beat = stream.window.seen and not context.ledger.goes_in_events(stream)
        if is_beat and context.post.may_send(stream):
            context.builder.build(stream, context.moment())
    if not any(map(context.post.may_send, streams)):
        why.append(f"{product.name} sends nothing: {_why_held(context, product.name)}")
    return why


def _why_held(context: Context, product: str) -> str:
    decision = context.ledger.decision_for(product)
    if decision.mode != "on":
        return decision.reason
    words = [context.post.why_held(stream) for stream in context.ledger.streams_of(product)]
    # What stays here by its nature explains least.
    return next((each for each in words if each not in (STAYS, NO_SINK)), NO_SINK)
