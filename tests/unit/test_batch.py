"""Batches of events as values: when they are due, what is too much, what follows from an answer."""

from __future__ import annotations

import json

import pytest

from daybeatd.core.batch import LONGEST, MAX_BYTES, Batch, after, body

EVENT = {"event_type": "agent_usage", "timestamp": 1.5}


def filled(n: int) -> Batch:
    batch = Batch()
    for number in range(n):
        assert batch.add({**EVENT, "number": number}) == 0
    return batch


def test_an_empty_batch_is_never_due() -> None:
    assert Batch().due_at(1, 5.0) == float("inf")


def test_it_is_due_when_it_is_full_or_half_a_minute_after_the_first() -> None:
    batch = filled(99)
    assert batch.due_at(100, 5.0) == 5.0 + LONGEST
    assert batch.due_at(100, 6.0) == 5.0 + LONGEST
    batch.add(EVENT)
    assert batch.due_at(100, 7.0) == 7.0


def test_the_oldest_are_taken_first_and_at_most_so_many() -> None:
    batch = filled(5)
    assert [json.loads(event)["number"] for event in batch.take(3)] == [0, 1, 2]
    assert batch.due_at(100, 9.0) == 9.0 + LONGEST
    assert [json.loads(event)["number"] for event in batch.take(3)] == [3, 4]
    assert len(batch) == 0


def test_beyond_5_mb_the_oldest_go() -> None:
    batch, gone, added = Batch(), 0, 0
    while batch.size < MAX_BYTES - 5000:
        gone += batch.add({"number": added, "x": "x" * 4000})
        added += 1
    assert gone == 0
    taken = batch.take(100)
    for _ in range(110):
        gone += batch.add({"number": added, "x": "x" * 4000})
        added += 1
    assert batch.size + sum(map(len, taken)) <= MAX_BYTES
    assert gone > 0
    assert batch.overflowed
    assert json.loads(batch.take(1)[0])["number"] == 100 + gone


def test_a_body() -> None:
    assert json.loads(body(filled(2).take(2), 7.25)) == {
        "events": [{**EVENT, "number": 0}, {**EVENT, "number": 1}],
        "version": "1.0",
        "timestamp": 7.25,
    }


@pytest.mark.parametrize("status", [0, 500, 502, 503, 599])
def test_waits_are_a_second_times_the_backoff(status: int) -> None:
    steps = [after(status, attempts, 3, 2.0) for attempts in (1, 2, 3, 4)]
    assert [(step.state, step.wait) for step in steps] == [
        *(("waiting", 1.0), ("waiting", 2.0), ("waiting", 4.0)),
        ("discarded", 0.0),
    ]
    assert after(status, 1, 0, 2.0).state == "discarded"


@pytest.mark.parametrize("status", [300, 308, 400, 401, 404, 408, 410, 413, 429, 499])
def test_any_other_answer_is_the_end(status: int) -> None:
    assert after(status, 1, 10, 2.0).state == "discarded"


@pytest.mark.parametrize("status", [200, 202, 204])
def test_any_success_is_one(status: int) -> None:
    assert after(status, 1, 3, 2.0).state == "delivered"
