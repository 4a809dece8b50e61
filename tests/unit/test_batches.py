"""Batches of events on their way: when the daemon's loop has something to do for them."""

from __future__ import annotations

from time import monotonic

import pytest

from daybeat import https_json, wire
from daybeatd.batches import Batches
from daybeatd.core.ledger import Ledger
from daybeatd.dispatch import MAX_UNDER_WAY, Dispatch
from support.ledgers import NOW, Client, Told, acme

FIELDS = {"agent_id": "a", "operation": "search"}


@pytest.fixture
def ledger() -> Ledger:
    """More streams with an event than the courier has room for."""
    told = Told()
    for number in range(MAX_UNDER_WAY + 1):
        name = f"acme{number}"
        sink = https_json(f"https://{name}.dev/")
        product = acme(product=name, delivery="events", batch_size=1, declare=["agent_usage"], sink=sink)
        Client(told, product).hello().say(wire.Record(kind="agent_usage", time=NOW, fields=FIELDS, salt=""))
    return told.ledger


def test_a_batch_that_finds_no_room_waits_for_a_result_and_not_for_a_time(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A time that has passed, and passes again at each look, would let the loop run without pause."""
    batches = Batches(ledger, lambda: NOW, lambda id, outcome: None)
    monkeypatch.setattr(Dispatch, "_start", lambda self: None)
    monkeypatch.setattr(Dispatch, "_write", lambda self: None)
    batches.work()
    assert not batches.dispatch.has_room
    assert min(batches.deadlines()) > monotonic() + 1
