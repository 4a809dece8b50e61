"""Off under `strace -f`: no socket, no file of ours, no thread, no msgpack, although a daemon is there."""

from __future__ import annotations

import json
import re
import shutil
import sys
from typing import Any, NamedTuple

import pytest

from support.house import House
from support.products import acme

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
TRACED = "%file,%network,clone,clone3,fork,vfork"


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


def _trace(house: House, code: str, **environ: str) -> tuple[list[str], list[Any]]:
    """The lines of the trace, and what the client said of itself."""
    log = house.root / "trace"
    done = house.run(
        "strace",
        "-f",
        "-qq",
        "-s",
        "4096",
        "-o",
        str(log),
        "-e",
        f"trace={TRACED}",
        sys.executable,
        "-c",
        code,
        **environ,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return log.read_text().splitlines(), json.loads(done.stdout)


@pytest.fixture
def tempted(house: House) -> House:
    """A house whose daemon would take everything; skipped where strace cannot trace."""
    if (
        shutil.which("strace") is None
        or house.run("strace", "-qq", "-o", "/dev/null", "true").returncode != 0
    ):
        pytest.skip("strace is not here or may not trace")
    house.start_daemon()
    return house


def _ours(house: House, line: str) -> list[str]:
    """The paths of daybeat's own directories, ours or the administrator's, that a system call names."""
    roots = (str(house.runtime), str(house.state), str(house.config), "/etc/daybeat")
    return [path for path in re.findall(r'"([^"]*)"', line) if path.startswith(roots)]


@pytest.mark.parametrize("way", WAYS, ids=[way.name for way in WAYS])
def test_off_touches_nothing(tempted: House, way: Off) -> None:
    for name, choice in way.recorded.items():
        tempted.choose(name, choice)
    lines, (mode, modules, threads) = _trace(tempted, acme(consent=way.policy) + CALLS, **way.environ)
    assert mode == "off"
    assert modules == []
    assert threads == 0
    calls = [re.sub(r"^\d+\s+", "", line) for line in lines]
    assert not [call for call in calls if re.match(r"(socket|socketpair|connect|send\w*|recv\w*)\(", call)]
    assert not [call for call in calls if re.match(r"(clone3?|v?fork)\(", call)]
    named = [path for call in calls for path in _ours(tempted, call)]
    if not way.reads:
        assert named == []
    opened = [path for call in calls if call.startswith("open") for path in _ours(tempted, call)]
    records = {str(tempted.config / "consent" / name) for name in ("acme", "all")} | {
        "/etc/daybeat/consent/all"
    }
    assert set(opened) <= records
    assert tempted.held() == {}


def test_the_trace_would_see_a_client_that_is_on(tempted: House) -> None:
    lines, (mode, modules, _) = _trace(tempted, acme() + CALLS)
    assert mode == "on"
    assert modules == ["msgpack"]
    assert [line for line in lines if " socket(AF_UNIX" in line]
    assert [line for line in lines if " connect(" in line and "ingest.sock" in line]
