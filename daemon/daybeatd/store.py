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

from daybeatd.directories import DirectoryError, own

_TABLES = {
    "meta": "(name TEXT PRIMARY KEY, value) WITHOUT ROWID",
    "product": """(name TEXT PRIMARY KEY, install_id TEXT, salt BLOB, first_seen REAL, version TEXT, system BLOB,
        host_class TEXT, announced INTEGER, choice TEXT) WITHOUT ROWID""",
    "policy": "(digest BLOB PRIMARY KEY, packed BLOB, declared INTEGER DEFAULT 0) WITHOUT ROWID",
    "stream": """(product TEXT, destination TEXT, beat_id TEXT, start REAL, processes INTEGER, peak INTEGER,
        last_wall REAL, last_up REAL, last_boot TEXT, first INTEGER, sequence INTEGER, digest BLOB,
        ended TEXT DEFAULT '', gzip INTEGER DEFAULT 0, PRIMARY KEY (product, destination)) WITHOUT ROWID""",
    "number": """(product TEXT, destination TEXT, kind TEXT, name TEXT, value INTEGER,
        PRIMARY KEY (product, destination, kind, name)) WITHOUT ROWID""",
    "distribution": """(product TEXT, destination TEXT, name TEXT, body BLOB,
        PRIMARY KEY (product, destination, name)) WITHOUT ROWID""",
    "process": """(product TEXT, destination TEXT, nonce BLOB,
        PRIMARY KEY (product, destination, nonce)) WITHOUT ROWID""",
    "outbox": """(beat_id TEXT PRIMARY KEY, product TEXT, destination TEXT, kind TEXT, sequence INTEGER, sink BLOB,
        body BLOB, window BLOB, created REAL, attempts INTEGER, next_try REAL, state TEXT, words TEXT,
        version TEXT DEFAULT '') WITHOUT ROWID""",
    "history": """(number INTEGER PRIMARY KEY, beat_id TEXT, product TEXT, destination TEXT, kind TEXT,
        sequence INTEGER, sink TEXT, body BLOB, at REAL, status INTEGER, words TEXT)""",
    "consent": "(number INTEGER PRIMARY KEY, at REAL, product TEXT, choice TEXT)",
}
#: For each version the tables that the next one changed. A database of that version has them built anew as they are
#: now, with the columns that both have. A column that is added needs a default that means what its absence meant.
_STEPS: tuple[tuple[str, ...], ...] = (
    tuple(_TABLES),  # an empty file
    ("policy", "stream", "outbox"),
)
SCHEMA_VERSION = len(_STEPS)

_ANSWERS = """SELECT product, destination, words FROM history
    WHERE number IN (SELECT max(number) FROM history GROUP BY product, destination)"""

Rows = dict[str, list[tuple[Any, ...]]]
Job = Callable[[sqlite3.Connection], Any]
Then = Callable[[Any], None]


class StoreError(Exception):
    """The state directory can't be used; the message says why and what to do."""


class DamagedError(sqlite3.DatabaseError):
    """A job found rows that this daemon never wrote. The database is set aside, and the job done on a new one."""


@dataclass(slots=True)
class Finished:
    then: Then
    result: Any


class Store:
    """Runs jobs on its thread. `wake` is called from there when a result waits for `finished()`.

    A job that failed gives the sqlite3.Error or OSError as its result; the connection is then opened anew for the next
    one, so that a database that was cut, overwritten or removed meanwhile is noticed. One that can't be read is set
    aside under a dated name, never deleted, and a new one is begun; `set_aside` then tells of it.
    """

    def __init__(self, path: str, wake: Callable[[], None]) -> None:
        self._path = path
        self._wake = wake
        self._jobs: queue.SimpleQueue[tuple[Job, Then, bool, bool] | None] = queue.SimpleQueue()
        self._results: deque[Finished] = deque()
        self._thread = threading.Thread(target=self._work, name="store", daemon=True)
        self._connection: sqlite3.Connection | None = None
        self._files: list[tuple[int, int]] = []
        self.set_aside = ""
        self._thread.start()

    # From the loop.

    def run(self, job: Job, then: Then, *, durable: bool = False, erases: bool = False) -> None:
        """Do `job` in one transaction, later; `then` gets its result, or the sqlite3.Error or OSError that ended it.

        `durable`: not even a power cut undoes it once `then` was called. `erases`: what the job deleted is then in no
        file any more, the log of earlier writes included.
        """
        self._jobs.put((job, then, durable, erases))

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
            job, then, durable, erases = entry
            self._results.append(Finished(then, self._transact(job, durable=durable, erases=erases)))
            self._wake()
        self._disconnect()

    def _transact(self, job: Job, *, durable: bool, erases: bool) -> Any:
        try:
            return self._commit(job, durable=durable, erases=erases)
        except DamagedError as error:
            self._disconnect()
            self._put_aside(error)
        except (sqlite3.Error, OSError, StoreError, DirectoryError, UnicodeDecodeError) as error:
            self._disconnect()
            return error
        return self._transact(job, durable=durable, erases=erases)  # on a new database, which nothing has damaged

    def _commit(self, job: Job, *, durable: bool, erases: bool) -> Any:
        connection = self._connected()
        connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        connection.execute("BEGIN IMMEDIATE")
        result = job(connection)
        connection.execute("COMMIT")
        if erases:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._files = self._files_at_path()
        return result

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(sqlite3.Error):  # what was not committed is rolled back either way
                connection.close()

    def _connected(self) -> sqlite3.Connection:
        """The connection. Raises StoreError where the files at the path are not as the last job left them.

        They may hold anything then: as after every fault, all is to be written anew.
        """
        if self._connection is None:
            own(os.path.dirname(self._path))
            self._connection = self._open()
        elif self._files != self._files_at_path():
            raise StoreError("its files were removed, replaced or cut")
        return self._connection

    def _files_at_path(self) -> list[tuple[int, int]]:
        """The inode and the size of the database and of its log; of one that is not there, nothing."""
        files = (self._path, self._path + "-wal")
        return [(at.st_ino, at.st_size) for at in map(os.stat, filter(os.path.exists, files))]

    def _open(self) -> sqlite3.Connection:
        try:
            return self._connect()
        except sqlite3.OperationalError:
            raise
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            self._put_aside(error)
            return self._connect()

    def _put_aside(self, error: Exception) -> None:
        aside = f"{self._path}.broken-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}"
        for suffix in ("", "-wal"):
            if os.path.exists(self._path + suffix):
                os.rename(self._path + suffix, aside + suffix)
        why = " ".join(str(error).split())
        self.set_aside = f"the database was unreadable ({why}) and was set aside as {aside}"

    def _connect(self) -> sqlite3.Connection:
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        os.fchmod(descriptor, 0o600)
        os.close(descriptor)
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, timeout=1.0)
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            version = _require_known(connection)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA wal_autocheckpoint = 256")  # pages: a log of 1 MiB beside the database
            # What was erased is overwritten, too.
            connection.execute("PRAGMA secure_delete = ON")
            _migrate(connection, version)
            if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise sqlite3.DatabaseError("it is damaged")
        except BaseException:
            connection.close()
            raise
        return connection


def load(connection: sqlite3.Connection) -> Rows:
    """All rows of the tables that the daemon's memory is made from, and of each stream the last answer: a job."""
    tables = ("meta", "product", "policy", "stream", "number", "distribution", "process", "outbox")
    try:
        rows = {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables}
        rows["answer"] = connection.execute(_ANSWERS).fetchall()
        return rows
    except UnicodeDecodeError as error:
        raise DamagedError("a name in it is none") from error
    except sqlite3.OperationalError as error:
        if "no such" in str(error):
            raise DamagedError("a table or a column of it is gone") from error
        if "decode" not in str(error):
            raise
        raise DamagedError("a text in it is none") from error


def _require_known(connection: sqlite3.Connection) -> int:
    """The version of the schema. Raises StoreError for one that this daemon does not know: nothing of it is touched."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > SCHEMA_VERSION:
        raise StoreError("the database was written by a newer daybeat; install that again, or move the file away")
    return version


def _migrate(connection: sqlite3.Connection, version: int) -> None:
    """From `version` to ours, whole or not at all."""
    changed = [table for table in _TABLES if any(table in step for step in _STEPS[version:])]
    if changed:
        connection.execute("BEGIN IMMEDIATE")
        for table in changed:
            _build_anew(connection, table)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")


def _build_anew(connection: sqlite3.Connection, table: str) -> None:
    before = _columns(connection, table)
    if before:
        connection.execute(f"ALTER TABLE {table} RENAME TO {table}_before")
    connection.execute(f"CREATE TABLE {table} {_TABLES[table]}")
    if before:
        both = ", ".join(name for name in _columns(connection, table) if name in before)
        connection.execute(f"INSERT INTO {table} ({both}) SELECT {both} FROM {table}_before")
        connection.execute(f"DROP TABLE {table}_before")


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    """The names of a table's columns, none when there is no such table."""
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
