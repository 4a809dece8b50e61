"""Keeps the copy on disk: loads it once, saves what was changed, goes on in memory while it can't, and recovers."""

from __future__ import annotations

import logging
import random
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from time import monotonic, sleep
from typing import Any

from msgpack.exceptions import UnpackException

from daybeatd import ledgerfile, outboxfile
from daybeatd.core.ledger import Ledger
from daybeatd.core.outbox import Parcel
from daybeatd.statements import Statement, writes_to
from daybeatd.store import DamagedError, Store, load

log = logging.getLogger("daybeatd")

#: Seconds after the first change at which it is saved: with the time that a save takes, less than one.
SAVE_AFTER = 0.3
#: Seconds until a database that could not be used is tried again.
RETRY = 2.0
#: Statements on PAST tables that wait for the database at the most.
MAX_OWED = 256
#: Seconds that the start and the end wait for the database.
LOADING = 30.0

#: Tables that memory holds no copy of, so that they can't be written anew from there.
PAST = ("history", "consent")

Outbox = dict[str, Parcel]


@dataclass(frozen=True, slots=True)
class Left:
    """What an earlier daemon left on disk."""

    ledger: Ledger
    parcels: list[Parcel]
    phase: float


class Keeper:
    """The ledger, the outbox, and their copy in the store."""

    def __init__(self, path: str, new_ledger: Callable[[], Ledger], wake: Callable[[], None]) -> None:
        self.path = path
        self.ledger = new_ledger()
        self.ledger.is_partial = True
        self.outbox: Outbox = {}
        #: Of this install, from 0 to 1.
        self.phase = random.SystemRandom().random()
        #: Why the database can't be used, "" while it can.
        self.fault = ""
        self._new_ledger = new_ledger
        self._dirty_since = 0.0
        #: Jobs given to the store whose results have not come yet.
        self._under_way = 0
        self._retry_at = 0.0
        #: Statements on PAST tables that wait until the database can be used, in the order in which they were given.
        self._owed: dict[int, Statement] = {}
        self._order = count()
        self._told = ""
        self.store = Store(path, wake)
        self._load_now()

    def _load_now(self) -> None:
        self._load()
        self._await()

    def _await(self) -> None:
        """Until the database was read or written, or could not be."""
        deadline = monotonic() + LOADING
        while self._under_way and monotonic() < deadline:
            sleep(0.002)
            self.store.finished()

    @property
    def is_dirty(self) -> bool:
        return self._dirty_since > 0

    @property
    def is_stuck(self) -> bool:
        """Whether what waits for the disk waits at least until the database is tried again."""
        return self.fault != "" and not self._under_way

    @property
    def save_at(self) -> float:
        """When, by `monotonic`, `save_what_is_due` has something to do; infinity when nothing was changed."""
        if self._under_way or not (self.is_dirty or self.fault):
            return float("inf")
        return max(self._retry_at, self._dirty_since + SAVE_AFTER if self.is_dirty else 0.0)

    def changed(self) -> None:
        """Something is to be saved, within a second."""
        self._dirty_since = self._dirty_since or monotonic()

    def save_what_is_due(self) -> None:
        if monotonic() < self.save_at:
            return
        if self.ledger.is_partial:
            self._load()
        else:
            self.save()

    def save(
        self,
        statements: list[Statement] | None = None,
        then: Callable[[], None] | None = None,
        *,
        otherwise: Callable[[], None] | None = None,
        durable: bool = False,
        erases: bool = False,
    ) -> None:
        """Write `statements` and all that was changed, in one transaction; call `then` when that is on disk.

        `durable` and `erases` as the store has them.

        While the database can't be used `otherwise` is called, and all is written anew when it can; a daemon that never
        could read it has no older numbers there to contradict, and goes on at once with `then`.
        """
        todo = [*self._owed.values(), *(statements or [])]
        # What could not be read yet is erased before it is.
        erased = erases and self.ledger.is_partial
        past = self._owed | {next(self._order): each for each in statements or [] if erased or writes_to(each, *PAST)}
        if self.ledger.is_partial:
            self._owe(past)
            self.changed()
            if then is not None:
                then()
            return
        anew = self.fault != ""
        if anew:
            # What is on disk is of unknown age: write everything anew.
            self.ledger.touch()
            todo += [*ledgerfile.emptying(), *map(outboxfile.storing, self.outbox.values())]
        todo += ledgerfile.changes(self.ledger)
        self._owed = {}
        self._dirty_since = 0.0
        self._under_way += 1

        def job(connection: sqlite3.Connection) -> None:
            for sql, values in todo:
                connection.execute(sql, values)

        def done(result: object) -> None:
            self._under_way -= 1
            if isinstance(result, Exception):
                self._owe(past)
                self._failed(result)
                if otherwise is not None:
                    otherwise()
                return
            if anew or not self.fault:  # one that was given before the fault was known leaves out what failed then
                self._recovered()
            if then is not None:
                then()

        self.store.run(job, done, durable=durable, erases=erases or anew)

    def _owe(self, past: dict[int, Statement]) -> None:
        self._owed = dict(sorted((self._owed | past).items())[-MAX_OWED:])

    def _load(self) -> None:
        owed = dict(self._owed)
        self._under_way += 1
        self.store.run(lambda connection: self._read(connection, owed), lambda left: self._take_in(left, owed))

    def _read(self, connection: sqlite3.Connection, owed: dict[int, Statement]) -> Left:
        """A job: what an earlier daemon left, after what is `owed`.

        Raises DamagedError for rows that none of ours wrote.
        """
        for sql, values in owed.values():
            connection.execute(sql, values)
        rows = load(connection)
        ledger = self._new_ledger()
        try:
            ledgerfile.restore(ledger, rows)
            parcels, dropped = outboxfile.restore(ledger, rows["outbox"])
            phase = next((float(value) for name, value in rows["meta"] if name == "phase"), self.phase)
        except (KeyError, TypeError, ValueError, AttributeError, UnpackException) as error:
            raise DamagedError(f"its rows are damaged: {type(error).__name__}") from error
        for sql, values in dropped:
            connection.execute(sql, values)
        return Left(ledger, parcels, phase)

    def _take_in(self, left: Left | Exception, owed: dict[int, Statement]) -> None:
        """Go on from what an earlier daemon left, beside what this one has counted since."""
        self._under_way -= 1
        if isinstance(left, Exception):
            self._failed(left)
            return
        self._owed = {number: each for number, each in self._owed.items() if number not in owed}
        if self._owed:
            self._load()  # what came meanwhile may erase what was read
            return
        self.ledger.absorb(left.ledger)
        for parcel in left.parcels:
            self.outbox.setdefault(parcel.beat_id, parcel)
        self.phase = left.phase
        self._recovered()
        self.save([("INSERT OR REPLACE INTO meta VALUES ('phase', ?)", (self.phase,))])

    def _failed(self, error: Exception) -> None:
        self.fault = str(error)
        self._retry_at = monotonic() + RETRY
        if self._told != self.fault:
            self._told = self.fault
            log.error("%s can't be used (%s); going on in memory", self.path, error)

    def _recovered(self) -> None:
        if self.store.set_aside and self.store.set_aside != self._told:
            self._told = self.store.set_aside
            log.warning("%s", self.store.set_aside)
        if self.fault:
            log.warning("%s can be used again", self.path)
            self.fault = self._told = ""
            for parcel in self.outbox.values():
                parcel.stored = True

    def ask(self, job: Callable[[sqlite3.Connection], Any], then: Callable[[Any], None]) -> None:
        """Read something from the database; `then` gets it, or the exception that prevented it."""

        def told(result: Any) -> None:
            if isinstance(result, Exception):
                self._failed(result)  # the store opens the database anew, and what it finds may be another one
            then(result)

        self.store.run(job, told)

    def close(self) -> None:
        """Save what was changed, and end."""
        if self.ledger.is_partial:
            self._load_now()
        self.save(durable=True)
        self._await()
        if self.fault:  # perhaps found only now: once more, anew
            self.save(durable=True)
        self.store.close()
        if self.fault:
            log.error("%s can't be used (%s): what it does not hold yet is lost", self.path, self.fault)
