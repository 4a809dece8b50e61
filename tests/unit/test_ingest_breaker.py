"""The breaker behind the limits: it drops everyone as often as it must, and lets them in again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from daybeatd import ingest
from support.waiting import until


def ignore(number: int, pid: int) -> None:
    """Who comes and goes is not of interest here."""


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[ingest.Ingest]:
    monkeypatch.setattr(ingest, "_raise_descriptor_limit", lambda: 1024)  # those of the tests' own process stay
    with tempfile.TemporaryDirectory(prefix="db-", dir="/tmp") as room:  # a socket's path has 107 bytes
        one = ingest.Ingest(f"{room}/ingest.sock", ignore, ignore)
        try:
            yield one
        finally:
            one.close()


def test_memory_that_stays_above_its_bound_breaks_again_only_after_the_pause(
    door: ingest.Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was dropped is freed when it is read: the daemon looks many times before that, and once it ended of it."""
    memory = [ingest.MAX_MEMORY + 1]
    monkeypatch.setattr(ingest, "_resident_memory", lambda: memory[0])
    for _ in range(3):
        door.watch()
    assert door.breaks == 1

    def resumed() -> bool:
        door.resume()
        return door.resume_at == 0

    until(resumed, "nobody is let in again")
    door.watch()
    assert door.breaks == 2
    memory[0] = 0
    until(resumed, "nobody is let in again")
    door.watch()
    assert door.breaks == 2
    assert Path(door._path).is_socket()


@pytest.mark.parametrize("in_the_way", ["file", "directory", "no room"])
def test_what_is_in_the_way_after_a_break_is_told_left_alone_and_waited_for(
    door: ingest.Ingest, monkeypatch: pytest.MonkeyPatch, in_the_way: str
) -> None:
    path = Path(door._path)
    monkeypatch.setattr(ingest, "_resident_memory", lambda: ingest.MAX_MEMORY + 1)
    door.watch()
    monkeypatch.setattr(ingest, "_resident_memory", lambda: 0)
    path.unlink(missing_ok=True)
    if in_the_way == "file":
        path.write_text("somebody's")
    elif in_the_way == "directory":
        path.mkdir()
    else:
        path.parent.rename(f"{path.parent}-away")

    def tried() -> bool:
        door.resume()
        return door.fault != "" or door.resume_at == 0

    until(tried, "it is not tried")
    assert door.fault
    assert door.resume_at
    if in_the_way == "file":
        assert path.read_text() == "somebody's"
        path.unlink()
    elif in_the_way == "directory":
        path.rmdir()
    else:
        Path(f"{path.parent}-away").rename(path.parent)
    until(lambda: tried() and door.resume_at == 0, "nobody is let in again")
    assert door.fault == ""
    assert path.is_socket()


def test_what_is_in_the_way_at_the_end_is_left_alone(door: ingest.Ingest) -> None:
    path = Path(door._path)
    path.unlink()
    path.write_text("somebody's")
    door.leave(lambda _: None)
    assert path.read_text() == "somebody's"
