"""A disk that is full, read-only or damaged: the daemon lives, says so, and loses only what it says."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.collector import Answer, Collector
from support.house import House
from support.outcomes import assert_one_line_error
from support.products import acme, https_json
from support.waiting import DEADLINE, until


def _daemon_status(house: House) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(house.daybeat("status", "--json").stdout)["daemon"]
    return told


def _count(house: House, collector: Collector, n: int) -> None:
    house.run_client(acme(https_json(collector.url)) + f"telemetry.count('feature.search', {n}); telemetry.flush(5)")


@pytest.fixture
def small_disk(house: House) -> Iterator[House]:
    """A house whose state lies on a disk of 2 MiB."""
    house.state.mkdir(mode=0o700, exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m,mode=700", "tmpfs", str(house.state)], capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip("mounting a small disk needs root")
    try:
        yield house
    finally:
        subprocess.run(["umount", "-l", str(house.state)], check=True)


def test_a_full_disk_is_said_and_overcome(small_disk: House, collector: Collector) -> None:
    house = small_disk
    daemon = house.start_daemon()
    _count(house, collector, 1)
    house.await_counters({"feature.search": 1})
    filler = _fill_up(house, collector)
    _count(house, collector, 2)
    assert daemon.running
    assert house.held()["feature.search"] == 3
    filler.unlink()
    until(lambda: _daemon_status(house)["store"] == "ok", "the disk should be used again")
    assert daemon.log.count("can't be used") == 1
    daemon.kill()
    house.start_daemon()
    assert house.held()["feature.search"] == 3
    assert len(house.held()) == 301


def _fill_up(house: House, collector: Collector) -> Path:
    """The disk is full, and the daemon knows; the file to remove."""
    filler = house.state / "filler"
    _fill(filler)
    names = "; ".join(f"telemetry.count('feature.n{i}')" for i in range(300))
    house.run_client(acme(https_json(collector.url)) + names + "; telemetry.flush(5)")
    until(lambda: _daemon_status(house)["store"] != "ok", "the full disk should be told of")
    return filler


def test_a_send_says_that_the_disk_is_full_and_goes_when_it_is_not(small_disk: House, collector: Collector) -> None:
    house = small_disk
    house.start_daemon()
    _count(house, collector, 1)
    house.await_counters({"feature.search": 1})
    filler = _fill_up(house, collector)
    for _ in range(2):  # the second finds a heartbeat that waits, and no numbers
        refused = house.daybeat("send", "acme")
        assert refused.returncode == 1
        assert "the database can't be used" in refused.stdout
        assert refused.stderr.endswith("1 of 1 not delivered; kept, and sent when it may be\n")
    assert collector.events() == []
    filler.unlink()
    (beat,) = collector.await_events(1)
    assert beat["counters"]["feature.search"] == 1


def test_a_send_tells_of_an_answer_that_the_disk_could_not_keep(house: House, collector: Collector) -> None:
    house.start_daemon()
    _count(house, collector, 1)
    house.await_counters({"feature.search": 1})
    collector.await_events(1, "first_run")
    collector.answer(then=Answer(delay=2.0))
    send = subprocess.Popen(
        [sys.executable, "-m", "daybeatd.cli", "send"], env=house.environ, stdout=subprocess.PIPE, text=True
    )
    collector.await_events(1)
    (house.state / "daybeat.db").unlink()
    told, _ = send.communicate(timeout=3 * DEADLINE)
    assert (send.returncode, "200 OK" in told) == (0, True)
    until(lambda: "200 OK" in house.daybeat("history").stdout, "it should be in the history when it can be")


def _fill(filler: Path) -> None:
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):  # until it is full
        while True:
            file.write(b"x" * 4096)


def test_forget_on_a_full_disk_says_what_it_could_not_erase(small_disk: House, collector: Collector) -> None:
    house = small_disk
    house.start_daemon()
    _count(house, collector, 1)
    house.send("acme")
    filler = _fill_up(house, collector)
    refused = house.daybeat("forget", "acme")
    assert refused.returncode == 1
    assert_one_line_error(refused)
    filler.unlink()
    until(lambda: house.daybeat("forget", "acme").returncode == 0, "it should be erased when it can be")
    assert house.daybeat("history", "acme", "--json").stdout.strip() == "[]"


def test_a_state_directory_that_cannot_be_written(house: House, collector: Collector) -> None:
    house.state.mkdir(mode=0o700, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", "ro,mode=700", "tmpfs", str(house.state)]
    bound = subprocess.run(mount, capture_output=True)
    if bound.returncode != 0:
        pytest.skip("mounting a read-only disk needs root")
    try:
        daemon = house.start_daemon()
        _count(house, collector, 5)
        house.await_counters({"feature.search": 5})
        assert _daemon_status(house)["store"] != "ok"
        subprocess.run(["mount", "-o", "remount,rw", str(house.state)], check=True)
        until(lambda: _daemon_status(house)["store"] == "ok", "the directory should be used as soon as it can be")
        daemon.kill()
        house.start_daemon()
        assert house.held() == {"feature.search": 5}
        assert house.daybeat("send", "acme").returncode == 0
        assert [beat["counters"] for beat in collector.events()] == [{"feature.search": 5}]
    finally:
        subprocess.run(["umount", "-l", str(house.state)], check=True)


def test_numbers_of_before_are_found_again_and_added(house: House, collector: Collector) -> None:
    """The database can't be opened at the start and can later: what it held and what came since are one."""
    daemon = house.start_daemon()
    _count(house, collector, 7)
    house.await_counters({"feature.search": 7})
    before = house.beat()["install_id"]
    daemon.stop()
    database = house.state / "daybeat.db"
    hidden = house.state / "hidden.db"
    database.rename(hidden)
    database.mkdir()
    house.start_daemon()
    _count(house, collector, 2)
    house.await_counters({"feature.search": 2})
    database.rmdir()
    hidden.rename(database)
    house.await_counters({"feature.search": 9})
    assert house.beat()["install_id"] == before
    house.send("acme")
    assert [event["install_id"] for event in collector.events("first_run")] == [before]


def test_forget_does_not_say_that_it_erased_what_it_could_not(house: House, collector: Collector) -> None:
    database = house.state / "daybeat.db"
    database.mkdir(mode=0o700, parents=True)
    house.start_daemon()
    _count(house, collector, 7)
    house.await_counters({"feature.search": 7})
    told = house.daybeat("forget", "acme", "--yes")
    assert told.returncode == 1
    assert "can't be used" in told.stderr
    assert house.held() == {"feature.search": 7}
    database.rmdir()
    until(lambda: _daemon_status(house)["store"] == "ok", "a new database should be begun")
    assert house.daybeat("forget", "acme", "--yes").returncode == 0
    assert house.held() == {}


@pytest.mark.parametrize("damage", ["cut in half", "overwritten with noise"])
def test_a_damaged_database_is_set_aside(house: House, collector: Collector, damage: str) -> None:
    daemon = house.start_daemon()
    _count(house, collector, 7)
    house.await_counters({"feature.search": 7})
    daemon.stop()
    database = house.state / "daybeat.db"
    whole = database.read_bytes()
    database.write_bytes(whole[: len(whole) // 2] if damage == "cut in half" else os.urandom(len(whole)))
    damaged = database.read_bytes()
    daemon = house.start_daemon()
    (aside,) = house.state.glob("daybeat.db.broken-*Z")
    assert aside.read_bytes() == damaged
    assert str(aside) in daemon.log
    assert str(aside) in _daemon_status(house)["set_aside"]
    _count(house, collector, 2)
    house.await_counters({"feature.search": 2})


def test_a_database_damaged_under_a_running_daemon(house: House, collector: Collector) -> None:
    """Memory is the truth: the numbers of the window outlive their copy."""
    daemon = house.start_daemon()
    _count(house, collector, 7)
    house.await_counters({"feature.search": 7})
    database = house.state / "daybeat.db"
    database.unlink()
    house.run_client(acme(https_json(collector.url)) + "telemetry.count('feature.build', 2); telemetry.flush(20)")
    house.await_counters({"feature.search": 7, "feature.build": 2})
    until(lambda: database.exists() and _daemon_status(house)["store"] == "ok", "a new database should be begun")
    until(lambda: _is_on_disk(house, b"feature.build"), "the numbers should be in it")
    daemon.kill()
    house.start_daemon()
    assert house.held() == {"feature.search": 7, "feature.build": 2}


def _is_on_disk(house: House, text: bytes) -> bool:
    return any(text in file.read_bytes() for file in house.state.glob("daybeat.db*"))


def test_a_newer_database_is_left_alone(house: House, collector: Collector) -> None:
    import sqlite3

    daemon = house.start_daemon()
    daemon.stop()
    database = house.state / "daybeat.db"
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    daemon = house.start_daemon()
    assert "newer daybeat" in daemon.log
    _count(house, collector, 2)
    house.await_counters({"feature.search": 2})
    assert not list(house.state.glob("*.broken-*"))


@pytest.mark.parametrize(
    "damage", ["sink = 'nowhere'", "body = x'ff'", "body = x'1f8bff'", "body = 'text'", "sink = 'posthog', body = '7'"]
)
def test_a_damaged_history_is_told_by_a_daemon_that_lives(house: House, collector: Collector, damage: str) -> None:
    daemon = house.start_daemon()
    _count(house, collector, 1)
    house.send("acme")
    daemon.stop()
    with contextlib.closing(sqlite3.connect(house.state / "daybeat.db", isolation_level=None)) as database:
        assert database.execute(f"UPDATE history SET {damage}").rowcount > 0
    daemon = house.start_daemon()
    for command in ("history", "export"):
        told = house.daybeat(command, "acme")
        assert (told.returncode, told.stderr) == (0, "")
    assert daemon.running
