"""Between memory and tables; `property/test_ledger_saved` holds it for any history."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from daybeatd import ledgerfile, outboxfile
from daybeatd.core import closing, enforcement, erasure, intake, registration
from daybeatd.core import window as windows
from daybeatd.core.delivery import LIFETIME
from daybeatd.core.window import COUNTER
from support.disk import Disk, again
from support.ledgers import ELSEWHERE, NOW, Client, Told, acme, at, told_of
from support.parcels import parcel


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with Disk(tmp_path / "state" / "daybeat.db") as one:
        yield one


@pytest.fixture
def told() -> Told:
    return Told()


def test_an_empty_database_is_an_empty_ledger(told: Told, disk: Disk) -> None:
    found = again(told, disk)
    assert (found.ledger.products, found.ledger.declared, found.ledger.streams) == ({}, {}, {})


def test_a_ledger_comes_back_as_it_was(told: Told, disk: Disk) -> None:
    client = Client(told, acme()).hello()
    client.facts()
    client.counts(
        {"cli.run": 2**53},
        errors={"builtins:ValueError": 3},
        observed=(("latency.x", "ms", {"operation": "search"}, [1.0, -5.0, 0.0]),),
        dropped={"lost": 7},
    )
    disk.save(told.ledger)
    found = again(told, disk)
    assert told_of(found.ledger, found.stream) == told_of(told.ledger, told.stream)
    assert found.ledger.products == told.ledger.products
    assert (found.stream.last, found.stream.first, found.stream.key) == (at(), True, told.stream.key)
    assert found.stream.digest == client.digest
    assert not found.ledger.why_held(found.stream)


def test_counting_goes_on_where_it_stopped(told: Told, disk: Disk) -> None:
    client = Client(told, acme()).hello()
    client.counts({"cli.run": 1}, observed=(("latency.x", "ms", {}, [1.0]),))
    disk.save(told.ledger)
    next_daemon = again(told, disk)
    for each in (told, next_daemon):
        Client(each, acme()).counts({"cli.run": 2}, observed=(("latency.x", "ms", {}, [3.0]),))
        Client(each, acme(), nonce=b"2" * 8).counts({"cli.run": 4})
    assert told_of(next_daemon.ledger, next_daemon.stream) == told_of(told.ledger, told.stream)


def test_a_save_writes_only_what_changed(told: Told, disk: Disk) -> None:
    client = Client(told, acme()).hello()
    client.counts({"cli.run": 1, "feature.search": 1})
    disk.save(told.ledger)
    assert ledgerfile.changes(told.ledger) == []
    client.counts({"cli.run": 1})
    (statement,) = ledgerfile.changes(told.ledger)
    assert statement[1][-2:] == ("cli.run", 2)


def test_touching_writes_everything_anew(told: Told, disk: Disk) -> None:
    Client(told, acme()).hello().counts({"cli.run": 1}, observed=(("latency.x", "ms", {}, [1.0]),))
    disk.save(told.ledger)
    told.ledger.touch()
    disk.save(told.ledger, *ledgerfile.emptying())
    found = again(told, disk)
    assert told_of(found.ledger, found.stream) == told_of(told.ledger, told.stream)
    assert found.ledger.products == told.ledger.products
    assert found.stream.window.members == told.stream.window.members
    assert list(found.ledger.declared) == list(told.ledger.declared)


def test_closing_a_window_leaves_nothing_of_it(told: Told, disk: Disk) -> None:
    client = Client(told, acme()).hello()
    client.counts({"cli.run": 1}, observed=(("latency.x", "ms", {}, [1.0]),))
    disk.save(told.ledger)
    statements = ledgerfile.closing(told.stream.key)
    closing.close(told.ledger, told.stream, at(60))
    client.counts({"feature.search": 5}, seconds=61)
    disk.save(told.ledger, *statements)
    found = again(told, disk)
    assert told_of(found.ledger, found.stream) == told_of(told.ledger, told.stream)
    assert told_of(found.ledger, found.stream)["counters"] == {"feature.search": 5}


def test_erasing_a_product_leaves_the_others_and_its_own_id(told: Told, disk: Disk) -> None:
    for name in ("acme", "idun"):
        Client(told, acme(product=name)).hello().counts({"cli.run": 1})
    disk.execute([outboxfile.storing(parcel()), outboxfile.storing(parcel(beat_id="b2", product="idun"))])
    disk.save(told.ledger)
    erasure.erase(told.ledger, "acme")
    disk.save(told.ledger, *ledgerfile.erasing("acme"))
    found = again(told, disk)
    assert {key[0] for key in found.ledger.streams} == {"idun"}
    assert found.ledger.products == told.ledger.products
    assert [row[0] for row in disk.rows()["outbox"]] == ["b2"]


def test_forgetting_a_product_leaves_no_row_of_it(told: Told, disk: Disk) -> None:
    for name in ("acme", "idun"):
        Client(told, acme(product=name)).hello().counts({"cli.run": 1})
    disk.save(told.ledger, ledgerfile.noting_choice(NOW, "acme", "on"), outboxfile.storing(parcel()))
    disk.execute(outboxfile.delivered(parcel(beat_id="sent"), NOW))
    install = told.ledger.products["acme"].install_id
    disk.execute(ledgerfile.forgetting("acme"))
    for table in ("stream", "number", "distribution", "process", "outbox", "history", "consent"):
        assert disk.query(f"SELECT * FROM {table} WHERE product = 'acme'") == []
    assert install not in repr(disk.rows()["product"])
    assert len(disk.rows()["product"]) == 1


def test_what_the_next_daemon_reads_is_bounded(told: Told, disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A local stream is never closed: its processes must not pile up on disk either."""
    monkeypatch.setattr(windows, "MAX_PROCESSES", 10)
    told.choices["acme"] = "local"
    for n in range(100):
        Client(told, acme(), nonce=n.to_bytes(8, "big")).hello().counts({"cli.run": 1})
        disk.save(told.ledger)
    assert len(disk.rows()["process"]) <= 10
    assert len(again(told, disk).stream.window.members) <= 10


def test_the_policy_declared_last_is_the_last_also_after_a_restart(told: Told, disk: Disk) -> None:
    """A product turned from opt-in to opt-out: who restarts the daemon must not thereby delete its numbers."""
    for n in range(12):
        Client(told, acme(f"1.{n}", consent="opt-in"), nonce=bytes((n,)) * 8).hello()
    Client(told, acme("2.0", consent="opt-out")).hello().counts({"cli.run": 1})
    enforcement.look_at_choices(told.ledger)
    disk.save(told.ledger)
    found = again(told, disk)
    before, after = told.ledger.latest("acme"), found.ledger.latest("acme")
    assert before is not None
    assert after is not None
    assert after.policy.version == before.policy.version == "2.0"
    assert enforcement.look_at_choices(found.ledger) == []


def test_what_gave_its_place_up_and_came_again_before_it_was_saved_is_on_disk_as_it_is_now(
    told: Told, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registration, "MAX_PRODUCTS", 1)
    for products in (["acme"], ["other", "acme"], ["other"]):
        for product in products:
            Client(told, acme(product=product)).hello()
        disk.save(told.ledger)
        found = again(told, disk).ledger
        assert found.products.keys() == told.ledger.products.keys() == {products[-1]}
        assert found.products[products[-1]].install_id == told.ledger.products[products[-1]].install_id
        assert found.declared.keys() == told.ledger.declared.keys()


def test_a_place_that_was_given_up_is_not_on_disk(told: Told, disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "MAX_DESTINATIONS", 1)
    Client(told, acme()).hello().counts({"cli.run": 1}, dropped={"lost": 1})
    disk.save(told.ledger)
    closing.close(told.ledger, told.stream, at())
    disk.save(told.ledger)
    Client(told, acme(sink=ELSEWHERE)).hello().counts({"cli.run": 5}, seconds=LIFETIME + 1)
    disk.save(told.ledger)
    found = again(told, disk).ledger
    assert found.streams.keys() == told.ledger.streams.keys()
    assert [stream.window.numbers[COUNTER] for stream in found.streams.values()] == [{"cli.run": 5}]


def test_a_policy_that_is_allowed_no_more_is_passed_over(told: Told, disk: Disk) -> None:
    Client(told, acme()).hello().counts({"cli.run": 1})
    disk.save(told.ledger, ("INSERT INTO policy VALUES (?, ?, 1)", (b"12345678", b"\x81\xa1x\x01")))
    found = again(told, disk)
    assert list(found.ledger.declared) == list(told.ledger.declared)
