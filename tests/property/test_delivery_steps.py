"""Whatever a receiver answers, the next try is in bounds."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from daybeatd.core.delivery import DELIVERED, LONGEST_WAIT, WAITING, after, asked

NOW = 1_800_000_000.0
bounded = settings(deadline=None, max_examples=200)
bits = st.sampled_from(
    [
        *("Wed", "Mon", "Jan", "Oct", "21", "2015", "99999999999", "07:28:00", "0:0", "::", "GMT", "-0000", "+2400"),
        *("-9999", "EST", ",", ";", "(", ")", "-", ".", "1e9", "NaN", "\u00b2", "\0", "\ud800"),
    ]
)
parts = st.lists(bits, max_size=10)
hostile = st.one_of(st.text(max_size=40), parts.map(" ".join), parts.map("".join))


@bounded
@given(hostile, st.floats(0, 4e9))
@example("Mon, 01 Jan 0001 00:00:00 +2359", 0.0)
@example("9" * 4301, 0.0)
def test_any_retry_after_is_a_wait_of_at_most_a_day(text: str, now: float) -> None:
    assert 0 <= asked(text, now) <= LONGEST_WAIT


@bounded
@given(
    status=st.integers(0, 999),
    retried=st.booleans(),
    retry_after=hostile,
    attempts=st.integers(1, 500),
    retry_attempts=st.integers(0, 10),
    backoff=st.floats(1, 10),
    chance=st.floats(0, 1),
)
def test_any_answer_has_one_of_the_known_consequences(
    status: int, retried: bool, retry_after: str, attempts: int, retry_attempts: int, backoff: float, chance: float
) -> None:
    step = after(
        status=status,
        retried=retried,
        retry_after=retry_after,
        attempts=attempts,
        retry_attempts=retry_attempts,
        backoff=backoff,
        now=NOW,
        chance=chance,
    )
    assert (step.state == DELIVERED) == (200 <= status < 300)
    if step.state == WAITING:
        assert retried
        assert step.next_try >= NOW + asked(retry_after, NOW)


@bounded
@given(st.integers(1, 10), st.floats(1, 10), st.integers(1, 10), st.floats(0, 1), st.floats(0, 1))
def test_jitter_is_full_and_grows_with_chance(
    retries: int, backoff: float, attempts: int, chance: float, greater: float
) -> None:
    def wait(chance: float) -> float:
        return after(
            status=503,
            retried=True,
            retry_after="",
            attempts=min(attempts, retries),
            retry_attempts=retries,
            backoff=backoff,
            now=0.0,
            chance=chance,
        ).next_try

    assert wait(0.0) == 0.0
    assert 0.0 <= wait(min(chance, greater)) <= wait(max(chance, greater)) <= wait(1.0)
    assert wait(1.0) > 0
