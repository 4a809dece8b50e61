"""The fixture `daybeat_events`, which pytest finds by the entry point `pytest11`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .testing import Captured


@pytest.fixture
def daybeat_events() -> Iterator[Captured]:
    """What the test's code reports through daybeat: see `daybeat.testing.Captured`. Nothing of it is sent."""
    from .testing import capture

    with capture() as events:
        yield events
