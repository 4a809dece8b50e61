"""The daemon goes, on a signal or without warning: what was counted is in the store or at its successor."""

from __future__ import annotations

import signal
import time

import pytest

from support.house import House
from support.products import CONNECT, acme, file
from support.waiting import until

BUSY = """
import time
total = 0
def work(rounds):
    global total
    for number in range(rounds):
        for _ in range(20):
            telemetry.count("feature.search")
        total += 20
        time.sleep(0.005)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_what_was_flushed_before_the_signal_is_in_the_store_after_it(
    house: House, number: signal.Signals
) -> None:
    for round_ in range(1, 4):
        daemon = house.start_daemon()
        house.run_client(
            acme() + "for _ in range(500): telemetry.count('feature.search')\n"
            "telemetry.observe('latency.search', 2.5, unit='ms')\ntelemetry.error(KeyError())\n"
            "assert telemetry.flush(5)\n"
        )
        assert daemon.stop(number) == 0, daemon.log
        assert not (house.runtime / "ingest.sock").exists() or not house.accepting()
        successor = house.start_daemon()
        house.await_counters({"feature.search": 500 * round_})
        beat = house.beat()
        assert beat["distributions"]["latency.search"]["count"] == round_
        assert beat["errors"] == {"KeyError": round_}
        assert beat["fleet"]["processes"] == round_
        successor.stop()


def test_nothing_of_the_daemon_outlives_it(house: House) -> None:
    daemon = house.start_daemon()
    house.run_client(acme(file(str(house.root / "out.jsonl"))) + "telemetry.count('cli.run')")
    house.await_counters({"cli.run": 1})
    house.send("acme")  # the courier child is up now
    daemon.stop()
    until(lambda: not house.left_alive(), lambda: f"still alive: {house.left_alive()}")


def test_a_kill_loses_nothing_older_than_the_commit_interval(house: House) -> None:
    daemon = house.start_daemon()
    house.run_client(acme() + "telemetry.count('feature.search', 7)")
    house.await_counters({"feature.search": 7})
    time.sleep(3)  # the promise is 1 s; a commit that is later than 3 s is a broken one
    daemon.kill()
    house.start_daemon()
    house.await_counters({"feature.search": 7})


def test_counts_made_while_no_daemon_runs_reach_the_next_one(house: House) -> None:
    daemon = house.start_daemon()
    client = house.live_client(acme())
    client.do("telemetry.count('feature.search', 3); telemetry.flush(5)")
    daemon.stop()
    client.do(
        "for _ in range(1000): telemetry.count('feature.search')\n"
        "for value in (1.0, 2.0, 3.0): telemetry.observe('latency.search', value, unit='ms')\n"
        "telemetry.error(ValueError())\n"
    )
    assert client.ask("telemetry.flush(0.2)") is False
    house.start_daemon()
    client.do(CONNECT)
    assert client.ask("telemetry.flush(5)") is True
    until(lambda: house.held().get("feature.search") == 1003, lambda: f"1003 in {house.held()}")
    beat = house.beat()
    latency = beat["distributions"]["latency.search"]
    assert (latency["count"], latency["sum"]) == (3, 6.0)
    assert beat["errors"] == {"ValueError": 1}
    assert beat["dropped"]["lost"] == 0
    assert client.end() == (0, "")


def test_busy_clients_lose_nothing_over_a_restart(house: House) -> None:
    daemon = house.start_daemon()
    clients = [house.live_client(acme() + CONNECT + BUSY) for _ in range(3)]
    for client in clients:
        client.do("import threading; thread = threading.Thread(target=work, args=(300,)); thread.start()")
    until(lambda: house.held().get("feature.search", 0) > 200, "events before the restart")
    assert daemon.stop() == 0, daemon.log
    successor = house.start_daemon()
    for client in clients:
        client.do("thread.join()\n" + CONNECT)
        assert client.ask("telemetry.flush(5)") is True
    total = sum(client.ask("total") for client in clients)
    assert total == 3 * 300 * 20
    until(lambda: house.held().get("feature.search") == total, lambda: f"{total} in {house.held()}")
    assert successor.running
    assert [client.end() for client in clients] == [(0, "")] * 3
