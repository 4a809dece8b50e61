"""Decodes clients' messages and counts them in the ledger, one turn of the loop at a time.

How many processes were there at once is settled when all that came together is counted. A turn ends after a while all
the same, and goes on in the next one, so that requests to the daemon are answered meanwhile.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from time import monotonic

from daybeat import wire
from daybeatd.core import budget, intake
from daybeatd.core.schedule import Moment
from daybeatd.ingest import Ingest, Message
from daybeatd.keeper import Keeper

log = logging.getLogger("daybeatd")

#: Seconds of rest after a drain: messages taken together cost a third of what they cost one by one.
REST = 0.05
#: Messages drained at once, and for how many seconds a turn of the loop counts them.
TURN = 2000
SLICE = 0.2
#: Seconds for which `catch_up` goes on at the most, and for which it waits for one more message.
CATCH_UP = 1.0
QUIET = 0.02
#: Bytes of messages after which the memory held is measured anew: decoded and counted they take up to 20 times as many.
LOOK_EVERY = 256 * 1024


class Reception:
    """Times are those of `monotonic`."""

    def __init__(self, ingest: Ingest, keeper: Keeper, moment: Callable[[], Moment]) -> None:
        self._ingest = ingest
        self._keeper = keeper
        self._moment = moment
        #: Messages that were no frames.
        self.malformed = 0
        #: When the last message came.
        self.busy_at = monotonic()
        #: Until when clients are not looked at.
        self.resting_until = 0.0
        self._drained: deque[Message] = deque()
        # Whether that was all there was.
        self._is_all = True
        #: Bytes taken in since the memory held was measured.
        self._unseen = 0

    @property
    def is_behind(self) -> bool:
        """Whether messages that were drained are not yet counted."""
        return bool(self._drained)

    def look(self) -> bool:
        """Take in what has come, and who came and went meanwhile; whether there was a message."""
        self._ingest.watch()  # before the drain: of all who are known to have gone, every message is drained
        if not self._drained:
            self._drained.extend(self._ingest.drain(TURN))
            self._is_all = len(self._drained) < TURN
        came = bool(self._drained)
        self._count(SLICE)
        return came

    def take(self, messages: list[Message]) -> None:
        """Take in `messages`, and what was drained before."""
        self._drained.extend(messages)
        self._count(float("inf"))

    def _count(self, seconds: float) -> None:
        if self._drained:
            self._apply(monotonic() + seconds)
        if not self._drained:
            intake.note_peaks(self._keeper.ledger)

    def _apply(self, deadline: float) -> None:
        now = self._moment()
        if self._keeper.ledger.is_full:
            self._look_at_held(LOOK_EVERY)  # as soon as there is room again
        while self._drained:
            self._take_in(self._drained.popleft(), now)
            if monotonic() >= deadline:
                break
        self.busy_at = monotonic()
        self.resting_until = self.busy_at + REST if self._is_all and not self._drained else 0.0
        self._keeper.changed()

    def _take_in(self, message: Message, now: Moment) -> None:
        self._look_at_held(len(message.data))
        try:
            frame = wire.decode(message.data)
        except wire.OtherVersionError as error:
            intake.drop_other_version(self._keeper.ledger, error.product, now)
        except wire.WireError as error:
            self.malformed += 1
            log.debug("a message that is no frame: %s", error)
        else:
            intake.apply(self._keeper.ledger, frame, message.data, message.pid, now)

    def _look_at_held(self, size: int) -> None:
        """Measure the memory held, if that is due with `size` more bytes."""
        self._unseen += size
        if self._unseen >= LOOK_EVERY:
            self._unseen = 0
            budget.look(self._keeper.ledger, self._keeper.outbox.values())

    def catch_up(self) -> None:
        """Take in all that clients have handed over so far."""
        deadline = monotonic() + CATCH_UP
        while monotonic() < deadline:
            if not self.look() and not self._ingest.wait(QUIET):
                break
