"""Heartbeats built and not yet acknowledged. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from daybeat.policy import Sink
from daybeatd.core.delivery import LIFETIME, LONGEST_WAIT, WAITING
from daybeatd.core.schedule import TOLERANCE
from daybeatd.core.window import Window

#: Heartbeats of one stream that wait at the most: one a day for a fortnight, and as many that a person sent.
MAX_OF_STREAM = 32


@dataclass(slots=True)
class Parcel:
    """One heartbeat on its way. `body` is what is sent, byte for byte, at every attempt."""

    beat_id: str
    product: str
    destination: str
    kind: str
    sequence: int
    sink: Sink
    body: bytes
    created: float
    #: The product's version in the body.
    version: str = ""
    #: The numbers that are in the body: None for a first run, which has none.
    window: Window | None = None
    attempts: int = 0
    next_try: float = 0.0
    state: str = WAITING
    #: How the last attempt ended, in one line.
    words: str = ""
    status: int = 0
    #: Whether the store has it: before that no attempt is made, so that no body is ever sent and then built again.
    stored: bool = False
    under_way: bool = False
    #: Whether a person asked for it: then it goes in quiet hours too.
    asked: bool = False

    @property
    def key(self) -> tuple[str, str]:
        return self.product, self.destination

    @property
    def weight(self) -> int:
        """How many events are lost if this is never delivered."""
        return self.window.weight if self.window is not None else 0

    def put_off(self) -> None:
        """The store could not take note of its first attempt, which is not made before it can."""
        self.attempts, self.under_way, self.stored = 0, False, False

    def is_over(self, now: float) -> bool:
        """Whether it could not be delivered in the time that it had."""
        return not self.under_way and now - self.created > LIFETIME

    def wait(self, now: float) -> float:
        """Seconds until the next attempt: none where that is further ahead than any wait, for the clock went back."""
        left = self.next_try - now
        return left if 0 < left <= LONGEST_WAIT + TOLERANCE else 0.0


def unsent(parcels: Iterable[Parcel], key: tuple[str, str]) -> list[Parcel]:
    """The heartbeats of a stream that were never attempted: their numbers can go into the next one instead."""
    return [parcel for parcel in parcels if parcel.key == key and parcel.attempts == 0 and parcel.window is not None]


def too_many(parcels: Iterable[Parcel]) -> list[Parcel]:
    """The oldest heartbeats of each stream beyond those that may wait."""
    streams: dict[tuple[str, str], list[Parcel]] = {}
    for parcel in parcels:
        if not parcel.under_way:
            streams.setdefault(parcel.key, []).append(parcel)
    oldest_first = (sorted(found, key=lambda parcel: parcel.created) for found in streams.values())
    return [parcel for found in oldest_first for parcel in found[:-MAX_OF_STREAM]]
