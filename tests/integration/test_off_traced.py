"""Off under `strace -f`: no socket, no file of ours, no thread, no msgpack, although a daemon is there."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from support.house import House
from support.products import acme
from support.traced import making, named, on_the_network, require_strace, starting, trace

CALLS = """
import sys, json, _thread
telemetry.count("feature.search")
telemetry.counter("feature.search").inc()
telemetry.observe("latency.search", 1.5, unit="ms", tags={"operation": "search"})
with telemetry.timer("latency.block"):
    pass
telemetry.error(ValueError())
telemetry.event("agent_usage", {"tokens": 3})
telemetry.flush()
mode = telemetry.mode
telemetry.close()
heavy = sorted({"msgpack", "zmq", "httpx", "psutil"} & set(sys.modules))
print(json.dumps([mode, heavy, _thread._count()]))
"""


class Off(NamedTuple):
    """One way to be off; `reads` says whether rules 1 and 2 are silent, so that the records may be read."""

    name: str
    policy: str
    environ: dict[str, str]
    recorded: dict[str, str]
    reads: bool


WAYS = [
    Off(
        "DO_NOT_TRACK",
        "opt-out",
        {"DO_NOT_TRACK": "1", "ACME_TELEMETRY_ENABLED": "on"},
        {"acme": "on"},
        False,
    ),
    Off("variable", "opt-out", {"ACME_TELEMETRY_ENABLED": "off"}, {"acme": "on"}, False),
    Off("product's record", "opt-out", {}, {"acme": "off"}, True),
    Off("record for all", "opt-out", {"ACME_TELEMETRY_ENABLED": "on"}, {"all": "off"}, True),
    Off("opt-in", "opt-in", {}, {}, True),
    Off("another value", "opt-in", {"ACME_TELEMETRY_ENABLED": "perhaps"}, {}, True),
]


@pytest.fixture
def tempted(house: House) -> House:
    """A house whose daemon would take everything."""
    require_strace(house)
    house.start_daemon()
    return house


@pytest.mark.parametrize("way", WAYS, ids=[way.name for way in WAYS])
def test_off_touches_nothing(tempted: House, way: Off) -> None:
    for name, choice in way.recorded.items():
        tempted.choose(name, choice)
    calls, (mode, modules, threads) = trace(tempted, acme(consent=way.policy) + CALLS, **way.environ)
    assert mode == "off"
    assert modules == []
    assert threads == 0
    assert on_the_network(calls) == starting(calls) == making(calls) == []
    ours = (tempted.runtime, tempted.state, tempted.config, "/etc/daybeat")
    if not way.reads:
        assert named(calls, *ours) == []
    opened = named([call for call in calls if call.startswith("open")], *ours)
    records = {str(tempted.config / "consent" / name) for name in ("acme", "all")} | {"/etc/daybeat/consent/all"}
    assert set(opened) <= records
    assert tempted.held() == {}


def test_the_trace_would_see_a_client_that_is_on(tempted: House) -> None:
    calls, (mode, modules, _) = trace(tempted, acme() + CALLS)
    assert mode == "on"
    assert modules == ["msgpack"]
    assert [call for call in on_the_network(calls) if call.startswith("socket(AF_UNIX")]
    assert [call for call in on_the_network(calls) if call.startswith("connect(") and "ingest.sock" in call]
