"""Waits that end: every test waits here, so no loop is without a deadline; no deadline is a measurement."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

DEADLINE = 60.0
"""Seconds. Far above what anything needs: it bounds a broken run on a busy machine, it judges no speed."""


def until(condition: Callable[[], T], what: str | Callable[[], str], deadline: float = DEADLINE) -> T:
    """The first true value of `condition`; AssertionError that says `what` when none came in time."""
    end = time.monotonic() + deadline
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() >= end:
            raise AssertionError(f"not within {deadline:g} s: {what if isinstance(what, str) else what()}")
        time.sleep(0.05)
