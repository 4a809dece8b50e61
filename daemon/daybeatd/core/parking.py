"""Messages that wait for the policy that they name: it may be on its way, on another connection. Pure.

They wait as the bytes that came: decoded, one of 16 KiB can take a megabyte.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

#: Messages that wait, and for how many seconds.
MAX_PARKED = 1024
PARKED_FOR = 60.0


@dataclass(frozen=True, slots=True)
class Parked:
    digest: bytes
    message: bytes
    pid: int
    until: float


class Parking:
    """In the order in which they came. `now` is in seconds."""

    def __init__(self) -> None:
        self._waiting: deque[Parked] = deque()

    def add(self, digest: bytes, message: bytes, pid: int, now: float) -> int:
        """Let a message wait; how many had to go for it."""
        gone = 0
        if len(self._waiting) >= MAX_PARKED:
            self._waiting.popleft()
            gone = 1
        self._waiting.append(Parked(digest, message, pid, now + PARKED_FOR))
        return gone

    def expire(self, now: float) -> int:
        """Let go of what has waited too long; how many that were."""
        kept = deque(parked for parked in self._waiting if parked.until > now)
        gone = len(self._waiting) - len(kept)
        self._waiting = kept
        return gone

    def take(self, digest: bytes) -> list[Parked]:
        """Those that waited for this policy."""
        found = [parked for parked in self._waiting if parked.digest == digest]
        if found:
            self._waiting = deque(parked for parked in self._waiting if parked.digest != digest)
        return found
