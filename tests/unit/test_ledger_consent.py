"""The daemon decides again: what was collected under which choice goes where, and what ends."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from daybeat.consent import ADMINISTRATOR, ALL, DEFAULT, ENVIRONMENT, RECORDED
from daybeatd.core import closing, enforcement, erasure
from daybeatd.core.destination import LOCAL, destination_of
from daybeatd.core.enforcement import Change
from daybeatd.core.ledger import Ledger
from daybeatd.core.legacy import Legacy
from support.ledgers import SINK, Client, Told, acme, at, told_of

PLACE = destination_of(SINK)


def counted(told: Told, destination: str) -> dict[str, int]:
    stream = told.streams().get(destination)
    return dict(told_of(told.ledger, stream)["counters"]) if stream is not None else {}


def sendable(told: Told) -> dict[str, int]:
    """What could leave now."""
    found: dict[str, int] = {}
    for stream in told.ledger.streams.values():
        if not told.ledger.why_held(stream):
            for name, n in told_of(told.ledger, stream)["counters"].items():
                found[name] = found.get(name, 0) + n
    return found


@pytest.mark.parametrize("rule", [DEFAULT, RECORDED])
@pytest.mark.parametrize(
    ("consent", "choices", "mode"),
    [
        ("opt-out", {}, "on"),
        ("opt-in", {}, "off"),
        ("opt-in", {"acme": "on"}, "on"),
        ("opt-in", {ALL: "on"}, "on"),
        ("opt-out", {"acme": "off"}, "off"),
        ("opt-out", {ALL: "local"}, "local"),
        ("opt-out", {"acme": "on", ALL: "off"}, "off"),
        ("opt-out", {"acme": "on", ADMINISTRATOR: "off"}, "off"),
        ("opt-out", {"acme": "yes"}, "off"),
    ],
)
def test_the_record_decides_what_the_record_or_the_policy_decided(
    rule: str, consent: str, choices: dict[str, str], mode: str
) -> None:
    told = Told(choices)
    Client(told, acme(consent=consent), rule).hello().counts({"cli.run": 1})
    assert counted(told, PLACE) == ({"cli.run": 1} if mode == "on" else {})
    assert counted(told, LOCAL) == ({"cli.run": 1} if mode == "local" else {})
    assert sendable(told) == ({"cli.run": 1} if mode == "on" else {})


@pytest.mark.parametrize(
    ("choices", "kept"),
    [
        *(({}, True), ({"acme": "off"}, True), ({"acme": "local"}, True), ({ALL: "local"}, True)),
        *(({ALL: "off"}, False), ({ADMINISTRATOR: "off"}, False), ({"acme": "on", ALL: "off"}, False)),
    ],
)
def test_what_its_environment_switched_on_only_the_absolute_switch_stops(choices: dict[str, str], kept: bool) -> None:
    told = Told(choices)
    Client(told, acme(consent="opt-in"), ENVIRONMENT).hello().counts({"cli.run": 1})
    assert sendable(told) == ({"cli.run": 1} if kept else {})


def test_off_stops_counting_at_once() -> None:
    told = Told()
    client = Client(told, acme()).hello()
    client.counts({"cli.run": 1})
    enforcement.look_at_choices(told.ledger)
    told.choices["acme"] = "off"
    assert enforcement.look_at_choices(told.ledger) == [Change("acme", "off", ended=True)]
    erasure.erase(told.ledger, "acme")
    client.counts({"cli.run": 5})
    assert not told.ledger.streams
    told.choices["acme"] = "on"
    assert enforcement.look_at_choices(told.ledger) == [Change("acme", "on", ended=False)]
    client.counts({"cli.run": 2})
    assert sendable(told) == {"cli.run": 2}


@pytest.mark.parametrize(
    ("before", "after", "ended"),
    [
        ("on", "off", True),
        ("local", "off", True),
        ("on", "local", False),
        ("local", "on", False),
        ("", "off", True),
        ("", "on", False),
        ("on", "", False),
        ("on", "nonsense", True),
        ("off", "on", False),
    ],
)
def test_a_change_ends_what_is_held_only_when_it_is_to_off(before: str, after: str, ended: bool) -> None:
    told = Told({"acme": before})
    Client(told, acme()).hello()
    enforcement.look_at_choices(told.ledger)
    told.choices["acme"] = after
    (change,) = enforcement.look_at_choices(told.ledger)
    assert change.ended is ended
    assert enforcement.look_at_choices(told.ledger) == []


def test_an_opt_in_product_whose_record_is_taken_away_ends() -> None:
    told = Told({"acme": "on"})
    Client(told, acme(consent="opt-in")).hello()
    enforcement.look_at_choices(told.ledger)
    del told.choices["acme"]
    (change,) = enforcement.look_at_choices(told.ledger)
    assert change.ended


def test_one_products_choice_is_not_anothers() -> None:
    told = Told()
    for name in ("acme", "idun"):
        Client(told, acme(product=name)).hello().counts({"cli.run": 1})
    enforcement.look_at_choices(told.ledger)
    told.choices["idun"] = "off"
    assert [change.product for change in enforcement.look_at_choices(told.ledger)] == ["idun"]
    assert sendable(told) == {"cli.run": 1}


def test_what_was_collected_as_local_is_never_sent() -> None:
    told = Told({"acme": "local"})
    client = Client(told, acme()).hello()
    client.counts({"feature.before": 1})
    told.choices["acme"] = "on"
    enforcement.look_at_choices(told.ledger)
    client.counts({"feature.after": 1})
    assert sendable(told) == {"feature.after": 1}
    assert counted(told, LOCAL) == {"feature.before": 1}


def test_local_keeps_what_was_collected_before_and_sends_it_no_more() -> None:
    told = Told({"acme": "on"})
    client = Client(told, acme()).hello()
    client.counts({"feature.before": 1})
    told.choices["acme"] = "local"
    enforcement.look_at_choices(told.ledger)
    assert sendable(told) == {}
    client.counts({"feature.after": 1})
    assert sendable(told) == {}
    assert counted(told, LOCAL) == {"feature.after": 1}


def test_a_process_that_its_environment_keeps_on_sends_nothing_of_the_others() -> None:
    """`local` never sends: neither what was collected before, nor because one other process was switched on."""
    told = Told({"acme": "on"})
    Client(told, acme(), RECORDED).hello().counts({"feature.before": 1})
    told.choices["acme"] = "local"
    (change,) = enforcement.look_at_choices(told.ledger)
    assert change.stays
    for stream in [*told.ledger.streams_of("acme")]:  # as the daemon does, with what waits in the outbox
        closing.keep_here(told.ledger, stream, [], at())
    Client(told, acme(), ENVIRONMENT, nonce=b"2" * 8).hello().counts({"feature.kept": 1})
    assert sendable(told) == {"feature.kept": 1}


def test_a_stream_whose_last_policy_is_unknown_is_not_sent() -> None:
    told = Told()
    Client(told, acme()).hello().counts({"cli.run": 1})
    told.ledger.declared.clear()
    assert sendable(told) == {}


def test_a_product_without_a_sink_has_nothing_to_send() -> None:
    told = Told()
    Client(told, acme(sink=None)).hello().counts({"cli.run": 1})
    assert sendable(told) == {}


def test_forgetting_gives_new_ids_and_erases_the_numbers() -> None:
    told = Told()
    client = Client(told, acme()).hello()
    client.counts({"cli.run": 1})
    enforcement.look_at_choices(told.ledger)
    old = told.ledger.products["acme"]
    erasure.forget(told.ledger, "acme")
    new = told.ledger.products["acme"]
    assert new.install_id != old.install_id
    assert new.salt != old.salt
    assert not told.ledger.streams
    client.counts({"cli.run": 2})
    assert sendable(told) == {"cli.run": 2}
    assert enforcement.look_at_choices(told.ledger) == []


@pytest.mark.parametrize("end", [erasure.erase, erasure.forget])
def test_what_was_taken_over_and_not_yet_counted_is_erased_too(end: Callable[[Ledger, str], None]) -> None:
    """Declared while it was off, a product has no stream yet that could have taken its old numbers over."""
    told = Told({"acme": "off"})
    told.ledger.take_over = lambda product: Legacy(counters={"cli.run": 40})
    client = Client(told, acme()).hello()
    end(told.ledger, "acme")
    told.choices["acme"] = "on"
    enforcement.look_at_choices(told.ledger)
    client.counts({"cli.run": 2})
    assert sendable(told) == {"cli.run": 2}


def test_forgetting_one_product_leaves_the_others() -> None:
    told = Told()
    for name in ("acme", "idun"):
        Client(told, acme(product=name)).hello().counts({"cli.run": 1})
    install = told.ledger.products["idun"].install_id
    erasure.forget(told.ledger, "acme")
    assert told.ledger.products["idun"].install_id == install
    assert list(told.ledger.streams) == [("idun", PLACE)]


def test_an_earlier_daemons_ids_stand_and_its_numbers_are_added() -> None:
    told = Told()
    Client(told, acme()).hello().counts({"cli.run": 1})
    earlier = told.ledger
    beat, install = told.stream.window.beat_id, earlier.products["acme"].install_id
    told.ledger = told.fresh()
    Client(told, acme(), nonce=b"2" * 8).hello(5).counts({"cli.run": 2}, seconds=5)
    told.ledger.absorb(earlier)
    assert told.ledger.products["acme"].install_id == install
    assert told.stream.window.beat_id == beat
    found = told_of(told.ledger, told.stream)
    assert found["counters"] == {"cli.run": 3}
    assert found["fleet"]["processes"] == 2
    assert told.stream.last == at()
    assert told.stream.first


def test_what_a_stream_did_before_the_earlier_daemons_numbers_were_found_stands() -> None:
    told = Told()
    Client(told, acme()).hello().counts({"cli.run": 1})
    earlier = told.ledger
    told.stream.ended = ("1.0.0", "1.1.0")
    told.ledger = told.fresh()
    client = Client(told, acme(), nonce=b"2" * 8).hello(5)
    client.counts({"cli.run": 2}, seconds=5)
    told.stream.ended = ("1.0.0",)
    closing.close(told.ledger, told.stream, at(90_000))
    told.ledger.absorb(earlier)
    assert (told.stream.last, told.stream.first) == (at(90_000), False), "no second heartbeat within a day"
    assert told.stream.ended == ("1.1.0", "1.0.0")
    assert sendable(told) == {"cli.run": 1}


@pytest.mark.parametrize("is_known", [True, False])
def test_what_was_taken_over_is_counted_once_however_late_the_numbers_of_before_are_found(is_known: bool) -> None:
    told = Told()
    told.ledger.take_over = lambda product: Legacy(counters={"cli.run": 40})
    if is_known:
        Client(told, acme()).hello().counts({"cli.run": 1})
    earlier, take_over = told.ledger, told.ledger.take_over
    told.ledger = told.fresh()
    told.ledger.take_over, told.ledger.is_partial = take_over, True
    client = Client(told, acme(), nonce=b"2" * 8).hello()
    client.counts({"cli.run": 2})
    assert sendable(told) == {"cli.run": 2}
    told.ledger.absorb(earlier)
    client.counts({"cli.run": 4})
    assert sendable(told) == {"cli.run": 40 + 6 + (1 if is_known else 0)}


def test_a_product_whose_policy_is_not_known_keeps_what_is_held_until_the_person_says_off() -> None:
    """An earlier version's policy may be none that this one can read."""
    told = Told()
    Client(told, acme()).hello().counts({"cli.run": 1})
    enforcement.look_at_choices(told.ledger)
    told.ledger.declared.clear()
    assert enforcement.look_at_choices(told.ledger) == []
    assert sendable(told) == {}
    told.choices["acme"] = "off"
    assert enforcement.look_at_choices(told.ledger) == [Change("acme", "off", ended=True)]
