"""Idun's telemetry from a real host through a real daemon to a real endpoint that takes PostHog's bodies."""

from __future__ import annotations

import json

import pytest

from support.collector import Answer, Collector
from support.house import House
from support.idun import (
    CALLS,
    COUNTED,
    IMPORT,
    RECORD,
    await_counted,
    await_sent,
    environ,
    sent,
    status,
)
from support.settings import configure


def test_importing_announces_the_product_once_in_its_life(house: House, collector: Collector) -> None:
    daemon = house.start_daemon()
    for _ in range(2):
        house.run_client(IMPORT, **environ(collector))
        (first,) = await_sent(collector, "First run")
    daemon.stop()
    house.start_daemon()
    house.run_client(IMPORT + CALLS, **environ(collector))
    await_counted(house, COUNTED)
    house.send("idun")
    assert len(sent(collector, "First run")) == 1
    (request, *_) = collector.requests
    assert request.path == "/batch/"
    assert b"phc_ours" in request.body
    facts = first["properties"]
    for name in ("pytest", "ipython", "colab"):
        assert facts[f"libraries.{name}"] is False
    assert {"libraries.idun", "os.containerized", "os.family", "os.machine", "python.version"} <= set(facts)


def test_each_framework_counts_under_its_own_name(house: House, collector: Collector) -> None:
    house.start_daemon()
    code = """
from enum import Enum
class Schema(Enum):
    ADK = "adk"
    OTHER = "SOMETHING_NEW"
for framework in AgentFramework: agent_running(framework)
class Hostile:
    def __getattr__(self, name): raise RuntimeError
    __str__ = __hash__ = __eq__ = __getattr__
for framework in (*Schema, "langgraph", "Haystack", None, 7, [], Hostile()): agent_running(framework)
"""
    house.run_client(IMPORT + code, **environ(collector))
    names = [
        "langgraph",
        "adk",
        "crewai",
        "haystack",
        "custom",
        "translation_agent",
        "correction_agent",
        "deep_research_agent",
    ]
    counted = dict.fromkeys(names, 1) | {"adk": 2, "langgraph": 2, "haystack": 2, "custom": 6}
    await_counted(house, {f"workflow.{name}.count": n for name, n in counted.items()})


def test_a_heartbeat_has_the_counters_and_begins_anew(house: House, collector: Collector) -> None:
    house.start_daemon()
    house.run_client(IMPORT + "set_version('1.4.0')\n" + CALLS, **environ(collector))
    await_counted(house, COUNTED)
    house.send("idun")
    (beat,) = await_sent(collector, "Heartbeat")
    for name, n in COUNTED.items():
        assert beat["properties"][name] == n
    assert beat["properties"]["libraries.idun"] == "1.4.0"
    assert status(house)["counters"] == {}
    assert status(house)["last_heartbeat_at"] is not None


def test_counters_are_shown_until_their_heartbeat_is_delivered(house: House, collector: Collector) -> None:
    house.start_daemon()
    house.run_client(IMPORT + "feature_used('guardrails')", **environ(collector))
    await_counted(house, {"feature.guardrails.count": 1})
    collector.answer(then=Answer(503))
    assert house.daybeat("send", "idun").returncode == 1
    assert status(house)["counters"] == {"feature.guardrails.count": 1}
    house.run_client(IMPORT + "feature_used('guardrails')", **environ(collector))
    await_counted(house, {"feature.guardrails.count": 2})
    collector.answer()
    house.send("idun")
    assert status(house)["counters"] == {}


def test_a_command_is_counted_with_its_success_and_duration(house: House, collector: Collector) -> None:
    house.start_daemon()
    code = """
@track_command("serve")
def serve(path, fail):
    "The command."
    if fail:
        raise ValueError(path)
    return path
assert serve("/home/jane", fail=False) == "/home/jane"
assert serve.__doc__ == "The command."
try:
    serve("/home/jane", fail=True)
except ValueError:
    pass
"""
    house.run_client(IMPORT + code, **environ(collector))
    await_counted(house, {"cli.serve.count": 2, "cli.serve.success": 1, "cli.serve.failure": 1})
    shown = house.daybeat("preview", "idun").stdout
    assert "cli.serve.duration" in shown
    assert "jane" not in shown


def test_a_coroutine_is_a_command_until_it_ends(house: House, collector: Collector) -> None:
    house.start_daemon()
    code = """
import asyncio, inspect
@track_command("serve")
async def serve(fail):
    await asyncio.sleep(0)
    if fail:
        raise ValueError("jane")
    return 7
assert inspect.iscoroutinefunction(serve)
assert asyncio.run(serve(False)) == 7
unawaited = serve(False)
unawaited.close()
try:
    asyncio.run(serve(True))
except ValueError:
    pass
"""
    house.run_client(IMPORT + code, **environ(collector))
    await_counted(house, {"cli.serve.count": 2, "cli.serve.success": 1, "cli.serve.failure": 1})


def test_how_a_command_leaves_says_whether_it_succeeded(house: House, collector: Collector) -> None:
    house.start_daemon()
    code = """
import sys
import click
from click.testing import CliRunner
@click.command()
@click.argument("way")
@click.pass_context
@track_command("serve")
def serve(context, way):
    if way == "abort":
        raise click.Abort
    if way == "usage":
        raise click.UsageError("jane")
    {"click": context.exit, "python": sys.exit}[way[:-1]](int(way[-1]))
for way, code in {"click0": 0, "python0": 0, "click3": 3, "python3": 3, "abort": 1, "usage": 2}.items():
    assert CliRunner().invoke(serve, [way]).exit_code == code
"""
    house.run_client(IMPORT + code, **environ(collector))
    await_counted(house, {"cli.serve.count": 6, "cli.serve.success": 2, "cli.serve.failure": 4})


def test_names_that_are_none_are_dropped(house: House, collector: Collector) -> None:
    house.start_daemon()
    bad = ["/home/jane/x.py", "jane@example.com", "my-api-key", "x" * 300, "a.b c?", "", None, 7.5, object]
    names = ", ".join("object()" if name is object else repr(name) for name in bad)
    house.run_client(IMPORT + f"for name in [{names}]: feature_used(name); agent_running(name)\n", **environ(collector))
    await_counted(house, {"workflow.custom.count": len(bad)})


@pytest.mark.parametrize("word", ["false", "0", "no", "off"])
def test_off_makes_nothing(house: House, collector: Collector, word: str) -> None:
    done = house.run_client(IMPORT + CALLS, IDUN_TELEMETRY_ENABLED=word, **environ(collector))
    assert done.stdout == done.stderr == ""
    made = [path for path in house.root.rglob("*") if path.name not in ("home", "run", "state", "config")]
    assert made == []
    house.start_daemon()
    house.run_client(IMPORT + CALLS, IDUN_TELEMETRY_ENABLED=word, **environ(collector))
    house.settle()
    assert collector.requests == []
    assert house.daybeat("status", "idun", "--json").returncode == 1, "nothing is known of it"


def test_the_record_is_shown_under_the_plans_names(house: House, collector: Collector) -> None:
    house.start_daemon()
    house.run_client(IMPORT + CALLS, **environ(collector))
    await_counted(house, COUNTED)
    shown = status(house)
    assert set(shown) >= RECORD
    assert shown["user_id"] == shown["install_id"]
    assert (shown["telemetry_enabled"], shown["counters"], shown["last_heartbeat_at"]) == (True, COUNTED, None)
    assert house.daybeat("off", "idun").returncode == 0
    assert status(house)["telemetry_enabled"] is False


def test_without_a_word_it_goes_to_the_project_of_the_plan(house: House) -> None:
    configure(house, "send = false\n")  # this test is about where it would go, and goes nowhere
    house.start_daemon()
    house.run_client(IMPORT + CALLS)
    await_counted(house, COUNTED)
    (body,) = house.daybeat("preview", "idun").stdout.splitlines()
    assert json.loads(body)["api_key"] == "FAKE-POSTHOF-API-KEY"
    (stream,) = status(house)["streams"]
    assert stream["destination"].startswith("posthog https://us.i.posthog.com ")
    assert stream["held"]


def test_a_host_notices_nothing_of_a_daemon_that_dies(house: House, collector: Collector) -> None:
    daemon = house.start_daemon(DAYBEAT_STATE_DIR="/dev/null/no-disk")
    client = house.live_client(IMPORT + CALLS, "-X", "dev", "-W", "error", **environ(collector))
    await_counted(house, COUNTED)
    collector.answer(then=Answer(hang_up=True))
    house.daybeat("send", "idun")
    client.do(CALLS)
    daemon.kill()
    client.do(CALLS)
    assert client.end() == (0, "")


def test_it_is_silent_without_a_daemon_and_with_broken_directories(house: House) -> None:
    for broken in ({}, {"DAYBEAT_RUNTIME_DIR": "/dev/null/x"}, {"HOME": "", "DAYBEAT_CONFIG_DIR": "relative"}):
        done = house.run_client(IMPORT + CALLS, "-W", "error", **broken)
        assert done.stdout == done.stderr == ""


def test_an_address_that_does_not_hold_switches_it_off_in_silence_under_strict_too(house: House) -> None:
    for strict in ("0", "1"):
        done = house.run_client(IMPORT + CALLS, IDUN_POSTHOG_HOST="http://example.com", DAYBEAT_STRICT=strict)
        assert done.stdout == done.stderr == ""
