"""Frames in, heartbeats out: what is counted where."""

from __future__ import annotations

import pytest

import daybeat
from daybeat import wire
from daybeat.consent import ENVIRONMENT
from daybeat.policy import policy
from daybeatd.core import closing, erasure, intake
from daybeatd.core.destination import NONE, destination_of
from daybeatd.core.parking import PARKED_FOR
from support.ledgers import ELSEWHERE, NOW, SINK, Client, Told, acme, at, told_of


@pytest.fixture
def told() -> Told:
    return Told()


def test_what_processes_report_is_added_up(told: Told) -> None:
    for n in (1, 2, 3):
        client = Client(told, acme(), nonce=bytes((n,)) * 8, pid=n).hello()
        client.counts(
            {"feature.search": n},
            errors={"builtins:ValueError": n},
            observed=(("latency.search", "ms", {"operation": "search"}, [1.0] * n),),
            dropped={"lost": n},
        )
    found = told_of(told.ledger, told.stream)
    assert found["counters"] == {"feature.search": 6}
    assert found["errors"] == {"ValueError": 6}
    assert found["distributions"]["latency.search{operation=search}"]["count"] == 6
    assert found["dropped"]["lost"] == 6
    assert found["fleet"]["processes"] == 3


def test_what_is_not_declared_is_dropped_and_counted(told: Told) -> None:
    client = Client(told, acme()).hello()
    client.counts({"secret.thing": 3, "cli.run": 1, "Not a name": 2})
    client.counts(observed=(("other.d", "ms", {}, [1.0, 2.0]),))
    client.counts(observed=(("latency.x", "ms", {"operation": "else", "who": "me"}, [1.0]),))
    found = told_of(told.ledger, told.stream)
    assert found["counters"] == {"cli.run": 1}
    assert list(found["distributions"]) == ["latency.x"]
    assert found["dropped"] == {"undeclared": 3 + 2 + 2, "unsafe": 2, "overflow": 0, "lost": 0, "version": 0}


def test_values_that_are_no_numbers_are_unsafe(told: Told) -> None:
    client = Client(told, acme()).hello()
    client.counts(observed=(("latency.x", "ms", {}, [1.0, float("nan"), float("inf"), -float("inf"), 1e300]),))
    found = told_of(told.ledger, told.stream)
    assert found["distributions"]["latency.x"]["count"] == 1
    assert found["dropped"]["unsafe"] == 4


def test_a_record_is_counted_by_its_kind(told: Told) -> None:
    client = Client(told, acme()).hello()
    client.say(wire.Record(kind="cli.run", time=NOW, fields={"who": "jane"}, salt=""))
    client.say(wire.Record(kind="jane.doe", time=NOW, fields={}, salt=""))
    found = told_of(told.ledger, told.stream)
    assert found["counters"] == {"cli.run": 1}
    assert found["dropped"]["undeclared"] == 1
    assert "jane" not in repr(found)


def test_the_system_is_that_of_the_latest_process(told: Told) -> None:
    first, second = (Client(told, acme(version), nonce=n * 8) for version, n in (("1.0", b"1"), ("2.0", b"2")))
    first.hello().facts()
    second.hello().facts(**{"python.version": "3.13.1", "ci": True})
    found = told_of(told.ledger, told.stream)
    assert (found["product_version"], found["system"]["python.version"], found["class"]) == ("2.0", "3.13.1", "ci")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [({}, "person"), ({"ci": True}, "ci"), ({"os.containerized": True}, "ephemeral"), ({"ci": "yes"}, "person")],
)
def test_the_class_of_a_host(told: Told, facts: dict[str, object], expected: str) -> None:
    Client(told, acme()).hello().facts(**facts)
    assert told.ledger.products["acme"].host_class == expected


@pytest.mark.parametrize(("ci", "young", "old"), [(False, "ephemeral", "person"), (True, "ci", "ci")])
def test_a_home_that_is_younger_than_a_day_is_nobodys_yet(told: Told, ci: bool, young: str, old: str) -> None:
    client = Client(told, acme()).hello()
    client.facts(ci=ci)
    client.counts({"feature.search": 1})
    told.ledger.young_until = 1000.0
    assert closing.heartbeat(told.ledger, told.stream, 999.0).host_class == young
    assert closing.heartbeat(told.ledger, told.stream, 1000.0).host_class == old
    assert closing.first_run(told.ledger, told.ledger.products["acme"], 999.0).host_class == young


def test_two_versions_count_into_one_stream_each_by_its_own_policy(told: Told) -> None:
    old = Client(told, acme("1.0", declare=["feature.old"]), nonce=b"1" * 8).hello()
    new = Client(told, acme("2.0", declare=["feature.new"]), nonce=b"2" * 8).hello()
    for client in (old, new, old):
        client.counts({"feature.old": 1, "feature.new": 10})
    found = told_of(told.ledger, told.stream)
    assert found["counters"] == {"feature.old": 2, "feature.new": 10}
    assert found["dropped"]["undeclared"] == 21


def test_numbers_bound_for_different_places_are_never_mixed(told: Told) -> None:
    sinks = [SINK, ELSEWHERE, daybeat.posthog("key1"), daybeat.posthog("key2"), daybeat.file("/x"), None]
    for n, sink in enumerate(sinks):
        Client(told, acme(sink=sink), nonce=bytes((n,)) * 8).hello().counts({"cli.run": n + 1})
    assert len(told.streams()) == len(sinks)
    counted = [told_of(told.ledger, told.streams()[destination_of(sink)])["counters"] for sink in sinks]
    assert counted == [{"cli.run": n + 1} for n in range(len(sinks))]


def test_products_have_ids_salts_and_streams_of_their_own(told: Told) -> None:
    for name in ("acme", "idun"):
        Client(told, acme(product=name)).hello().counts({"cli.run": 1})
    acme_, idun = told.ledger.products["acme"], told.ledger.products["idun"]
    assert acme_.install_id != idun.install_id
    assert acme_.salt != idun.salt
    assert len(told.ledger.streams) == 2


def test_a_frame_whose_policy_is_not_here_yet_waits_for_it(told: Told) -> None:
    client = Client(told, acme())
    client.counts({"cli.run": 2})
    client.counts({"cli.run": 3})
    assert not told.ledger.streams
    Client(told, acme("9.9")).hello()
    client.hello(seconds=PARKED_FOR - 1)
    assert told_of(told.ledger, told.stream)["counters"] == {"cli.run": 5}
    client.hello()
    assert told_of(told.ledger, told.stream)["counters"] == {"cli.run": 5}


def test_it_waits_no_longer_than_it_may(told: Told) -> None:
    client = Client(told, acme())
    client.counts({"cli.run": 2})
    client.hello(seconds=PARKED_FOR + 1)
    assert not told.ledger.streams


def test_it_waits_no_longer_because_others_come(told: Told) -> None:
    client = Client(told, acme())
    client.counts({"cli.run": 2})
    for n in range(1, 10):
        Client(told, acme(f"9.{n}")).hello(seconds=n * PARKED_FOR / 2)
    client.hello(seconds=5 * PARKED_FOR)
    assert not told.ledger.streams


def test_what_no_policy_came_for_is_counted_as_refused(told: Told) -> None:
    Client(told, acme()).counts({"cli.run": 2})
    Client(told, acme("9.9")).hello(seconds=PARKED_FOR + 1)
    assert told.ledger.refused == 1


def test_a_preview_changes_nothing(told: Told) -> None:
    Client(told, acme()).hello().counts({"cli.run": 2})
    first = told_of(told.ledger, told.stream, NOW + 5)
    second = told_of(told.ledger, told.stream, NOW + 9)
    assert first["window"]["start"] == second["window"]["start"] == NOW
    for each in (first, second):
        del each["timestamp"], each["window"]["end"]
    assert first == second


def test_a_closed_window_begins_anew_where_it_ended(told: Told) -> None:
    client = Client(told, acme()).hello()
    client.counts({"cli.run": 2})
    before = told_of(told.ledger, told.stream, NOW + 60)
    closing.close(told.ledger, told.stream, at(60))
    client.counts({"cli.run": 5}, seconds=61)
    after = told_of(told.ledger, told.stream, NOW + 90)
    assert after["beat_id"] != before["beat_id"]
    assert (before["sequence"], after["sequence"]) == (1, 2)
    assert after["window"]["start"] == before["window"]["end"]
    assert after["counters"] == {"cli.run": 5}
    assert after["fleet"]["processes"] == 1
    assert (told.stream.last, told.stream.first) == (at(60), False)


def test_a_first_run_has_an_id_of_its_own_and_no_numbers(told: Told) -> None:
    client = Client(told, acme()).hello()
    client.facts()
    client.counts({"cli.run": 2})
    run = closing.first_run(told.ledger, told.ledger.products["acme"], NOW)
    assert run.kind == "first_run"
    assert run.beat_id != told.stream.window.beat_id
    assert (dict(run.counters), dict(run.errors), dict(run.distributions)) == ({}, {}, {})
    assert run.system["os.family"] == "Linux"


@pytest.mark.parametrize(
    "sink",
    [
        daybeat.https_json("https://user:s3cret@acme.dev/v1?token=s3cret#s3cret", headers={"Authorization": "s3cret"}),
        daybeat.posthog("s3cret"),
        daybeat.otlp("https://s3cret@acme.dev/", {"Key": "s3cret"}),
    ],
    ids=lambda sink: sink.kind,
)
def test_the_name_of_a_place_tells_no_secret(sink: daybeat.Sink) -> None:
    assert "s3cret" not in destination_of(sink)


def test_no_sink_is_a_place_of_its_own() -> None:
    assert destination_of(None) == NONE
    assert destination_of(daybeat.file("/none")) != NONE


def test_peaks_are_noted_in_the_streams_of_the_product(told: Told) -> None:
    for n in (1, 2, 3):
        told.ledger.fleet.connected(n, n)
        Client(told, acme(), nonce=bytes((n,)) * 8, pid=n).hello().counts({"cli.run": 1})
    intake.note_peaks(told.ledger)
    assert told_of(told.ledger, told.stream)["fleet"] == {"processes": 3, "peak": 3}


def test_a_frame_is_counted_by_its_digest_whatever_product_it_names(told: Told) -> None:
    """A digest stands for one policy of one product; what the frame says beside it can't move numbers elsewhere."""
    Client(told, acme(product="idun")).hello()
    client = Client(told, acme()).hello()
    payload = wire.Counts(counts={"cli.run": 1}, errors={}, observed=(), dropped={})
    frame = wire.Frame(product="idun", digest=client.digest, nonce=b"n" * 8, payload=payload)
    intake.apply(told.ledger, frame, wire.encode(frame), 7, at())
    assert not told.streams("idun")


def test_what_a_client_may_declare_the_daemon_survives(told: Told) -> None:
    """A policy that leaves out what has a default is shorter on the wire than when it is packed again."""
    import msgpack

    fields = {**acme().to_map(), "rule": ENVIRONMENT, "sink": None, "env_var": None, "tags": None, "errors": None}
    for size in range(wire.MAX_FRAME - 240, wire.MAX_FRAME):
        names = [f"{'x' * 60}.{n:03}" for n in range(236)]
        room = size - len(msgpack.packb({**fields, "declare": names}))
        rest = [f"{n}{'y' * 59}" for n in range(room // 62)] + ["z" * max(1, room % 62)]
        body = msgpack.packb({**fields, "declare": [*names, *rest]})
        message = msgpack.packb([1, wire.POLICY, "acme", wire.digest_of(body), b"n" * 8, body])
        try:
            frame = wire.decode(message)
        except wire.WireError:
            continue
        intake.apply(told.ledger, frame, message, 7, at())
        told.ledger.declared.clear()


def test_a_policy_that_says_nothing_can_be_forgotten_and_declared_again(told: Told) -> None:
    Client(told, policy("acme", consent="opt-out")).hello().counts({"feature.search": 1})
    erasure.erase(told.ledger, "acme")
    assert not told.ledger.streams
    Client(told, policy("acme", consent="opt-out")).counts({"feature.search": 1})
    assert told_of(told.ledger, told.stream)["counters"] == {"feature.search": 1}
