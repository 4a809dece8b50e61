"""Records from a real client to a real daemon: none is lost, none is twice, and what is too long is counted."""

from __future__ import annotations

import signal

import pytest

from support.house import House
from support.products import CONNECT, acme
from support.waiting import until

EVENTS = {"delivery": "events", "declare": ["agent_usage", "cli.*"]}
USAGE = {"agent_id": "a", "operation": "discover"}


def test_a_record_is_counted_under_heartbeat(house: House) -> None:
    house.start_daemon()
    house.run_client(acme(declare=["agent_usage"]) + f"telemetry.event('agent_usage', {USAGE})")
    house.await_counters({"agent_usage": 1})


def test_calm_and_burst_arrive_whole(house: House) -> None:
    house.start_daemon()
    code = acme(**EVENTS) + f"import time\ntelemetry.event('agent_usage', {USAGE})\ntime.sleep(0.1)\n"
    house.run_client(code + f"for _ in range(5000): telemetry.event('agent_usage', {USAGE})\ntelemetry.flush(30)")
    house.await_counters({"agent_usage": 5001})


def test_a_record_over_the_limit_is_dropped_and_counted(house: House) -> None:
    house.start_daemon()
    house.run_client(acme(**EVENTS) + "telemetry.event('agent_usage', {'agent_id': 'x' * 20000})\ntelemetry.flush()")
    house.settle()
    assert house.beat()["dropped"]["overflow"] == 1


def test_what_no_record_has_stays_in_the_process_and_costs_no_event(house: House) -> None:
    house.start_daemon()
    more = "{'prompt': 'x' * 20000, **{f'x{i}': i for i in range(100)}}"
    house.run_client(acme(**EVENTS) + f"telemetry.event('agent_usage', {more} | {USAGE})\ntelemetry.flush()")
    house.settle()
    beat = house.beat()
    assert (beat["counters"], set(beat["dropped"].values())) == ({"agent_usage": 1}, {0})


def test_records_are_held_while_the_daemon_is_away_and_those_beyond_are_counted(house: House) -> None:
    daemon = house.start_daemon()
    client = house.live_client(acme(**EVENTS) + CONNECT)
    assert client.ask("telemetry.flush(1)")
    assert daemon.stop() == 0
    client.do(f"for _ in range(600): telemetry.event('agent_usage', {USAGE})")
    assert client.ask("(telemetry.flush(), telemetry.waiting)[1]") == 512
    house.start_daemon()
    client.do("while not telemetry.flush(1): pass")
    assert client.ask("telemetry.waiting") == 0
    house.settle()
    beat = house.beat()
    assert beat["counters"]["agent_usage"] == 512
    assert beat["dropped"]["lost"] == 88


@pytest.mark.parametrize("last", ["", "telemetry.close()"], ids=["exit", "close"])
def test_what_a_stopped_daemon_has_not_taken_at_an_exit_is_counted(house: House, last: str) -> None:
    daemon = house.start_daemon()
    burst = f"os.kill({daemon.pid}, signal.SIGSTOP)\nfor _ in range(20000): telemetry.event('agent_usage', {USAGE})\n"
    house.run_client("import os, signal\n" + acme(**EVENTS) + CONNECT + burst + last)
    daemon.process.send_signal(signal.SIGCONT)

    def told() -> int:
        (beat,) = house.beats()
        taken, lost = beat["counters"].get("agent_usage", 0), beat["dropped"]["lost"]
        assert lost == 0 or lost > 10_000, "more than the socket and the process can hold"
        return int(taken + lost)

    until(lambda: told() == 20_000, lambda: f"20,000 taken or lost, told are {told()}")


def test_a_forked_child_sends_its_own_alone(house: House) -> None:
    house.start_daemon()
    code = acme(**EVENTS) + CONNECT + f"import os\nfor _ in range(100): telemetry.event('agent_usage', {USAGE})\n"
    house.run_client(
        code + f"pid = os.fork()\ntelemetry.event('agent_usage', {USAGE})\n"
        "if not pid: telemetry.flush(5); os._exit(0)\nos.waitpid(pid, 0)\n"
    )
    house.settle()
    assert house.held()["agent_usage"] == 102
