"""SQLite in a real directory: order, results, rights, and what happens to a database that is damaged or too new."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from daybeatd.store import SCHEMA_VERSION, StoreError
from support.disk import Disk


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "daybeat.db"


def aside(path: Path) -> list[Path]:
    """What was set aside, the write-ahead logs not counted."""
    return sorted(each for each in path.parent.iterdir() if ".broken-" in each.name and not each.name.endswith("-wal"))


def filled(path: Path, rows: int = 300) -> bytes:
    """A closed database with something in it."""
    with Disk(path) as disk:
        for n in range(rows):
            disk.execute([("INSERT INTO number VALUES ('acme', 'there', 'counter', ?, ?)", (f"name.{n:05}", n))])
    return path.read_bytes()


def test_a_new_database_has_the_schema_and_is_the_users_alone(path: Path) -> None:
    with Disk(path) as disk:
        assert all(rows == [] for rows in disk.rows().values())
        assert disk.query("PRAGMA user_version") == [(SCHEMA_VERSION,)]
        for each in path.parent.iterdir():
            assert stat.S_IMODE(each.stat().st_mode) == 0o600, each
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_database_that_others_could_read_is_closed_to_them(path: Path) -> None:
    filled(path, 1)
    path.chmod(0o644)
    with Disk(path) as disk:
        disk.rows()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_there_is_no_shared_memory_and_the_log_is_a_wal(path: Path) -> None:
    """Homes on a network have no shared memory."""
    with Disk(path) as disk:
        assert disk.query("PRAGMA journal_mode") == [("wal",)]
        assert disk.query("PRAGMA locking_mode") == [("exclusive",)]
        disk.execute([("INSERT INTO meta VALUES ('a', 1)", ())])
        assert not Path(f"{path}-shm").exists()


@pytest.mark.parametrize(("durable", "level"), [(True, 2), (False, 1)])
def test_what_must_survive_a_power_cut_is_synchronized_in_full(path: Path, durable: bool, level: int) -> None:
    with Disk(path) as disk:
        found = disk.do(lambda connection: connection.execute("PRAGMA synchronous").fetchone(), durable=durable)
        assert found == (level,)


def test_jobs_run_in_their_order_and_each_result_finds_its_asker(path: Path) -> None:
    with Disk(path) as disk:
        found: list[tuple[int, int]] = []

        def job(n: int) -> Callable[[sqlite3.Connection], int]:
            def count(connection: sqlite3.Connection) -> int:
                connection.execute("INSERT INTO meta VALUES (?, ?)", (str(n), n))
                return int(connection.execute("SELECT count(*) FROM meta").fetchone()[0])

            return count

        for n in range(50):
            disk.store.run(job(n), lambda result, n=n: found.append((n, result)))
        disk.do(lambda connection: None)
        assert found == [(n, n + 1) for n in range(50)]


def test_closing_does_what_waits_first(path: Path) -> None:
    results: list[object] = []
    disk = Disk(path)
    for n in range(20):
        disk.store.run(lambda c, n=n: c.execute("INSERT INTO meta VALUES (?, 1)", (str(n),)).rowcount, results.append)
    disk.store.close()
    assert results == [1] * 20
    with Disk(path) as disk:
        assert len(disk.rows()["meta"]) == 20


def test_a_job_that_fails_is_undone_whole_and_the_next_one_works(path: Path) -> None:
    with Disk(path) as disk:
        result = disk.execute([("INSERT INTO meta VALUES ('a', 1)", ()), ("INSERT INTO nowhere VALUES (1)", ())])
        assert isinstance(result, sqlite3.Error)
        assert disk.rows()["meta"] == []
        assert disk.execute([("INSERT INTO meta VALUES ('b', 2)", ())]) is None
        assert disk.rows()["meta"] == [("b", 2)]


def test_what_was_stored_is_there_for_the_next(path: Path) -> None:
    filled(path, 5)
    with Disk(path) as disk:
        assert len(disk.rows()["number"]) == 5
        assert disk.store.set_aside == ""


def test_what_was_stored_survives_a_kill(path: Path) -> None:
    code = f"""
import sys, os, time
from daybeatd.store import Store
done = []
store = Store({str(path)!r}, lambda: None)
store.run(lambda c: c.execute("INSERT INTO meta VALUES ('a', 1)").rowcount, done.append, durable=True)
while not done:
    time.sleep(0.01)
    store.finished()
os.kill(os.getpid(), 9)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -9
    with Disk(path) as disk:
        assert disk.rows()["meta"] == [("a", 1)]


def test_while_one_has_it_no_other_process_gets_it(path: Path) -> None:
    with Disk(path) as disk:
        disk.rows()
        other = sqlite3.connect(path, timeout=0)
        try:
            with pytest.raises(sqlite3.OperationalError):
                other.execute("SELECT * FROM meta").fetchall()
        finally:
            other.close()


def test_a_newer_database_is_refused_in_a_clear_line_and_left_alone(path: Path) -> None:
    filled(path, 1)
    with Disk(path) as disk:
        disk.query(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    with Disk(path) as disk:
        result = disk.do(lambda connection: None)
        assert isinstance(result, StoreError)
        assert "newer" in str(result)
        assert "\n" not in str(result)
    assert aside(path) == []
    after = sqlite3.connect(path)
    try:
        assert after.execute("SELECT count(*) FROM number").fetchone() == (1,)
    finally:
        after.close()


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: b"this is no database at all, but it is long enough to be read as one" * 40,
        lambda whole: os.urandom(len(whole)),
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole[: len(whole) // 2 + 1234],
        lambda whole: whole[:100],
        lambda whole: whole[:4096],
        lambda whole: whole[:4096] + b"\0" * (len(whole) - 4096),
        lambda whole: whole[:4096] + os.urandom(len(whole) - 4096),
        lambda whole: b"\0" * len(whole),
        # SQLite repeats the name in its message, which Python then can't decode.
        lambda whole: whole.replace(b"metameta", b"\xafeta\xafeta").replace(b"CREATE TABLE meta", b"CREATE TABLX meta"),
        lambda whole: whole.replace(b"last_up", b"last\xd8up"),
    ],
    ids=[
        "text",
        "noise",
        "half",
        "half a page",
        "header",
        "page",
        "zeros behind",
        "noise behind",
        "zeros",
        "schema",
        "column",
    ],
)
def test_a_damaged_database_is_set_aside_whole_and_a_new_one_begun(
    path: Path, damage: Callable[[bytes], bytes]
) -> None:
    whole = filled(path)
    damaged = damage(whole)
    path.write_bytes(damaged)
    with Disk(path) as disk:
        assert disk.rows()["number"] == []
        assert disk.execute([("INSERT INTO meta VALUES ('a', 1)", ())]) is None
        (kept,) = aside(path)
        assert str(kept) in disk.store.set_aside
        assert "\n" not in disk.store.set_aside
    assert kept.read_bytes()[100:] == damaged[100:]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    with Disk(path) as disk:
        assert disk.rows()["meta"] == [("a", 1)]
        assert disk.store.set_aside == ""


def test_two_damaged_ones_are_both_kept(path: Path) -> None:
    for n in range(2):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(bytes((n,)) * 5000)
        with Disk(path) as disk:
            disk.rows()
    assert len(aside(path)) == 2


def test_an_empty_file_is_a_new_database(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    with Disk(path) as disk:
        assert disk.rows()["meta"] == []
        assert disk.store.set_aside == ""


def test_a_database_that_is_removed_meanwhile_is_begun_anew(path: Path) -> None:
    with Disk(path) as disk:
        disk.execute([("INSERT INTO meta VALUES ('a', 1)", ())])
        for each in path.parent.iterdir():
            each.unlink()
        disk.do(lambda connection: None)
        assert disk.rows()["meta"] == []
        assert disk.execute([("INSERT INTO meta VALUES ('b', 1)", ())]) is None
        assert path.exists()


def test_a_state_directory_that_can_not_be_made_is_a_result_and_may_be_mended(tmp_path: Path) -> None:
    place = tmp_path / "state"
    place.write_text("a file is in the way")
    with Disk(place / "daybeat.db") as disk:
        assert isinstance(disk.do(lambda connection: None), Exception)
        place.unlink()
        assert disk.rows()["meta"] == []


def test_a_directory_or_a_link_in_its_place_is_a_result(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir(mode=0o700)
    (tmp_path / "one" / "daybeat.db").mkdir()
    (tmp_path / "two").mkdir(mode=0o700)
    (tmp_path / "two" / "daybeat.db").symlink_to(tmp_path / "elsewhere")
    for place in ("one", "two"):
        with Disk(tmp_path / place / "daybeat.db") as disk:
            assert isinstance(disk.do(lambda connection: None), Exception)
    assert not (tmp_path / "elsewhere").exists()
