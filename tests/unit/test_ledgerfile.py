"""Between memory and tables; `property/test_ledger_saved` holds it for any history."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgpack import packb

import daybeat
from daybeatd import ledgerfile, outboxfile
from daybeatd.core import closing, enforcement, erasure, intake, registration
from daybeatd.core import window as windows
from daybeatd.core.delivery import LIFETIME
from daybeatd.core.outbox import Parcel
from daybeatd.core.window import COUNTER, Window
from support.disk import Disk
from support.ledgers import ELSEWHERE, NOW, SINK, Client, Told, acme, at, told_of


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with Disk(tmp_path / "state" / "daybeat.db") as one:
        yield one


@pytest.fixture
def told() -> Told:
    return Told()


def again(told: Told, disk: Disk) -> Told:
    """What the next daemon knows."""
    other = Told()
    other.choices, other.ledger = told.choices, told.fresh()
    ledgerfile.restore(other.ledger, disk.rows())
    return other


def parcel(**fields: object) -> Parcel:
    window = Window("beat", NOW)
    window.count(COUNTER, "cli.run", 3)
    window.observe("latency.x", "ms", [1.0, -2.0, 0.0])
    given: dict[str, object] = {
        "beat_id": "beat",
        "product": "acme",
        "destination": "there",
        "kind": "heartbeat",
        "sequence": 3,
        "sink": daybeat.https_json("https://u:p@acme.dev/?k=1", 1.5, 2, 3.5, {"X-Key": "v"}),
        "body": b"\x00\xff{}",
        "created": NOW,
        "version": "2.1.0",
        "window": window,
        "attempts": 4,
        "next_try": NOW + 5,
        "state": "refused",
        "words": "401",
        **fields,
    }
    return Parcel(**given)  # type: ignore[arg-type]


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


FORMS = {
    "heartbeat": {},
    "first run": {"window": None, "kind": "first_run"},
    "https_json": {"sink": SINK},
    "file": {"sink": daybeat.file("/x")},
    "posthog": {"sink": daybeat.posthog("key")},
}


@pytest.mark.parametrize("fields", FORMS.values(), ids=FORMS)
def test_a_parcel_comes_back_byte_for_byte(disk: Disk, fields: dict[str, object]) -> None:
    kept = parcel(**fields)
    disk.execute([outboxfile.storing(kept)])
    (row,) = disk.rows()["outbox"]
    found = outboxfile.parcel_of(row)
    assert found.stored
    assert not found.under_way
    for name in (
        "beat_id",
        "key",
        "kind",
        "sequence",
        "sink",
        "body",
        "created",
        "attempts",
        "next_try",
        "state",
        "words",
    ):
        assert getattr(found, name) == getattr(kept, name), name
    assert (found.version, found.weight) == (kept.version, kept.weight)
    assert (found.window is None) == (kept.window is None)
    if found.window is not None and kept.window is not None:
        assert found.window.to_map() == kept.window.to_map()


def test_an_acknowledged_parcel_moves_into_the_history(disk: Disk) -> None:
    disk.execute([outboxfile.storing(parcel())])
    done = parcel(status=200, words="200 OK")
    disk.execute(outboxfile.delivered(done, NOW + 9))
    assert disk.rows()["outbox"] == []
    (row,) = disk.query("SELECT beat_id, body, at, status, words FROM history")
    assert row == ("beat", done.body, NOW + 9, 200, "200 OK")


def test_the_history_is_kept_90_days(disk: Disk) -> None:
    for days, name in ((0, "first"), (89, "second"), (91, "third")):
        disk.execute(outboxfile.delivered(parcel(beat_id=name), NOW + days * 86_400))
    assert [row[0] for row in disk.query("SELECT beat_id FROM history ORDER BY at")] == ["second", "third"]


def test_a_policy_that_is_allowed_no_more_is_passed_over(told: Told, disk: Disk) -> None:
    Client(told, acme()).hello().counts({"cli.run": 1})
    disk.save(told.ledger, ("INSERT INTO policy VALUES (?, ?, 1)", (b"12345678", b"\x81\xa1x\x01")))
    found = again(told, disk)
    assert list(found.ledger.declared) == list(told.ledger.declared)


def test_a_heartbeat_to_a_sink_that_is_allowed_no_more_is_counted_as_lost(told: Told, disk: Disk) -> None:
    """Refused as damage it would take the whole database with it, of all products."""
    Client(told, acme()).hello().counts({"cli.run": 1})
    (stream,) = told.ledger.streams.values()
    gone, kept = (parcel(beat_id=name, destination=stream.destination) for name in ("gone", "kept"))
    disk.save(told.ledger, outboxfile.storing(gone), outboxfile.storing(kept))
    fields = gone.sink.to_map() | {"url": "https://acme.dev:99999/"}
    disk.execute([("UPDATE outbox SET sink = ? WHERE beat_id = 'gone'", (packb(fields),))])
    found = again(told, disk)
    parcels, dropped = outboxfile.restore(found.ledger, disk.rows()["outbox"])
    disk.execute(dropped)
    assert [each.beat_id for each in parcels] == ["kept"]
    assert disk.query("SELECT beat_id FROM outbox") == [("kept",)]
    assert found.ledger.streams[stream.key].window.numbers["dropped"]["lost"] == gone.weight > 0


def test_the_last_answer_of_each_stream_comes_back(told: Told, disk: Disk) -> None:
    client = Client(told, acme()).hello()
    client.counts({"cli.run": 1})
    disk.save(told.ledger)
    here = told.stream.destination
    assert again(told, disk).stream.told == ""
    for n, (destination, words) in enumerate([(here, "HTTP 200"), (here, "HTTP 202"), ("elsewhere", "HTTP 201")]):
        sent = parcel(beat_id=f"b{n}", destination=destination, words=words)
        assert disk.execute(outboxfile.delivered(sent, NOW)) is None
    assert again(told, disk).stream.told == "HTTP 202"


def test_an_answer_to_this_daemon_is_newer_than_what_it_finds(told: Told, disk: Disk) -> None:
    """The database could be read only later."""
    Client(told, acme()).hello().counts({"cli.run": 1})
    disk.save(told.ledger)
    disk.execute(outboxfile.delivered(parcel(destination=told.stream.destination, words="HTTP 200"), NOW))
    for words, shown in (("", "HTTP 200"), ("HTTP 503", "HTTP 503")):
        now = Told()
        Client(now, acme()).hello().counts({"cli.run": 1})
        now.stream.told = words
        now.ledger.absorb(again(told, disk).ledger)
        assert now.stream.told == shown
