"""When a stream's next heartbeat is due. Pure: clocks are arguments, in seconds."""

from __future__ import annotations

from dataclasses import dataclass

DAY = 24 * 3600.0
#: A first heartbeat waits up to this much longer, by the install's own phase, so that machines set up together differ.
SPREAD = 3600.0
#: How far ahead of the clock a remembered date may be before it is disbelieved.
TOLERANCE = 600.0
#: Seconds over which heartbeats that are due late are spread.
STAGGER = 300.0
#: A window longer than this begins later: what it says of its start would be of no use.
LONGEST_WINDOW = 31 * DAY


@dataclass(frozen=True, slots=True)
class Moment:
    """One reading of the clocks: `wall` since 1970, `up` since the boot `boot`, sleep included.

    `boot` is "" where no clock runs on in sleep: then `up` means nothing.
    """

    wall: float
    up: float
    boot: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """`wait` seconds are left, 0 when due. `corrected` tells that the last date lay ahead of the clock."""

    wait: float
    corrected: bool = False


def due(now: Moment, last: Moment, phase: float, *, first: bool) -> Verdict:
    """Whether a heartbeat may be built, 24 hours after `last`: the last one built, or when the product was first seen.

    Within one boot the clock that nobody sets decides, and the wall clock must agree, so that no 24 hours of the wall
    clock see two; across boots there is only the wall clock. `phase` is from 0 to 1, fixed for each install.
    """
    if last.wall > now.wall + TOLERANCE:
        return Verdict(DAY, corrected=True)
    period = DAY + (phase * SPREAD if first else 0.0)
    wait = period - (now.wall - last.wall)
    if now.boot and now.boot == last.boot:
        wait = max(wait, period - (now.up - last.up))
    return Verdict(max(0.0, wait))


def stagger(now: Moment, last: Moment, chance: float) -> float:
    """Seconds that a heartbeat waits for its first attempt: none in the ordinary run of days.

    After days offline many become due at the same moment; by `chance`, from 0 to 1, they spread over minutes.
    """
    late = now.wall - last.wall - DAY - SPREAD
    return chance * STAGGER if late > TOLERANCE else 0.0


def window_start(start: float, end: float) -> float:
    """The start that a window may tell: at most 31 days before its end, and never after it."""
    return min(max(start, end - LONGEST_WINDOW), end)
