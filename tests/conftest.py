"""The rooms that every black-box test lives in. Their helpers are in `support/`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.collector import Collector
from support.house import House

#: Seconds for one test of real processes on a busy machine. It ends a hang; it is no measure of anything.
INTEGRATION_TIMEOUT = 300


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Real processes are given more than the suite's own limit: a thousand of them take their time."""
    for item in items:
        if item.path.parent.name == "integration" or "house" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.timeout(INTEGRATION_TIMEOUT))


@pytest.fixture
def house() -> Iterator[House]:
    """A home of its own for each test: directories, environment, processes; empty and swept afterwards."""
    with House() as one:
        yield one


@pytest.fixture
def collector() -> Iterator[Collector]:
    """A real HTTP endpoint on a loopback port that the kernel chose."""
    with Collector() as one:
        yield one
