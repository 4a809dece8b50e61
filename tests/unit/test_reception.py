"""`Reception`: what came is counted a slice at a time, and settled when all of it is."""

from __future__ import annotations

from typing import Any

import pytest

from daybeat import wire
from daybeatd import reception
from daybeatd.core import intake
from daybeatd.core.ledger import Ledger
from daybeatd.core.window import COUNTER
from daybeatd.reception import Reception
from support.ledgers import Client, Told, acme, at


class Arrived:
    """A message as `ingest` hands it over."""

    def __init__(self, data: bytes, pid: int = 7) -> None:
        self.data, self.pid = data, pid


class Door:
    """The socket, as far as `Reception` knows it."""

    def __init__(self, *messages: bytes) -> None:
        self.messages = [Arrived(data) for data in messages]

    def watch(self) -> None:
        pass

    def drain(self, most: int) -> list[Arrived]:
        found, self.messages = self.messages[:most], self.messages[most:]
        return found


class Held:
    """The keeper, as far as `Reception` knows it."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.outbox: dict[str, Any] = {}

    def changed(self) -> None:
        pass


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """One entry for each time that it was settled who was there at once."""
    times: list[bool] = []
    monkeypatch.setattr(intake, "note_peaks", lambda _: times.append(True))
    return times


def looking(*messages: bytes) -> tuple[Told, Reception]:
    told = Told()
    Client(told, acme()).hello()
    door: Any = Door(*messages)
    held: Any = Held(told.ledger)
    return told, Reception(door, held, at)


def counted(told: Told) -> int:
    return told.stream.window.numbers[COUNTER].get("cli.run", 0)


def frames(n: int) -> list[bytes]:
    client = Client(Told(), acme())
    counts = wire.Counts(counts={"cli.run": 1}, errors={}, observed=(), dropped={})
    return [wire.encode(client.frame(counts))] * n


def test_a_turn_that_takes_long_is_left_off_and_gone_on_with(
    monkeypatch: pytest.MonkeyPatch, settled: list[bool]
) -> None:
    monkeypatch.setattr(reception, "SLICE", 0.0)
    told, room = looking(*frames(3))
    for turn in (1, 2):
        assert room.look()
        assert room.is_behind
        assert room.resting_until == 0.0
        assert (counted(told), settled) == (turn, [])
    assert room.look()
    assert not room.is_behind
    assert room.resting_until > 0.0
    assert (counted(told), settled) == (3, [True])
    assert not room.look()


def test_what_was_left_off_is_counted_before_the_daemon_goes(
    monkeypatch: pytest.MonkeyPatch, settled: list[bool]
) -> None:
    monkeypatch.setattr(reception, "SLICE", 0.0)
    told, room = looking(*frames(5))
    room.look()
    room.take([])
    assert (counted(told), settled) == (5, [True])
