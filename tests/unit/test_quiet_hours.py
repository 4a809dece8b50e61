"""Quiet hours: in `config.toml`, and how long they last from any moment."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from daybeatd.core.settings import QuietHours
from daybeatd.settings import parse

HOUR = 3600
UNHURRIED = hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize(
    ("hours", "local", "left"),
    [
        ("22:00-07:00", 21.99, 0),
        ("22:00-07:00", 22, 9),
        ("22:00-07:00", 0, 7),
        ("22:00-07:00", 6.5, 0.5),
        ("22:00-07:00", 7, 0),
        ("09:00-17:00", 8, 0),
        ("09:00-17:00", 9, 8),
        ("09:00-17:00", 17, 0),
        ("00:00-23:59", 12, 11 + 59 / 60),
        ("7:5-7:6", 7 + 5.5 / 60, 0.5 / 60),
    ],
)
def test_quiet_hours(hours: str, local: float, left: float) -> None:
    settings, faults = parse(f'quiet_hours = "{hours}"', "config.toml")
    assert faults == []
    assert settings.quiet_left(local * HOUR) == pytest.approx(left * HOUR)


@UNHURRIED
@given(st.integers(0, 1439), st.integers(0, 1439), st.floats(0, 86_399.9))
def test_quiet_hours_end_when_they_say(start: int, end: int, local: float) -> None:
    hours = QuietHours(start * 60, end * 60)
    left = hours.left(local)
    assert 0 <= left <= 86_400
    if left and start != end:
        assert (local + left) % 86_400 == pytest.approx(end * 60 % 86_400, abs=1e-6)
