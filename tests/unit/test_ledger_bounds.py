"""The daemon trusts no client: nothing that one says makes it grow without bound or shuts the others out."""

from __future__ import annotations

import tracemalloc

import pytest

import daybeat
from daybeat import wire
from daybeat.consent import DEFAULT, ENVIRONMENT
from daybeat.privacy import MAX_KEYS
from daybeatd.core import closing, enforcement, erasure, intake, registration
from daybeatd.core import window as windows
from daybeatd.core.delivery import LIFETIME
from daybeatd.core.destination import LOCAL, destination_of
from daybeatd.core.parking import MAX_PARKED
from support.ledgers import Client, Told, acme, at, told_of


def name(n: int) -> str:
    """A different name that the rules let through."""
    letters = "bcdfghklmnprstvw"
    return f"feature.{letters[n % 16]}a{letters[n // 16 % 16]}e{letters[n // 256 % 16]}o"


def test_frames_that_wait_for_a_policy_are_bounded_and_the_oldest_go() -> None:
    told = Told()
    client = Client(told, acme())
    for _ in range(MAX_PARKED + 10):
        client.counts({"cli.run": 1})
    assert told.ledger.refused == 10
    client.hello()
    assert told_of(told.ledger, told.stream)["counters"] == {"cli.run": MAX_PARKED}


def test_messages_that_wait_take_no_more_than_the_bytes_that_came() -> None:
    """One of 16 KiB is a megabyte when it is decoded: a thousand of them ended what others could send for ever."""
    told = Told()
    client = Client(told, acme())
    record = wire.Record(kind="feature.x", time=0.0, fields={"a": [{} for _ in range(16_000)]}, salt="")
    tracemalloc.start()
    for _ in range(16):
        client.say(record)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 2 * 16 * wire.MAX_FRAME
    client.hello()
    assert told_of(told.ledger, told.stream)["counters"] == {"feature.x": 16}


def test_products_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registration, "MAX_PRODUCTS", 8)
    told = Told()
    for n in range(20):
        Client(told, acme(product=f"p{n}")).hello().counts({"cli.run": 1})
    assert len(told.ledger.products) == 8
    assert len(told.ledger.streams) == 8
    assert told.ledger.refused >= 12


def test_who_finds_no_place_is_named_until_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registration, "MAX_PRODUCTS", 8)
    told = Told()
    for n in range(20):
        Client(told, acme(product=f"p{n}")).hello().counts({"cli.run": 1})
    assert list(told.ledger.turned_away) == [f"p{n}" for n in range(12, 20)]
    erasure.forget(told.ledger, "p3")
    Client(told, acme(product="p15")).hello().counts({"cli.run": 1})
    assert "p3" not in told.ledger.products
    assert "p15" in told.ledger.products
    assert "p15" not in told.ledger.turned_away


def test_products_of_which_nothing_is_held_give_their_places_up_the_oldest_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(registration, "MAX_PRODUCTS", 4)
    told = Told()
    client = Client(told, acme()).hello()
    client.counts({"cli.run": 1})
    for n in range(20):
        Client(told, acme(product=f"p{n}")).hello()
    assert list(told.ledger.products) == ["acme", "p17", "p18", "p19"]
    assert {declared.policy.product for declared in told.ledger.declared.values()} == set(told.ledger.products)
    assert not told.ledger.turned_away
    client.counts({"cli.run": 1})
    assert told_of(told.ledger, told.stream)["counters"] == {"cli.run": 2}


def test_a_product_that_was_switched_off_stays_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registration, "MAX_PRODUCTS", 1)
    told = Told({"acme": "off"})
    Client(told, acme()).hello()
    Client(told, acme(product="other")).hello()
    assert list(told.ledger.products) == ["acme"]


def test_policies_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registration, "MAX_POLICIES", 8)
    told = Told()
    for n in range(20):
        Client(told, acme(f"1.{n}")).hello().counts({"cli.run": 1})
    assert len(told.ledger.declared) <= 8


def test_policies_are_bounded_in_bytes_and_the_product_with_the_most_gives_up_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(registration, "MAX_POLICY_BYTES", 16 * 1024)
    told = Told()
    client = Client(told, acme()).hello()
    client.counts({"cli.run": 1})
    for n in range(20):
        names = [f"feature.n{each}" for each in range(200)]
        Client(told, acme(f"1.{n}", product="flood", declare=names)).hello()
    assert sum(len(declared.packed) for declared in told.ledger.declared.values()) <= 16 * 1024
    client.counts({"cli.run": 1})
    assert told_of(told.ledger, told.stream)["counters"] == {"cli.run": 2}


def test_a_version_that_comes_after_many_others_is_counted_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every release, every development version and every rule is a policy: a machine meets a thousand in its life."""
    monkeypatch.setattr(registration, "MAX_POLICIES", 8)
    told = Told()
    for n in range(20):
        rule = (DEFAULT, ENVIRONMENT)[n % 2]
        Client(told, acme(f"1.{n}"), rule).hello().counts({"cli.run": 1})
    assert told_of(told.ledger, told.stream)["counters"] == {"cli.run": 20}


def test_a_flood_of_policies_ends_no_other_product(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registration, "MAX_POLICIES", 8)
    told = Told()
    client = Client(told, acme()).hello()
    client.counts({"cli.run": 1})
    for n in range(20):
        sink = daybeat.https_json(f"https://flood.dev/{n}")
        Client(told, acme(product="flood", sink=sink)).hello().counts({"cli.run": 1})
        enforcement.look_at_choices(told.ledger)
    client.counts({"cli.run": 1})
    (stream,) = told.streams().values()
    assert told_of(told.ledger, stream)["counters"] == {"cli.run": 2}
    assert not told.ledger.why_held(stream)
    assert len(told.ledger.declared) <= 8


def test_places_of_one_product_are_bounded_and_what_is_bound_for_another_stays_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(intake, "MAX_DESTINATIONS", 8)
    told = Told()
    for n in range(20):
        sink = daybeat.https_json(f"https://telemetry.acme.dev/{n}")
        Client(told, acme(sink=sink)).hello().counts({"cli.run": 1})
    streams = told.streams()
    assert len(streams) == 9
    assert told_of(told.ledger, streams[LOCAL])["counters"] == {"cli.run": 12}


def test_a_place_from_which_all_was_sent_gives_itself_up_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "MAX_DESTINATIONS", 4)
    told = Told()
    sinks = [daybeat.https_json(f"https://telemetry.acme.dev/{n}") for n in range(5)]
    for n, sink in enumerate(sinks[:4]):
        client = Client(told, acme(sink=sink)).hello()
        client.counts({"cli.run": 1})
        if n:
            closing.close(told.ledger, told.streams()[destination_of(sink)], at(-LIFETIME - n if n < 3 else 0))
    told.streams()[destination_of(sinks[2])].ended = ("2.1.0",)
    Client(told, acme(sink=sinks[4])).hello().counts({"cli.run": 1})
    assert told.streams().keys() == {destination_of(sinks[n]) for n in (0, 2, 3, 4)}


def test_names_are_bounded_and_no_count_is_lost() -> None:
    told = Told()
    client = Client(told, acme()).hello()
    for n in range(2 * MAX_KEYS):
        client.counts({name(n): 1})
    found = told_of(told.ledger, told.stream)
    assert len(found["counters"]) <= MAX_KEYS + 1
    assert sum(found["counters"].values()) == 2 * MAX_KEYS
    assert found["dropped"]["overflow"] == found["counters"]["__other__"]


def test_one_connection_with_many_nonces_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "MAX_PROCESSES", 16)
    told = Told()
    told.ledger.fleet.connected(1, 7)
    for n in range(500):
        Client(told, acme(), nonce=n.to_bytes(8, "big")).hello().counts({"cli.run": 1})
        intake.note_peaks(told.ledger)
    assert len(told.stream.window.members) <= 16
    assert told.stream.window.processes == 500
    held = [part for part in vars(told.ledger.fleet).values() if hasattr(part, "__len__")]
    assert sum(map(len, held)) < 10
    assert told.stream.window.peak == 1


@pytest.mark.parametrize("value", [5e-324, 1e-300, 1e15, -1e15])
def test_values_of_every_size_are_taken(value: float) -> None:
    told = Told()
    client = Client(told, acme()).hello()
    for exponent in range(-1074, 50):
        client.counts(observed=(("latency.x", "ms", {}, [2.0**exponent, -(2.0**exponent), value]),))
    found = told_of(told.ledger, told.stream)["distributions"]["latency.x"]
    assert found["count"] == 3 * 1124
