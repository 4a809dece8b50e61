"""The copy on disk of what the ledger knows: SQLite, one writer, on a thread of its own.

The daemon's memory is the truth; this copy is at most a second behind it. A job is one transaction; jobs run in the
order in which they were given, and their results come back to the loop, so that nothing here ever holds up reading.

`locking_mode=EXCLUSIVE` comes before `journal_mode=WAL`: so SQLite needs no shared memory, and homes on a network work.
"""

from __future__ import annotations

import contextlib
import os
import queue
import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

SCHEMA_VERSION = 1

_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE product (name TEXT PRIMARY KEY, install_id TEXT, salt BLOB, first_seen REAL, version TEXT, system BLOB,
    host_class TEXT, announced INTEGER, choice TEXT) WITHOUT ROWID;
CREATE TABLE policy (digest BLOB PRIMARY KEY, packed BLOB) WITHOUT ROWID;
CREATE TABLE stream (product TEXT, destination TEXT, beat_id TEXT, start REAL, processes INTEGER, peak INTEGER,
    last_wall REAL, last_up REAL, last_boot TEXT, first INTEGER, sequence INTEGER, digest BLOB,
    PRIMARY KEY (product, destination)) WITHOUT ROWID;
CREATE TABLE number (product TEXT, destination TEXT, kind TEXT, name TEXT, value INTEGER,
    PRIMARY KEY (product, destination, kind, name)) WITHOUT ROWID;
CREATE TABLE distribution (product TEXT, destination TEXT, name TEXT, body BLOB,
    PRIMARY KEY (product, destination, name)) WITHOUT ROWID;
CREATE TABLE process (product TEXT, destination TEXT, nonce BLOB,
    PRIMARY KEY (product, destination, nonce)) WITHOUT ROWID;
CREATE TABLE outbox (beat_id TEXT PRIMARY KEY, product TEXT, destination TEXT, kind TEXT, sequence INTEGER, sink BLOB,
    body BLOB, created REAL, attempts INTEGER, next_try REAL, state TEXT, words TEXT) WITHOUT ROWID;
CREATE TABLE history (number INTEGER PRIMARY KEY, beat_id TEXT, product TEXT, destination TEXT, kind TEXT,
    sequence INTEGER, sink TEXT, body BLOB, at REAL, status INTEGER, words TEXT);
CREATE TABLE consent (number INTEGER PRIMARY KEY, at REAL, product TEXT, choice TEXT);
"""

Job = Callable[[sqlite3.Connection], Any]
Then = Callable[[Any], None]


class StoreError(Exception):
    """The state directory can't be used; the message says why and what to do."""


@dataclass(slots=True)
class Finished:
    then: Then
    result: Any


class Store:
    """Runs jobs on its thread. `wake` is called from there when a result waits for `finished()`.

    While the database can't be written `fault` says why. A job that failed gives its exception as its result.
    """

    def __init__(self, path: str, wake: Callable[[], None]) -> None:
        self._path = path
        self._wake = wake
        self._jobs: queue.SimpleQueue[tuple[Job, Then, bool] | None] = queue.SimpleQueue()
        self._results: deque[Finished] = deque()
        self._thread = threading.Thread(target=self._work, name="store", daemon=True)
        #: A database set aside because it could not be read, with what was wrong.
        self.set_aside = ""
        self._connection = self._open()
        self._thread.start()

    # From the loop.

    def load(self) -> dict[str, list[tuple[Any, ...]]]:
        """All rows of every table that the ledger is made from. Called once, before any job."""
        found: dict[str, list[tuple[Any, ...]]] = {}
        for table in ("meta", "product", "policy", "stream", "number", "distribution", "process", "outbox"):
            found[table] = self._connection.execute(f"SELECT * FROM {table}").fetchall()
        return found

    def run(self, job: Job, then: Then, *, durable: bool = False) -> None:
        """Do `job` in one transaction, later; `then` gets its result, or the sqlite3.Error that ended it.

        `durable`: not even a power cut undoes it once `then` was called.
        """
        self._jobs.put((job, then, durable))

    def finished(self) -> None:
        """Hand out the results that have come."""
        while self._results:
            done = self._results.popleft()
            done.then(done.result)

    def close(self) -> None:
        """Do the jobs that wait, then end."""
        self._jobs.put(None)
        self._thread.join()
        self.finished()

    # On the thread.

    def _work(self) -> None:
        while (entry := self._jobs.get()) is not None:
            job, then, durable = entry
            self._results.append(Finished(then, self._transact(job, durable=durable)))
            self._wake()
        with contextlib.suppress(sqlite3.Error):  # the copy is complete; a checkpoint is a nicety
            self._connection.close()

    def _transact(self, job: Job, *, durable: bool) -> Any:
        connection = self._connection
        try:
            connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            connection.execute("BEGIN IMMEDIATE")
            result = job(connection)
            connection.execute("COMMIT")
            return result
        except sqlite3.Error as error:
            with contextlib.suppress(sqlite3.Error):  # there may be nothing left to roll back
                connection.execute("ROLLBACK")
            return error

    def _open(self) -> sqlite3.Connection:
        try:
            return self._connect()
        except sqlite3.OperationalError as error:
            raise StoreError(f"{self._path} can't be opened ({error}); is its directory writable?") from error
        except sqlite3.DatabaseError as error:
            aside = f"{self._path}.broken-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
            for suffix in ("", "-wal"):
                if os.path.exists(self._path + suffix):
                    os.rename(self._path + suffix, aside + suffix)
            self.set_aside = f"the database was unreadable ({error}) and was set aside as {aside}"
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        os.close(descriptor)
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, timeout=2.0)
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA journal_mode = WAL")
            _migrate(connection)
            if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise sqlite3.DatabaseError("it is damaged")
        except BaseException:
            connection.close()
            raise
        return connection


def _migrate(connection: sqlite3.Connection) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > SCHEMA_VERSION:
        raise StoreError("the database was written by a newer daybeat; install that again, or move the file away")
    if version == 0:
        connection.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")
