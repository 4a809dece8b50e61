"""Heartbeats on their way as rows, and the history of those that arrived."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgpack import packb

import daybeat
from daybeatd import outboxfile
from support.disk import Disk, again
from support.ledgers import NOW, SINK, Client, Told, acme
from support.parcels import parcel


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with Disk(tmp_path / "state" / "daybeat.db") as one:
        yield one


@pytest.fixture
def told() -> Told:
    return Told()


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
