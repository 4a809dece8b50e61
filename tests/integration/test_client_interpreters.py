"""Sub-interpreters: the client counts in each of them, leaves no thread in any, and their ends are silent."""

from __future__ import annotations

import sys

import pytest

from support.house import House
from support.outcomes import assert_silent
from support.products import acme

MODULE = "_interpreters" if sys.version_info >= (3, 13) else "_xxsubinterpreters"
pytest.importorskip(MODULE)

INSIDE = acme() + """
for _ in range(100):
    telemetry.count("feature.inside")
telemetry.observe("latency.inside", 1.0)
telemetry.flush(20)
"""

# msgpack's C extension does not load under a lock of its own, which is where it must be off without a word.
OUTSIDE = """
import sys, importlib
interpreters = importlib.import_module({module!r})
telemetry.count("feature.outside")
telemetry.flush(20)
for _ in range({times}):
    inside = interpreters.create({config})
    failed = interpreters.run_string(inside, {inside!r})
    assert failed is None, failed
    {end}
telemetry.count("feature.outside")
"""


def _outside(config: str, *, times: int = 3, end: str = "interpreters.destroy(inside)") -> str:
    return acme() + OUTSIDE.format(module=MODULE, config=config, inside=INSIDE, times=times, end=end)


SHARED = "'legacy'" if sys.version_info >= (3, 13) else "isolated=False"
ISOLATED = "'isolated'" if sys.version_info >= (3, 13) else "isolated=True"


def test_what_sub_interpreters_count_is_counted(house: House) -> None:
    house.start_daemon()
    assert_silent(house.run_client(_outside(SHARED)))
    house.settle()
    held = house.held()
    assert held["feature.outside"] == 2
    assert held["feature.inside"] == 300


@pytest.mark.parametrize("config", [SHARED, ISOLATED], ids=["shared", "isolated"])
@pytest.mark.parametrize("with_daemon", [True, False], ids=["daemon", "alone"])
def test_their_ends_are_silent(house: House, config: str, with_daemon: bool) -> None:
    if with_daemon:
        house.start_daemon()
    assert_silent(house.run_client(_outside(config)))
    if with_daemon:
        house.settle()
        assert house.held()["feature.outside"] == 2


@pytest.mark.parametrize("config", [SHARED, ISOLATED], ids=["shared", "isolated"])
def test_their_ends_leave_no_descriptor(house: House, config: str) -> None:
    """Of which the daemon would let no more than some of one process in."""
    house.start_daemon()
    check = "\nimport os\nassert len(os.listdir('/proc/self/fd')) <= open_before + 1\n"
    before = "import os\nopen_before = len(os.listdir('/proc/self/fd'))\n"
    assert_silent(house.run_client(before + _outside(config, times=12) + check))
    house.settle()
    assert house.held()["feature.outside"] == 2
    if config == SHARED:
        assert house.held()["feature.inside"] == 1200
