"""One daemon a user: a second one says so and goes; the first, its sockets and its numbers are unharmed."""

from __future__ import annotations

import stat

import pytest

from support.house import House
from support.products import acme
from support.waiting import DEADLINE

SEARCH = "telemetry.count('feature.search'); telemetry.flush(5)"


def test_a_second_daemon_says_so_in_one_line_and_exits_1(house: House) -> None:
    first = house.start_daemon()
    client = house.live_client(acme())
    client.do(SEARCH)
    second = house.launch_daemon()
    assert second.process.wait(DEADLINE) == 1
    assert len(second.log.strip().splitlines()) == 1, second.log
    client.do(SEARCH)
    house.run_client(acme() + SEARCH)
    house.await_counters({"feature.search": 3})
    assert first.running
    assert client.end() == (0, "")


def test_a_daemon_that_was_killed_leaves_no_lock_behind(house: House) -> None:
    house.start_daemon().kill()
    house.start_daemon()
    house.run_client(acme() + SEARCH)
    house.await_counters({"feature.search": 1})


def test_directories_and_files_are_the_users_alone(house: House) -> None:
    house.start_daemon("--log-level", "debug")
    house.run_client(acme() + SEARCH)
    house.await_counters({"feature.search": 1})
    for directory in (house.runtime, house.state):
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700
        for path in directory.rglob("*"):
            mode = stat.S_IMODE(path.stat().st_mode)
            if path.is_socket():  # libzmq makes them 0755: the directory is the wall
                continue
            assert mode == (0o700 if path.is_dir() else 0o600), (path, oct(mode))


def test_the_daemon_makes_the_directories_it_needs(house: House) -> None:
    for directory in (house.runtime, house.state, house.config):
        directory.rmdir()
    house.start_daemon()
    house.run_client(acme() + SEARCH)
    house.await_counters({"feature.search": 1})
    assert stat.S_IMODE(house.runtime.stat().st_mode) == stat.S_IMODE(house.state.stat().st_mode) == 0o700


def test_a_socket_path_too_long_is_one_clear_line_of_the_daemon(house: House) -> None:
    daemon = house.launch_daemon(DAYBEAT_RUNTIME_DIR=str(house.root / ("r" * 120)))
    assert daemon.process.wait(DEADLINE) == 1
    assert len(daemon.log.strip().splitlines()) == 1, daemon.log
    assert "Traceback" not in daemon.log


@pytest.mark.parametrize("name", ["ingest.sock", "control.sock"])
def test_what_is_no_socket_in_a_sockets_place_is_left_as_it_is(house: House, name: str) -> None:
    """It is somebody's file: only a socket that a dead daemon left may be removed."""
    (house.runtime / name).write_text("somebody's")
    daemon = house.launch_daemon()
    assert daemon.process.wait(DEADLINE) == 1
    assert daemon.log == f"daybeatd: {house.runtime / name} is there and is no socket; move it away\n"
    assert (house.runtime / name).read_text() == "somebody's"


@pytest.mark.parametrize("name", ["ingest.sock", "control.sock", "daybeatd.lock"])
def test_a_directory_in_a_files_place_is_one_line_of_the_daemon(house: House, name: str) -> None:
    (house.runtime / name).mkdir()
    daemon = house.launch_daemon()
    assert daemon.process.wait(DEADLINE) == 1
    assert len(daemon.log.strip().splitlines()) == 1, daemon.log
    assert str(house.runtime / name) in daemon.log


def test_a_daemon_without_work_goes_by_itself_and_keeps_the_numbers(house: House) -> None:
    client = house.live_client(acme())
    client.do("")  # it is up: the daemon need not wait for the start of an interpreter
    daemon = house.start_daemon("--idle-exit", "3")
    client.do("telemetry.count('feature.search')\nassert telemetry.flush(20)")
    assert client.end() == (0, "")
    assert daemon.process.wait(DEADLINE) == 0, daemon.log
    house.start_daemon()
    house.await_counters({"feature.search": 1})
