"""What waits to be delivered, and what of it may go."""

from __future__ import annotations

import pytest

import daybeat
from daybeatd.core.delivery import LIFETIME, LONGEST_WAIT, WAITING
from daybeatd.core.outbox import MAX_OF_STREAM, Parcel, too_many, unsent
from daybeatd.core.window import COUNTER, Window

NOW = 1_800_000_000.0
KEY = ("acme", "there")


def parcel(n: int = 0, **fields: object) -> Parcel:
    given: dict[str, object] = {
        "beat_id": f"beat {n}",
        "product": "acme",
        "destination": "there",
        "kind": "heartbeat",
        "sequence": n,
        "sink": daybeat.https_json("https://acme.dev"),
        "body": b"{}",
        "created": NOW + n,
        "window": Window(f"beat {n}", NOW),
        "stored": True,
        **fields,
    }
    return Parcel(**given)  # type: ignore[arg-type]


def test_a_new_parcel_waits_and_is_not_stored() -> None:
    fresh = Parcel("b", "acme", "there", "heartbeat", 1, daybeat.file("/x"), b"", NOW)
    assert (fresh.state, fresh.stored, fresh.attempts, fresh.weight) == (WAITING, False, 0, 0)


@pytest.mark.parametrize(
    ("next_try", "wait"),
    [
        (NOW - 1, 0),
        (NOW, 0),
        (NOW + 1, 1),
        (NOW + LONGEST_WAIT, LONGEST_WAIT),
        (NOW + 2 * LONGEST_WAIT, 0),
    ],
)
def test_an_attempt_is_waited_for_unless_the_clock_went_back(next_try: float, wait: float) -> None:
    assert parcel(next_try=next_try).wait(NOW) == wait


def test_it_is_over_after_its_lifetime_but_not_while_under_way() -> None:
    one = parcel()
    assert not one.is_over(NOW + LIFETIME)
    assert one.is_over(NOW + LIFETIME + 1)
    one.under_way = True
    assert not one.is_over(NOW + LIFETIME + 1)


def test_an_attempt_that_the_disk_could_not_note_was_none() -> None:
    one = parcel(attempts=1, under_way=True)
    one.put_off()
    assert not one.stored, "it waits for the disk"
    assert not one.under_way
    assert unsent([one], KEY) == [one], "and may be merged, for nobody has seen it"


def test_what_it_weighs_is_what_would_be_lost() -> None:
    window = Window("beat", NOW)
    window.count(COUNTER, "a", 5)
    window.observe("d", "ms", [1.0, 2.0])
    window.drop("lost", 100)
    assert parcel(window=window).weight == 7
    assert parcel(window=None).weight == 0


def test_only_what_was_never_attempted_may_be_merged() -> None:
    parcels = [
        parcel(1),
        parcel(2, attempts=1),
        parcel(3, window=None, kind="first_run"),
        parcel(4, destination="elsewhere"),
        parcel(5, product="idun"),
    ]
    assert [each.beat_id for each in unsent(parcels, KEY)] == ["beat 1"]


def test_the_oldest_go_when_there_are_too_many_and_never_one_under_way() -> None:
    parcels = [parcel(n, attempts=1, under_way=n == 0) for n in reversed(range(MAX_OF_STREAM + 3))]
    others = [parcel(n, product="idun", attempts=1) for n in range(MAX_OF_STREAM)]
    gone = too_many([*parcels, *others])
    assert "beat 0" not in {each.beat_id for each in gone}
    assert [each.beat_id for each in gone] == [f"beat {n}" for n in range(1, len(gone) + 1)]
    assert len(parcels) - len(gone) <= MAX_OF_STREAM + 1
    assert too_many(others) == []


def test_those_of_many_streams_are_looked_at_once() -> None:
    """A flood of places had all of them compared with each other at every turn of the loop, which took minutes."""
    asked = 0

    class Counted(Parcel):
        @property
        def key(self) -> tuple[str, str]:
            nonlocal asked
            asked += 1
            return self.product, self.destination

    given = [{name: getattr(parcel(n), name) for name in Parcel.__slots__} for n in range(500)]
    parcels = [Counted(**{**fields, "destination": str(n)}) for n, fields in enumerate(given)]
    assert too_many(parcels) == []
    assert asked <= 2 * len(parcels)
