"""Days go by for a real daemon: one heartbeat each, whatever the clocks and the endpoint do."""

from __future__ import annotations

import signal
import time
from typing import Any

import pytest

from daybeatd.control import ask
from support.clock import SHIFTED_DAEMON, Clock
from support.collector import Answer, Collector
from support.crashes import delivered
from support.house import House
from support.products import acme, https_json
from support.waiting import until

HOUR = 3600.0
DAY = 24 * HOUR


class Days:
    """A house in which time passes as the test says."""

    def __init__(self, house: House, collector: Collector) -> None:
        self.house = house
        self.collector = collector
        self.clock = Clock(house.root / "clock")
        self.process = house.launch(str(house.script(SHIFTED_DAEMON)), str(self.clock.path))
        until(house.accepting, "the daemon should be there")

    def count(self, n: int) -> None:
        code = f"telemetry.count('feature.search', {n}); telemetry.flush(5)"
        self.house.run_client(acme(https_json(self.collector.url, retry_attempts=0)) + code)
        self.look()

    def look(self) -> dict[str, Any]:
        """Ask for the status, which also lets the daemon look at its clocks."""
        return ask(str(self.house.runtime / "control.sock"), {"do": "status"})

    def pass_a_day(self) -> None:
        """Time for every attempt that is due, and for its answer."""
        self.clock.advance(DAY)
        until(self._nothing_is_due, "all attempts that are due should be made")

    def _nothing_is_due(self) -> bool:
        waiting = self.look()["products"]["acme"]["outbox"]
        return all(parcel["next_try"] > time.time() + self.clock.wall for parcel in waiting)

    def pass_hours(self, hours: int) -> None:
        for _ in range(hours):
            self.clock.advance(HOUR)
            self.look()


@pytest.fixture
def days(house: House, collector: Collector) -> Days:
    return Days(house, collector)


def test_one_heartbeat_a_day_of_itself(days: Days) -> None:
    days.count(3)
    days.pass_hours(23)
    assert days.collector.events() == []
    days.pass_hours(3)
    (beat,) = days.collector.await_events(1)
    assert beat["counters"] == {"feature.search": 3}
    days.pass_hours(26)
    assert len(days.collector.events()) == 1, "nothing was reported, so nothing is sent"
    days.count(4)
    days.pass_hours(1)  # it is late, and so waits for some minutes
    beats = days.collector.await_events(2)
    assert beats[1]["counters"] == {"feature.search": 4}
    assert beats[1]["window"]["start"] == pytest.approx(beat["window"]["end"], abs=1e-6)


def test_a_clock_that_jumps_sends_no_second_heartbeat(days: Days) -> None:
    days.count(1)
    days.pass_hours(26)
    days.collector.await_events(1)
    days.count(1)
    days.clock.jump(3 * DAY)
    days.look()
    days.clock.jump(-3 * DAY)
    days.look()
    assert len(days.collector.events()) == 1
    days.pass_hours(26)
    assert len(days.collector.await_events(2)) == 2


def test_a_clock_that_was_years_ahead_holds_no_heartbeat_back(days: Days) -> None:
    days.collector.answer(then=Answer(503))
    days.clock.jump(3650 * DAY)
    days.count(1)
    days.house.daybeat("send", "acme")
    days.clock.jump(-3650 * DAY)
    days.collector.answer()
    days.look()
    until(lambda: days.look()["products"]["acme"]["outbox"] == [], "all that waits should be delivered")
    assert delivered(days.collector.requests) == {"feature.search": 1}


def test_an_endpoint_dead_for_ten_days(days: Days) -> None:
    days.collector.answer(then=Answer(503))
    for day in range(10):
        days.count(day + 1)
        days.pass_hours(25)
    held = days.look()["products"]["acme"]
    assert 8 <= len(held["outbox"]) <= 12
    state = days.house.state
    assert sum(file.stat().st_size for file in state.iterdir()) < 4 * 1024 * 1024
    days.collector.answer()
    days.pass_hours(3)

    def all_is_out() -> bool:
        days.house.daybeat("send", "acme")
        return not days.look()["products"]["acme"]["outbox"]

    until(all_is_out, "everything should be delivered", deadline=60)
    assert delivered(days.collector.requests) == {"feature.search": sum(range(1, 11))}
    days.process.send_signal(signal.SIGTERM)
    assert days.process.wait(30) == 0


def test_a_fortnight_later_what_is_lost_is_counted(days: Days) -> None:
    days.collector.answer(then=Answer(503))
    days.count(5)
    days.pass_hours(26)
    for _ in range(15):
        days.pass_a_day()
    assert days.look()["products"]["acme"]["outbox"] == []
    days.collector.answer()
    days.count(1)
    days.pass_hours(2)
    # What was refused a fortnight long is among what came, too.
    until(lambda: days.collector.events()[-1].get("counters") == {"feature.search": 1}, "the last heartbeat")
    beat = days.collector.events()[-1]
    assert beat["dropped"]["lost"] == 5
