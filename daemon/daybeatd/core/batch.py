"""The events of a product of `delivery="events"` until they are sent together: in memory alone, never on disk. Pure.

Times are seconds of a clock that never goes back, given by the caller.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

#: Bytes of one stream's events, those under way included.
MAX_BYTES = 5 * 1024 * 1024
#: Seconds that an event waits for others.
LONGEST = 30.0
FIRST_WAIT = 1.0
#: Whoever asked for a batch to be sent now waits for no attempt that is further away, in seconds.
SOON = 60.0

#: The sinks that take events. To any other the numbers go once a day, as if the product's delivery were "heartbeat".
TAKERS = ("https_json", "file")

#: Bytes of memory that an event takes beside its own, as measured on CPython 3.11.
_EVENT = 48

DELIVERED = "delivered"
DISCARDED = "discarded"
WAITING = "waiting"


class Batch:
    """The events of one stream that wait, the oldest first, each as the JSON that is sent."""

    def __init__(self) -> None:
        self._events: deque[bytes] = deque()
        #: Bytes of the events that wait.
        self.size = 0
        #: Bytes of those that are under way.
        self.under_way = 0
        #: When the oldest was seen to wait; None while the caller has not looked.
        self.since: float | None = None
        #: Whether events had to go, and whether somebody was told.
        self.overflowed = False
        self.warned = False

    def __len__(self) -> int:
        return len(self._events)

    @property
    def memory(self) -> int:
        """Bytes of memory that it takes, about."""
        return self.size + self.under_way + _EVENT * len(self._events)

    def add(self, event: Mapping[str, object], *, may_grow: bool = True) -> int:
        """Take in one event; how many of the oldest had to go for it. One that may not grow takes no more bytes."""
        packed = json.dumps(event, allow_nan=False, separators=(",", ":")).encode()
        most = MAX_BYTES if may_grow else self.size + self.under_way
        self._events.append(packed)
        self.size += len(packed)
        gone = 0
        while self.size + self.under_way > most and self._events:
            self.size -= len(self._events.popleft())
            gone += 1
        self.overflowed = self.overflowed or gone > 0
        return gone

    def due_at(self, batch_size: int, now: float) -> float:
        """When the next batch is to be sent; infinity while nothing waits."""
        if not self._events:
            return float("inf")
        if self.since is None:
            self.since = now
        return now if len(self._events) >= batch_size else self.since + LONGEST

    def take(self, most: int) -> list[bytes]:
        """The oldest events, at most so many: they are under way from here on."""
        taken = [self._events.popleft() for _ in range(min(most, len(self._events)))]
        self.under_way = sum(map(len, taken))
        self.size -= self.under_way
        self.since = None
        return taken

    def shown(self, most: int) -> list[bytes]:
        """What `take` would give now."""
        return [event for event, _ in zip(self._events, range(most), strict=False)]

    def settled(self) -> None:
        """What was under way has come to its end."""
        self.under_way = 0
        if not self._events:
            self.overflowed = self.warned = False


def body(events: list[bytes], now: float) -> bytes:
    """The bytes of one batch; `now` in seconds since 1970."""
    return b'{"events":[' + b",".join(events) + b'],"version":"1.0","timestamp":' + json.dumps(now).encode() + b"}"


@dataclass(frozen=True, slots=True)
class Step:
    """What follows from an attempt; `wait` is in seconds, until the next one."""

    state: str
    wait: float = 0.0


def after(status: int, attempts: int, retry_attempts: int, backoff: float) -> Step:
    """What to do after the `attempts`-th attempt (1 is the first) ended with `status` (0: no answer came).

    Waits of 1 s × backoff^n without jitter, n from 0, on 5xx and faults of the network; any other answer is the end.
    """
    if 200 <= status < 300:
        return Step(DELIVERED)
    if (status == 0 or status >= 500) and attempts <= retry_attempts:
        return Step(WAITING, FIRST_WAIT * backoff ** (attempts - 1))
    return Step(DISCARDED)
