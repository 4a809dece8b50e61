"""The document that people read and sinks send."""

from __future__ import annotations

import json

import pytest

from daybeatd.core.heartbeat import Heartbeat, document, fit
from support.beats import first_run, heartbeat


def size(beat: Heartbeat) -> int:
    return len(json.dumps(document(beat)).encode())


def big() -> Heartbeat:
    return heartbeat(
        counters={f"feature.{'x' * 40}{n:03}": n + 1 for n in range(400)},
        errors={f"Error{n:03}": 1000 + n for n in range(50)},
        dropped={"overflow": 7, "undeclared": 1},
    )


def total(beat: Heartbeat) -> int:
    counted = sum(beat.counters.values()) + sum(beat.errors.values())
    return counted + sum(found.count for found in beat.distributions.values())


def test_the_parts_are_those_of_the_design_in_their_order() -> None:
    assert list(document(heartbeat())) == [
        *("event_type", "beat_id", "sequence", "product", "product_version", "install_id", "timestamp", "window"),
        *("counters", "distributions", "errors", "fleet", "system", "class", "dropped"),
    ]


def test_a_first_run_has_the_system_facts_and_nothing_counted() -> None:
    assert list(document(first_run())) == [
        *("event_type", "beat_id", "product", "product_version", "install_id", "timestamp", "system", "class"),
    ]


def test_names_are_sorted_so_that_two_previews_are_equal() -> None:
    forth = heartbeat(counters={"a": 1, "b": 2}, errors={"X": 1, "Y": 2})
    back = heartbeat(counters={"b": 2, "a": 1}, errors={"Y": 2, "X": 1})
    assert json.dumps(document(forth)) == json.dumps(document(back))


def test_it_is_json_that_every_reader_takes() -> None:
    json.dumps(document(heartbeat()), allow_nan=False)


def test_what_fits_stays_as_it_is() -> None:
    beat = heartbeat()
    assert fit(beat, size, size(beat)) is beat


@pytest.mark.parametrize("limit", [20_000, 16_384, 8_000, 2_000, 1_200])
def test_what_does_not_fit_loses_the_least_counted_and_tells_how_much(limit: int) -> None:
    whole = big()
    cut = fit(whole, size, limit)
    assert size(cut) <= limit
    assert total(cut) + cut.dropped["overflow"] == total(whole) + whole.dropped["overflow"]
    kept = [*cut.counters.values(), *cut.errors.values(), *(found.count for found in cut.distributions.values())]
    gone = [n for name, n in whole.counters.items() if name not in cut.counters]
    assert not kept or not gone or min(kept) >= max(gone)


def test_as_much_is_kept_as_fits() -> None:
    whole = big()
    cut = fit(whole, size, 16_384)
    longest = max(len(name) for name in whole.counters) + 30
    assert size(cut) > 16_384 - longest - 10


def test_with_no_room_at_all_the_rest_still_stands() -> None:
    cut = fit(big(), size, 1)
    assert (cut.counters, cut.errors, cut.distributions) == ({}, {}, {})
    assert cut.beat_id == big().beat_id
