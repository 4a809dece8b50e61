"""The two products switched off: nothing is opened, made, started or sent, and no call costs memory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from support.house import House
from support.idun import IMPORT as IDUN
from support.mycelium import IMPORT as MYCELIUM
from support.traced import making, named, on_the_network, require_strace, starting, trace

IDUN_CALLS = """
agent_running(AgentFramework.LANGGRAPH)
feature_used("guardrails")
cli_running("serve")
tutorial_running("first-agent")
maybe_send_heartbeat()
set_version("1.4.0")
assert track_command("serve")(lambda: 7)() == 7
"""
MYCELIUM_CALLS = """
client = get_telemetry_client()
client.track_agent_usage("a", "discover", {"duration_ms": 1})
client.track_performance("query_latency", 95.5)
client.track_error("ValueError", "Failed to connect")
client.track_system_info()
"""
STATE = """
import _thread, json, os, sys
heavy = sorted({"msgpack", "zmq", "httpx", "psutil", "platformdirs", "yaml"} & set(sys.modules))
print(json.dumps([heavy, _thread._count()]))
"""
WORDS = ("false", "0", "no", "off", "disable", "disabled", "FALSE", "Off")


@pytest.fixture
def tempted(house: House) -> House:
    """A house whose daemon would take everything."""
    require_strace(house)
    house.start_daemon()
    return house


def _places(house: House) -> tuple[object, ...]:
    return house.runtime, house.state, house.config, Path(house.environ["HOME"]) / ".config", "/etc/daybeat"


@pytest.mark.parametrize("word", WORDS)
def test_idun_off_by_its_variable_touches_nothing(tempted: House, word: str) -> None:
    _assert_untouched(tempted, IDUN + IDUN_CALLS, {"IDUN_TELEMETRY_ENABLED": word})


@pytest.mark.parametrize("word", WORDS)
def test_mycelium_off_by_its_variable_touches_nothing(tempted: House, word: str) -> None:
    (tempted.root / ".env").write_text("TELEMETRY_ENABLED=true\n")
    calls = _assert_untouched(tempted, MYCELIUM + MYCELIUM_CALLS, {"TELEMETRY_ENABLED": word})
    assert [call for call in calls if '".env"' in call] == []


@pytest.mark.parametrize("code", [IDUN + IDUN_CALLS, MYCELIUM + MYCELIUM_CALLS], ids=["idun", "mycelium"])
def test_do_not_track_is_off(tempted: House, code: str) -> None:
    on = {"IDUN_TELEMETRY_ENABLED": "true", "TELEMETRY_ENABLED": "true"}
    _assert_untouched(tempted, code, {"DO_NOT_TRACK": "1", **on})


def _assert_untouched(house: House, code: str, environ: Mapping[str, str]) -> list[str]:
    calls, (modules, threads) = trace(house, code + STATE, **environ)
    assert (modules, threads) == ([], 0)
    assert on_the_network(calls) == starting(calls) == making(calls) == []
    assert named(calls, *_places(house)) == []
    return calls


@pytest.mark.parametrize("name", ["idun", "mycelium"])
def test_off_by_a_recorded_choice_reads_the_choice_and_nothing_else(tempted: House, name: str) -> None:
    tempted.choose(name, "off")
    code = {"idun": IDUN + IDUN_CALLS, "mycelium": MYCELIUM + MYCELIUM_CALLS}[name]
    calls, (modules, threads) = trace(tempted, code + STATE)
    assert (modules, threads) == ([], 0)
    assert on_the_network(calls) == starting(calls) == making(calls) == []
    consent = tempted.config / "consent"
    assert set(named(calls, *_places(tempted))) == {*(str(consent / one) for one in (name, "all")), ADMINISTRATOR}


ADMINISTRATOR = "/etc/daybeat/consent/all"


def test_mycelium_is_off_by_default(tempted: House) -> None:
    calls, (modules, threads) = trace(tempted, MYCELIUM + MYCELIUM_CALLS + STATE)
    assert (modules, threads) == ([], 0)
    assert on_the_network(calls) == starting(calls) == making(calls) == []


def test_the_trace_would_see_products_that_are_on(tempted: House) -> None:
    for code, environ in ((IDUN + IDUN_CALLS, {}), (MYCELIUM + MYCELIUM_CALLS, {"TELEMETRY_ENABLED": "on"})):
        calls, (modules, _) = trace(tempted, code + STATE, **environ)
        assert modules == ["msgpack"]
        assert [call for call in on_the_network(calls) if "ingest.sock" in call]
    calls, _ = trace(tempted, "import os\nos.mkdir('x')\nopen('x/y', 'w').close()\nos.system('true')\nprint(7)")
    assert len(making(calls)) == 2
    assert starting(calls)
    assert named(calls, "x") != []


ALLOCATED = """
import tracemalloc
fields = {"duration_ms": 1}
def calls():
    client.track_agent_usage("a", "discover", fields)
    client.track_performance("query_latency", 95.5, "ms", fields)
    client.track_error("ValueError", "Failed to connect", "trace", fields)
    client.track_system_info()
calls()
tracemalloc.start()
calls()  # what the interpreter itself keeps of a first call under tracemalloc
before = tracemalloc.get_traced_memory()[0]
tracemalloc.reset_peak()
for _ in range(1000):
    calls()
now, peak = tracemalloc.get_traced_memory()
assert client._event_queue.qsize() == 0
print(json.dumps([now - before, peak - before]))
"""


def test_a_disabled_client_allocates_nothing_and_opens_nothing(house: House) -> None:
    house.start_daemon()
    prelude = "import json, os\nopened = len(os.listdir('/proc/self/fd'))\n" + MYCELIUM
    after = "assert opened == len(os.listdir('/proc/self/fd'))\n"
    done = house.run_client(prelude + "client = TelemetryClient()\n" + ALLOCATED + after)
    kept, peak = json.loads(done.stdout)
    # 4,000 calls keep not even one object each, and none needs more than its own frame at a time.
    assert kept < 1000
    assert peak < 4000
