"""What follows from an attempt to deliver. Pure: a decision from results; `now` and `chance` are arguments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

#: Seconds until the next round when all tries of one round failed, and by how much rounds are spread.
NEXT_ROUND = 3600.0
ROUND_SPREAD = 300.0
#: Seconds after which what could not be delivered is given up.
LIFETIME = 14 * 24 * 3600.0
#: The longest that a receiver's Retry-After is believed, seconds.
LONGEST_WAIT = 24 * 3600.0
FIRST_WAIT = 1.0
GONE = 410

DELIVERED = "delivered"
WAITING = "waiting"
REFUSED = "refused"
#: The receiver said 410 Gone: it wants no more of this version of the product, ever.
ENDED = "ended"
#: What somebody who waits for an attempt is told instead: it may not be made now, or never will be.
HELD = "held"
WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Step:
    """`state` after an attempt, and for a waiting one the wall-clock time of the next."""

    state: str
    next_try: float = 0.0


def after(
    *,
    status: int,
    retried: bool,
    retry_after: str,
    attempts: int,
    retry_attempts: int,
    backoff: float,
    now: float,
    chance: float,
) -> Step:
    """What to do after the `attempts`-th attempt (1 is the first) ended with `status`.

    2xx is success, and 410 the end. What may be `retried` waits: exponential backoff with full jitter (`chance` from
    0 to 1), at least what Retry-After asks; after a round of `retry_attempts` + 1 attempts, an hour.
    """
    if 200 <= status < 300:
        return Step(DELIVERED)
    if status == GONE:
        return Step(ENDED)
    if not retried:
        return Step(REFUSED)
    in_round = (attempts - 1) % (retry_attempts + 1)
    if in_round == retry_attempts:
        wait = NEXT_ROUND + chance * ROUND_SPREAD
    else:
        wait = chance * min(NEXT_ROUND, FIRST_WAIT * backoff ** (in_round + 1))
    return Step(WAITING, now + max(wait, asked(retry_after, now)))


def asked(retry_after: str, now: float) -> float:
    """The seconds that a Retry-After header asks for, in either form; 0 when it says nothing that can be read."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST_WAIT)  # of any length: what is too great for a float is infinite
    try:
        date = parsedate_to_datetime(text)
        at = (date if date.tzinfo is not None else date.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, OverflowError):
        return 0.0
    return min(max(0.0, at - now), LONGEST_WAIT)
