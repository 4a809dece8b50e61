"""A database of another version: an older one is brought up to date with all it holds, a newer one is left alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

import daybeat
from daybeatd import ledgerfile, outboxfile
from daybeatd.core.outbox import Parcel
from daybeatd.keeper import Keeper
from daybeatd.store import SCHEMA_VERSION, StoreError
from support.disk import Disk
from support.ledgers import NOW, Client, Told, acme, told_of

#: The tables that version 2 changed, as the first daemon that kept anything made them.
FIRST = {
    "policy": "(digest BLOB PRIMARY KEY, packed BLOB) WITHOUT ROWID",
    "stream": """(product TEXT, destination TEXT, beat_id TEXT, start REAL, processes INTEGER, peak INTEGER,
        last_wall REAL, last_up REAL, last_boot TEXT, first INTEGER, sequence INTEGER, digest BLOB,
        PRIMARY KEY (product, destination)) WITHOUT ROWID""",
    "outbox": """(beat_id TEXT PRIMARY KEY, product TEXT, destination TEXT, kind TEXT, sequence INTEGER, sink BLOB,
        body BLOB, created REAL, attempts INTEGER, next_try REAL, state TEXT, words TEXT) WITHOUT ROWID""",
}
BODY = b'{"events":[\x00\xff]}'


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def path(tmp_path: Path, told: Told) -> Path:
    """A database of our version in which every table holds something."""
    found = tmp_path / "state" / "daybeat.db"
    with Disk(found) as disk:
        client = Client(told, acme()).hello()
        client.facts()
        client.counts({"cli.run": 41}, observed=(("latency.x", "ms", {}, [1.0, 2.0]),))
        sink = daybeat.https_json("https://acme.dev")
        waits = Parcel("beat", "acme", "there", "heartbeat", 3, sink, BODY, NOW, attempts=2, words="HTTP 503")
        sent = Parcel("sent", "acme", told.stream.destination, "heartbeat", 2, sink, BODY, NOW, words="HTTP 200")
        changed = ledgerfile.noting_choice(NOW, "acme", "on")
        disk.save(told.ledger, outboxfile.storing(waits), changed, *outboxfile.delivered(sent, NOW))
        disk.execute([("INSERT INTO meta VALUES ('phase', 0.25)", ())])
        assert all(disk.rows().values())
    return found


@contextmanager
def by_hand(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def as_first(connection: sqlite3.Connection) -> None:
    """The tables as the first daemon had them; what it did not know is gone."""
    for table, columns in FIRST.items():
        connection.execute(f"ALTER TABLE {table} RENAME TO aside")
        connection.execute(f"CREATE TABLE {table} {columns}")
        names = ", ".join(row[1] for row in connection.execute(f"PRAGMA table_info({table})"))
        connection.execute(f"INSERT INTO {table} SELECT {names} FROM aside")
        connection.execute("DROP TABLE aside")
    connection.execute("PRAGMA user_version = 1")


def as_it_was_while_it_grew(connection: sqlite3.Connection) -> None:
    """Columns came and the version did not rise: every column is there."""
    connection.execute("PRAGMA user_version = 1")


def without_a_version(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA user_version = 0")


def schema(path: Path) -> list[tuple[object, ...]]:
    with by_hand(path) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return [(table, *row) for table in sorted(tables) for row in connection.execute(f"PRAGMA table_info({table})")]


@pytest.mark.parametrize("older", [as_first, as_it_was_while_it_grew, without_a_version])
def test_an_older_one_keeps_all_it_holds(path: Path, told: Told, older: Callable[[sqlite3.Connection], None]) -> None:
    wanted = schema(path)
    with by_hand(path) as connection:
        older(connection)
    next_daemon = Keeper(str(path), told.fresh, lambda: None)
    try:
        assert (next_daemon.fault, next_daemon.store.set_aside, next_daemon.phase) == ("", "", 0.25)
        (stream,) = next_daemon.ledger.streams.values()
        assert told_of(next_daemon.ledger, stream) == told_of(told.ledger, told.stream)
        assert not next_daemon.ledger.why_held(stream)
        assert stream.told == "HTTP 200"
        assert next_daemon.ledger.products == told.ledger.products
        (parcel,) = next_daemon.outbox.values()
        assert (parcel.beat_id, parcel.body, parcel.attempts, parcel.version) == ("beat", BODY, 2, "")
        told.ledger = next_daemon.ledger
        Client(told, acme()).counts({"cli.run": 1})
    finally:
        next_daemon.close()
    assert schema(path) == wanted
    with Disk(path) as disk:
        assert disk.query("PRAGMA user_version") == [(SCHEMA_VERSION,)]
        assert disk.query("SELECT value FROM number WHERE name = 'cli.run'") == [(42,)]
        assert disk.query("SELECT choice FROM consent") == [("on",)]


def test_a_way_that_breaks_off_leaves_it_as_it_was(path: Path) -> None:
    """Two of three tables are done when the third can't be: none is."""
    with by_hand(path) as connection:
        as_first(connection)
        connection.execute("CREATE VIEW outbox_before AS SELECT 1")
    before = schema(path)
    with Disk(path) as disk:
        assert isinstance(disk.do(lambda connection: None), sqlite3.OperationalError)
        assert disk.store.set_aside == ""
    assert schema(path) == before
    with by_hand(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        connection.execute("DROP VIEW outbox_before")
    with Disk(path) as disk:
        assert [row[6] for row in disk.rows()["outbox"]] == [BODY]


def test_a_newer_one_is_refused_in_a_line_and_not_a_byte_of_it_is_changed(path: Path) -> None:
    with by_hand(path) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")  # as a version that keeps it otherwise may
        connection.execute("ALTER TABLE stream ADD COLUMN mood TEXT")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    before = path.read_bytes()
    with Disk(path) as disk:
        result = disk.do(lambda connection: None)
        assert isinstance(result, StoreError)
        assert "newer daybeat" in str(result)
        assert "\n" not in str(result)
        assert disk.store.set_aside == ""
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]
