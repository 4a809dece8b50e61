"""The memory for numbers is bounded: who holds much gets no more when it is full, who holds little does not notice."""

from __future__ import annotations

import math
import os
import tracemalloc
from collections.abc import Iterator

import pytest

import daybeat
from daybeatd.core import budget, closing
from daybeatd.core.batch import Batch
from daybeatd.core.destination import LOCAL
from daybeatd.core.distribution import FEW_BUCKETS, MAX_BUCKETS
from daybeatd.core.ledger import Ledger
from daybeatd.core.outbox import Parcel
from support.ledgers import SINK, Client, Told, acme, at, told_of

SHARE = 64 * 1024
LETTERS = "bcdfghklmnprstvw"


def name(n: int, first: str = "feature") -> str:
    """A different name that the rules let through."""
    return f"{first}.{LETTERS[n % 16]}a{LETTERS[n // 16 % 16]}e"


def wide(n: int = 500) -> list[float]:
    """Values that need as many buckets as a distribution has."""
    return [1.5**k for k in range(-n // 8, n // 8)] + [100 * 1.0115**k for k in range(n)]


def observe(client: Client, n: int, values: list[float]) -> None:
    for first in range(0, len(values), 64):
        client.counts(observed=((name(n, "latency"), "ms", {}, values[first : first + 64]),))


def memory(ledger: Ledger) -> int:
    return sum(stream.window.memory for stream in ledger.streams.values())


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "SHARE", SHARE)
    monkeypatch.setattr(budget, "MAX_HELD", 8 * SHARE)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def flood(told: Told) -> Client:
    """A product that has taken all that there was."""
    client = Client(told, acme(product="flood")).hello()
    for n in range(150):
        observe(client, n, wide())
    client.counts({"feature.known": 1})
    look(told)
    assert told.ledger.is_full
    return client


def look(told: Told, parcels: tuple[Parcel, ...] = ()) -> None:
    budget.look(told.ledger, parcels)


def beat(told: Told, product: str) -> dict[str, dict[str, int]]:
    (stream,) = told.streams(product).values()
    return told_of(told.ledger, stream)


def test_alone_a_product_may_take_many_shares(told: Told) -> None:
    client = Client(told, acme()).hello()
    for n in range(256):
        client.counts({name(n): 1})
    look(told)
    assert memory(told.ledger) > SHARE
    assert not told.ledger.is_full
    client.counts({"feature.later": 1})
    assert beat(told, "acme")["counters"]["feature.later"] == 1


def test_who_holds_much_gets_no_new_name_when_it_is_full_and_no_count_is_lost(told: Told, flood: Client) -> None:
    before = memory(told.ledger)
    for n in range(256):
        flood.counts({name(n): 2, "feature.known": 1}, errors={"ValueError": 1})
    found = beat(told, "flood")
    assert found["counters"] == {"feature.known": 257, "__other__": 512}
    assert found["errors"] == {"__other__": 256}
    assert found["dropped"]["overflow"] == 512 + 256
    assert memory(told.ledger) < before + 1024


def test_who_holds_little_does_not_notice(told: Told, flood: Client) -> None:
    client = Client(told, acme()).hello()
    for _ in range(3):
        for n in range(50):
            client.counts({name(n): 1})
        for n in range(2):
            observe(client, n, wide())
        look(told)
    found = beat(told, "acme")
    assert found["counters"] == {name(n): 3 for n in range(50)}
    assert {each["count"] for each in found["distributions"].values()} == {3 * len(wide())}
    assert found["dropped"]["overflow"] == 0
    (stream,) = told.streams().values()
    assert all(len(each.positive) > FEW_BUCKETS for each in stream.window.distributions.values())


def test_not_one_message_takes_more_than_a_share(told: Told, flood: Client) -> None:
    """Between two looks at all, each product is looked at whenever it speaks."""
    for product in range(20):
        client = Client(told, acme(product=f"p{product}")).hello()
        for first in range(0, 256, 64):
            client.counts(observed=tuple((name(n, "latency"), "ms", {}, [1.0]) for n in range(first, first + 64)))
            client.counts({name(n): 1 for n in range(first, first + 64)})
        (stream,) = told.streams(f"p{product}").values()
        assert stream.window.memory < SHARE + 8 * 1024
        assert stream.window.weight == 512


def test_distributions_become_coarser_and_stay_exact_in_all_else(told: Told, flood: Client) -> None:
    taken, before = memory(told.ledger), beat(told, "flood")["distributions"]
    for n in range(150):
        observe(flood, n, [50.0])
    (stream,) = told.streams("flood").values()
    after = beat(told, "flood")["distributions"]
    for key, found in stream.window.distributions.items():
        assert len(found.positive) <= FEW_BUCKETS
        assert after[key]["count"] == before[key]["count"] + 1
        assert math.isclose(after[key]["sum"], before[key]["sum"] + 50, rel_tol=1e-9)
        assert (after[key]["min"], after[key]["max"]) == (before[key]["min"], before[key]["max"])
    assert memory(told.ledger) < taken / 2


def test_processes_are_counted_and_their_nonces_do_not_grow(told: Told, flood: Client) -> None:
    (stream,) = told.streams("flood").values()
    for n in range(100):
        flood.nonce = n.to_bytes(8, "big")
        flood.counts({"feature.known": 1})
    assert stream.window.processes == 101
    assert len(stream.window.members) == 1


def test_no_new_place_is_made_and_its_numbers_stay_here(told: Told, flood: Client) -> None:
    for n in range(20):
        sink = daybeat.https_json(f"https://telemetry.acme.dev/{n}")
        Client(told, acme(product="flood", sink=sink)).hello().counts({"feature.known": 1})
    streams = told.streams("flood")
    assert len(streams) == 2
    assert streams[LOCAL].window.weight == 20


def test_waiting_events_that_may_not_grow_lose_their_oldest() -> None:
    batch = Batch()
    for n in range(10):
        assert batch.add({"n": n}) == 0
    assert [batch.add({"n": n}, may_grow=False) for n in range(10)] == [1] * 10
    assert len(batch) == 10
    assert Batch().add({"n": 1}, may_grow=False) == 1


def test_what_moves_keeps_its_names(told: Told, flood: Client) -> None:
    (stream,) = told.streams("flood").values()
    names = beat(told, "flood")["distributions"].keys()
    closing.keep_here(told.ledger, stream, (), at())
    local = told.streams("flood")[LOCAL]
    assert told_of(told.ledger, local)["distributions"].keys() == names
    assert told_of(told.ledger, local)["dropped"]["overflow"] == 0


def test_there_is_room_again_when_a_window_ends(told: Told, flood: Client) -> None:
    (stream,) = told.streams("flood").values()
    closing.close(told.ledger, stream, at())
    look(told)
    flood.counts({name(1): 1})
    assert beat(told, "flood")["counters"] == {name(1): 1}


def test_what_waits_in_the_outbox_is_held_too(told: Told, flood: Client) -> None:
    (stream,) = told.streams("flood").values()
    window = stream.window
    closing.close(told.ledger, stream, at())
    parcel = Parcel("id", "flood", stream.destination, "heartbeat", 1, SINK, b"{}", 0.0, window=window)
    look(told, (parcel,))
    assert told.ledger.crowded == {"flood"}


def test_verdicts_are_bounded_for_all_policies_together(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MAX_VERDICTS", 100)
    client = Client(told, acme()).hello()
    for n in range(200):
        client.counts({name(n): 1})
    look(told)
    assert sum(declared.rules.remembered for declared in told.ledger.declared.values()) == 0
    client.counts({name(1): 1})
    assert beat(told, "acme")["counters"][name(1)] == 2


def _names(client: Client) -> Iterator[None]:
    for first in range(0, 256, 64):
        yield client.counts({name(n): 10_000 + n for n in range(first, first + 64)})


def _distributions(client: Client) -> Iterator[None]:
    for n in range(64):
        yield observe(client, n, wide(MAX_BUCKETS))


def _processes(client: Client) -> Iterator[None]:
    for _ in range(1000):
        client.nonce = os.urandom(8)
        yield client.counts({"cli.run": 1})


@pytest.mark.parametrize("feed", [_names, _distributions, _processes])
def test_what_is_reckoned_is_what_is_taken(told: Told, feed: object) -> None:
    client = Client(told, acme()).hello()
    client.counts({"cli.run": 1})
    before = memory(told.ledger)
    tracemalloc.start()
    for _ in feed(client):  # type: ignore[operator]
        pass
    told.ledger.declared[client.digest].rules.forget()
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # Dictionaries and sets double when they grow: what a name takes of them varies by two, as it falls.
    assert 0.5 * taken < memory(told.ledger) - before < 4 * taken
