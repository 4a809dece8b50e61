"""When a heartbeat is due, case by case; `property/test_schedule_year` lives through the days."""

from __future__ import annotations

import time

import pytest

from daybeatd import host
from daybeatd.core.schedule import (
    DAY,
    LONGEST_WINDOW,
    SPREAD,
    STAGGER,
    TOLERANCE,
    Moment,
    Verdict,
    due,
    stagger,
    window_start,
)

NOW = 1_800_000_000.0
HOUR = 3600.0


def at(hours: float, *, up: float | None = None, boot: str = "boot") -> Moment:
    """`hours` of the wall clock after the last heartbeat, `up` hours of running."""
    return Moment(NOW + hours * HOUR, (hours if up is None else up) * HOUR, boot)


def wait(now: Moment, *, phase: float = 0.0, first: bool = False) -> float:
    verdict = due(now, at(0), phase, first=first)
    assert not verdict.corrected
    return verdict.wait / HOUR


@pytest.mark.parametrize(("hours", "left"), [(0, 24), (1, 23), (23.75, 0.25), (24, 0), (25, 0), (24 * 365, 0)])
def test_24_hours_after_the_last(hours: float, left: float) -> None:
    assert wait(at(hours)) == left


@pytest.mark.parametrize(("phase", "left"), [(0.0, 0.0), (0.25, 0.25), (1.0, 1.0)])
def test_the_first_waits_longer_by_the_installs_phase(phase: float, left: float) -> None:
    assert wait(at(24), phase=phase, first=True) == left
    assert wait(at(24), phase=phase, first=False) == 0
    assert SPREAD == HOUR


def test_a_clock_set_forward_hurries_nothing() -> None:
    assert wait(at(100, up=1)) == 23


def test_a_clock_set_back_a_little_delays_by_as_much() -> None:
    assert wait(at(23.9, up=24)) == pytest.approx(0.1)
    assert wait(Moment(NOW - TOLERANCE, 24 * HOUR, "boot")) == pytest.approx(24 + TOLERANCE / HOUR)


def test_a_last_date_far_ahead_is_disbelieved() -> None:
    assert due(Moment(NOW - TOLERANCE - 1, 30 * HOUR, "boot"), at(0), 0.5, first=True) == Verdict(DAY, corrected=True)
    assert due(Moment(NOW - 365 * DAY, 0.0, "other"), at(0), 0.5, first=False) == Verdict(DAY, corrected=True)


def test_after_a_reboot_the_wall_clock_decides_alone() -> None:
    assert wait(at(20, up=0.1, boot="other")) == 4
    assert wait(at(30, up=0.1, boot="other")) == 0


def test_sleep_counts() -> None:
    """CLOCK_BOOTTIME runs on in sleep: a night in the bag is a night."""
    assert wait(at(24, up=24)) == 0


@pytest.mark.parametrize("seconds", [0, 0.001, 0.5])
def test_a_moment_too_early_is_too_early(seconds: float) -> None:
    assert due(Moment(NOW + DAY - seconds, DAY - seconds, "boot"), at(0), 0.0, first=False).wait == pytest.approx(
        seconds
    )


@pytest.mark.parametrize("boottime", [True, False])
def test_a_day_is_a_day_on_systems_with_and_without_a_clock_that_runs_in_sleep(
    monkeypatch: pytest.MonkeyPatch, boottime: bool
) -> None:
    """macOS has no CLOCK_BOOTTIME: there the wall clock decides alone, and a heartbeat must become due all the same."""
    if not boottime:
        monkeypatch.delattr(time, "CLOCK_BOOTTIME", raising=False)
    last = host.moment()
    for hours, left in ((1, 23), (24, 0), (48, 0)):
        wall, up = last.wall + hours * HOUR, last.up + hours * HOUR
        with monkeypatch.context() as clocks:
            clocks.setattr(time, "time", lambda wall=wall: wall)
            clocks.setattr(time, "clock_gettime", lambda clock, up=up: up)
            now = host.moment()
        assert due(now, last, 0.0, first=False).wait == pytest.approx(left * HOUR, abs=60)


def test_what_is_due_in_time_is_sent_at_once() -> None:
    assert stagger(at(24), at(0), 1.0) == 0
    assert stagger(at(25), at(0), 1.0) == 0


@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
def test_what_is_due_after_days_offline_is_spread_over_minutes(chance: float) -> None:
    assert stagger(at(24 * 9), at(0), chance) == chance * STAGGER
    assert 60 <= STAGGER <= 3600


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        (NOW, NOW + DAY, NOW),
        (NOW, NOW + LONGEST_WINDOW, NOW),
        (NOW, NOW + LONGEST_WINDOW + 5, NOW + 5),
        (NOW, NOW - DAY, NOW - DAY),
        (NOW, NOW, NOW),
        (0.0, NOW, NOW - LONGEST_WINDOW),
    ],
)
def test_a_window_is_at_most_31_days_and_never_backwards(start: float, end: float, told: float) -> None:
    assert window_start(start, end) == told
    assert LONGEST_WINDOW == 31 * DAY
