"""Heartbeats built and not yet acknowledged. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from daybeat.policy import Sink
from daybeatd.core.delivery import WAITING


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
    attempts: int = 0
    next_try: float = 0.0
    state: str = WAITING
    #: How the last attempt ended, in one line.
    words: str = ""
    status: int = 0
    #: Whether the store has it: before that no attempt is made, so that no body is ever sent and then built again.
    stored: bool = False
    under_way: bool = False

    def is_due(self, now: float) -> bool:
        return self.stored and not self.under_way and self.state == WAITING and self.next_try <= now
