"""What follows from an answer, as a table."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from daybeatd.core import delivery
from daybeatd.core.delivery import (
    DELIVERED,
    LONGEST_WAIT,
    NEXT_ROUND,
    REFUSED,
    ROUND_SPREAD,
    WAITING,
    Step,
    after,
    asked,
)

NOW = 1_800_000_000.0
DAY = 24 * 3600.0


def step(status: int, *, retried: bool = True, **changes: object) -> Step:
    given: dict[str, object] = {
        "retry_after": "",
        "attempts": 1,
        "retry_attempts": 3,
        "backoff": 2.0,
        "now": NOW,
        "chance": 0.5,
        **changes,
    }
    return after(status=status, retried=retried, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
@pytest.mark.parametrize("retried", [True, False])
def test_any_2xx_is_success(status: int, retried: bool) -> None:
    assert step(status, retried=retried).state == DELIVERED


@pytest.mark.parametrize("status", [100, 199, 300, 301, 302, 307, 308, 400, 401, 403, 404, 413, 422, 499])
def test_what_is_not_retried_is_set_aside(status: int) -> None:
    assert step(status, retried=False).state == REFUSED


@pytest.mark.parametrize("status", [0, 408, 429, 500, 502, 503, 504, 599])
def test_what_is_retried_waits(status: int) -> None:
    found = step(status)
    assert found.state == WAITING
    assert found.next_try > NOW


@pytest.mark.parametrize(("attempts", "longest"), [(1, 2.0), (2, 4.0), (3, 8.0)])
def test_the_wait_grows_and_is_jittered_in_full(attempts: int, longest: float) -> None:
    waits = [step(500, attempts=attempts, chance=chance).next_try - NOW for chance in (0.0, 0.25, 1.0)]
    assert waits == pytest.approx([0.0, longest / 4, longest])


@pytest.mark.parametrize("attempts", [4, 8, 400])
def test_after_a_round_it_rests_an_hour(attempts: int) -> None:
    for chance in (0.0, 1.0):
        assert step(500, attempts=attempts, chance=chance).next_try - NOW == NEXT_ROUND + chance * ROUND_SPREAD


def test_each_round_begins_like_the_first() -> None:
    assert step(500, attempts=5) == step(500, attempts=1)


def test_without_retries_every_attempt_is_a_round() -> None:
    for attempts in (1, 2, 3):
        assert step(500, attempts=attempts, retry_attempts=0).next_try - NOW >= NEXT_ROUND


def test_what_the_receiver_asks_is_the_least() -> None:
    assert step(503, retry_after="120").next_try == NOW + 120
    assert step(503, retry_after="1", chance=1.0, attempts=3).next_try == NOW + 8
    assert step(503, retry_after="120", attempts=4, chance=0.0).next_try == NOW + NEXT_ROUND
    assert step(503, retry_after="7200", attempts=4).next_try == NOW + 7200


def test_no_policy_makes_a_wait_within_a_round_longer_than_that_to_the_next() -> None:
    """A factor of 10 and 10 retries are allowed: 10 to the 10 seconds are 317 years."""
    for attempts in range(1, 12):
        found = step(500, attempts=attempts, retry_attempts=10, backoff=10.0, chance=1.0)
        assert found.next_try - NOW <= NEXT_ROUND + ROUND_SPREAD


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        *(("0", 0), ("1", 1), ("120", 120), (" 120 ", 120), ("0120", 120), ("3600", 3600), ("86400", DAY)),
        *(("86401", DAY), ("9" * 12, DAY), ("9" * 13, DAY), ("1" + "0" * 5000, DAY)),
        *(("0" * 12 + "120", 120), ("0" * 5000 + "7", 7), ("0" * 5000, 0), ("0" * 13 + "9" * 13, DAY)),
    ],
)
def test_retry_after_in_seconds(text: str, seconds: float) -> None:
    assert asked(text, NOW) == seconds


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "-1",
            "+1",
            "1.5",
            "1e3",
            "NaN",
            "nan",
            "inf",
            "-inf",
            "0x10",
            "1 000",
            "1,000",
            "1;2",
            "soon",
            "\0",
        ),
        *("\u0661\u0662", "²", "½", "None", "1\n2", "Wed", "Wed, ", "Wed, 21 Oct", "21 Oct 2015", "x" * 100_000),
        *("Wed, 32 Oct 2015 07:28:00 GMT", "Wed, 21 Foo 2015 07:28:00 GMT", "Wed, 21 Oct 2015 25:61:61 GMT"),
        *(
            "Wed, 21 Oct 99999999999999999999 07:28:00 GMT",
            "9" * 50 + " Oct 2015 07:28:00 GMT",
            "Wed, 21 Oct -1 07:28:00 GMT",
        ),
        *("Wed, 21 Oct 2015 07:28:00 +99999999999999999999", "Mon, 01 Jan 0000 00:00:00 GMT", ", , , ,", "(" * 5000),
    ],
)
def test_retry_after_that_says_nothing_is_nothing(text: str) -> None:
    assert asked(text, NOW) == 0


def date(seconds: float) -> str:
    return format_datetime(datetime.fromtimestamp(seconds, UTC), usegmt=True)


@pytest.mark.parametrize(
    ("ahead", "seconds"),
    [(90, 90), (0, 0), (-90, 0), (DAY, DAY), (DAY + 1, DAY), (365 * DAY, DAY), (-NOW - DAY, 0), (-NOW * 20, 0)],
)
def test_retry_after_as_a_date(ahead: float, seconds: float) -> None:
    assert asked(date(NOW + ahead), NOW) == seconds
    assert LONGEST_WAIT == DAY


@pytest.mark.parametrize("year", ["0001", "1", "69", "1601", "9999"])
def test_retry_after_in_a_far_year_is_a_wait_within_bounds(year: str) -> None:
    for zone in ("GMT", "+2359", "-2359", "-0000", "EST"):
        assert 0 <= asked(f"Mon, 01 Jan {year} 00:00:00 {zone}", NOW) <= LONGEST_WAIT


@pytest.fixture(params=["UTC0", "JST-9", "PST8"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("form", ["%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y"])
def test_a_date_is_in_gmt_wherever_the_machine_is(zone: str, form: str) -> None:
    """All three forms of RFC 9110, 5.6.7; the third names no zone and means GMT."""
    assert asked(datetime.fromtimestamp(NOW + 120, UTC).strftime(form), NOW) == 120


def test_410_ends_it_without_another_try() -> None:
    for retried in (True, False):
        assert step(410, retried=retried).state == delivery.ENDED
