"""A database that can't be used for a while: what memory does not hold, the past, is written when it can be again."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from daybeatd import keeper as keepers
from daybeatd import ledgerfile
from daybeatd.keeper import Keeper
from daybeatd.statements import delete, put
from support.ledgers import NOW, Client, Told, acme
from support.waiting import until

SENT = put("history", beat_id="beat", product="acme", at=NOW)


class Kept:
    """A keeper, and its database, which can be hidden."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.told = Told()
        self.keeper = Keeper(str(path), self.told.fresh, lambda: None)
        self.told.ledger = self.keeper.ledger
        self.closed = False

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            self.keeper.close()

    def hide(self) -> None:
        self.path.rename(self.path.with_name("hidden"))
        self.path.mkdir()

    def show(self) -> None:
        self.ask(lambda connection: None)  # after this no job is under way that could make a new one meanwhile
        self.path.rmdir()
        self.path.with_name("hidden").rename(self.path)

    def await_fault(self) -> None:
        until(lambda: (self.keeper.store.finished(), self.keeper.fault)[1], "the fault should be noticed")

    def await_recovery(self) -> None:
        def recovered() -> bool:
            self.keeper.save_what_is_due()
            self.keeper.store.finished()
            return not self.keeper.fault

        until(recovered, lambda: f"the fault is still {self.keeper.fault!r}")

    def ask(self, job: Callable[[sqlite3.Connection], Any]) -> Any:
        """What the job gives, or the exception that ended it."""
        found: list[Any] = []
        self.keeper.ask(job, found.append)
        until(lambda: (self.keeper.store.finished(), found)[1], "the store should answer")
        return found[0]

    def rows(self, sql: str) -> Any:
        return self.ask(lambda connection: connection.execute(sql).fetchall())


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    monkeypatch.setattr(keepers, "RETRY", 0.01)
    made = Kept(tmp_path / "state" / "daybeat.db")
    yield made
    made.close()


@pytest.mark.parametrize("is_known", [False, True])
def test_what_was_forgotten_meanwhile_is_erased(kept: Kept, is_known: bool) -> None:
    """Whether the fault was known before, or is found by this very save."""
    Client(kept.told, acme()).hello().counts({"cli.run": 1})
    other = put("history", beat_id="other", product="other", at=NOW)
    kept.keeper.save([SENT, other, ledgerfile.noting_choice(NOW, "acme", "on")])
    assert kept.rows("SELECT beat_id FROM history") == [("beat",), ("other",)]
    kept.hide()
    if is_known:
        kept.keeper.save()
        kept.await_fault()
    kept.keeper.save(ledgerfile.forgetting("acme"))
    kept.await_fault()
    kept.show()
    kept.await_recovery()
    assert kept.rows("SELECT beat_id FROM history") == [("other",)]
    assert kept.rows("SELECT * FROM consent") == []


def test_what_was_sent_meanwhile_is_in_the_history_once_and_in_its_order(kept: Kept) -> None:
    kept.keeper.save()
    kept.rows("SELECT 1")
    kept.hide()
    for n in range(3):
        kept.keeper.save([put("history", beat_id=f"beat {n}", product="acme", at=NOW)])
        kept.await_fault()
    kept.show()
    kept.await_recovery()
    kept.keeper.save()
    assert kept.rows("SELECT beat_id FROM history ORDER BY number") == [("beat 0",), ("beat 1",), ("beat 2",)]


def test_what_waits_for_the_database_is_bounded(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keepers, "MAX_OWED", 5)
    kept.keeper.save()
    kept.rows("SELECT 1")
    kept.hide()
    for n in range(20):
        kept.keeper.save([put("history", beat_id=f"beat {n}"), delete("outbox", beat_id=f"beat {n}")])
    kept.await_fault()
    kept.show()
    kept.await_recovery()
    assert kept.rows("SELECT beat_id FROM history ORDER BY number") == [(f"beat {n}",) for n in range(15, 20)]


def test_what_waits_keeps_its_order_whenever_each_failure_is_heard_of(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sent, then forgotten: the other way round, what was forgotten would be there again."""
    given: list[Callable[[Any], None]] = []
    kept.keeper.save()
    kept.rows("SELECT 1")
    monkeypatch.setattr(kept.keeper.store, "run", lambda job, then, durable=False, erases=False: given.append(then))
    kept.keeper.save([SENT])
    kept.keeper.save(ledgerfile.forgetting("acme"))
    given[0](OSError("full"))
    kept.keeper.save()
    given[1](OSError("full"))
    given[2](OSError("full"))
    monkeypatch.undo()
    kept.await_recovery()
    assert kept.rows("SELECT * FROM history") == []


def test_a_save_that_was_given_before_a_fault_was_known_does_not_end_it(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It holds what changed since the failed one and no more: that one's changes must be written, too."""
    given: list[Callable[[Any], None]] = []
    kept.keeper.save()
    kept.rows("SELECT 1")
    monkeypatch.setattr(kept.keeper.store, "run", lambda job, then, durable=False, erases=False: given.append(then))
    Client(kept.told, acme()).hello().counts({"cli.run": 1})
    kept.keeper.save()
    kept.keeper.save()
    failed, later = given
    failed(OSError("full"))
    later(None)
    assert kept.keeper.fault == "full"
    monkeypatch.undo()
    kept.await_recovery()
    assert kept.rows("SELECT name, value FROM number WHERE kind = 'counter'") == [("cli.run", 1)]


def _replaced(kept: Kept) -> None:
    """Another database takes the place of the one that is written to, as when a backup is put back."""
    Keeper(str(kept.path.with_name("other.db")), kept.told.fresh, lambda: None).close()
    kept.path.with_name("other.db").replace(kept.path)


def _log_removed(kept: Kept) -> None:
    kept.path.with_name("daybeat.db-wal").unlink()


def _log_cut(kept: Kept) -> None:
    log = kept.path.with_name("daybeat.db-wal")
    os.truncate(log, log.stat().st_size // 2)


@pytest.mark.parametrize("damage", [_replaced, _log_removed, _log_cut])
def test_another_file_gets_all_and_not_only_what_changed(kept: Kept, damage: Callable[[Kept], None]) -> None:
    process = Client(kept.told, acme()).hello()
    process.counts({"cli.run": 1})
    kept.keeper.save()
    kept.rows("SELECT 1")
    damage(kept)
    process.counts({"feature.search": 2})
    kept.keeper.save()
    kept.await_fault()
    kept.await_recovery()
    found = kept.rows("SELECT name, value FROM number WHERE kind = 'counter' ORDER BY name")
    assert found == [("cli.run", 1), ("feature.search", 2)]


def test_a_question_that_finds_the_file_gone_has_all_written_anew(kept: Kept) -> None:
    """A save after it would find an empty database, and write into it what changed since the last one alone."""
    process = Client(kept.told, acme()).hello()
    process.counts({"cli.run": 1})
    kept.keeper.save()
    kept.rows("SELECT 1")
    kept.path.unlink()
    assert isinstance(kept.ask(lambda connection: None), Exception)
    process.counts({"feature.search": 2})
    kept.await_recovery()
    found = kept.rows("SELECT name, value FROM number WHERE kind = 'counter' ORDER BY name")
    assert found == [("cli.run", 1), ("feature.search", 2)]


def test_a_file_that_is_found_gone_at_the_end_is_written_anew(kept: Kept) -> None:
    Client(kept.told, acme()).hello().counts({"cli.run": 7})
    kept.keeper.save()
    kept.rows("SELECT 1")
    kept.path.unlink()
    kept.close()
    assert _counted(kept.path) == [(7,)]


@pytest.fixture
def later(kept: Kept) -> Iterator[Kept]:
    """The next daemon, which can't read what the one before it left: 7 of `cli.run`."""
    Client(kept.told, acme()).hello().counts({"cli.run": 7})
    kept.close()
    kept.path.rename(kept.path.with_name("hidden"))
    kept.path.mkdir()
    made = Kept(kept.path)
    made.await_fault()
    yield made
    made.close()


def _counted(path: Path) -> list[tuple[int]]:
    with contextlib.closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT value FROM number WHERE kind = 'counter'").fetchall()


def test_what_could_not_be_read_when_it_was_to_be_erased_is_never_read(later: Kept) -> None:
    """Off, and on again before the disk came back."""
    later.keeper.save([*ledgerfile.erasing("acme"), ledgerfile.noting_choice(NOW, "acme", "off")], erases=True)
    Client(later.told, acme()).hello().counts({"cli.run": 2})
    later.keeper.changed()
    later.show()
    later.await_recovery()
    assert later.told.stream.window.numbers["counter"] == {"cli.run": 2}
    assert later.rows("SELECT choice FROM consent") == [("off",)]
    later.close()
    assert _counted(later.path) == [(2,)]


def test_numbers_of_before_are_looked_for_once_more_at_the_end(later: Kept) -> None:
    Client(later.told, acme(), nonce=b"2" * 8).hello().counts({"cli.run": 2})
    later.show()
    later.close()
    assert _counted(later.path) == [(9,)]
