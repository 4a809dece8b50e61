"""Fleets: 256 processes that count at once, forks among them, a daemon that is replaced. Every total is exact."""

from __future__ import annotations

import pytest

from support.house import House
from support.outcomes import assert_silent
from support.products import acme
from support.waiting import until

PROCESSES = 256
COUNTS = 10_000

# The launcher has never seen daybeat: each child does what any program does, import to exit, without the start of an
# interpreter. All wait at a pipe until the last is there.
FLEET = """
import os, sys
import msgpack
gate, opener = os.pipe()
children = []
for number in range({processes}):
    pid = os.fork()
    if pid == 0:
        os.close(opener)
        {product}
        os.read(gate, 1)
        for _ in range({counts}):
            telemetry.count("feature.search")
        {extra}
        sys.exit(0)
    children.append(pid)
os.close(opener)
statuses = [os.waitpid(pid, 0)[1] for pid in children]
assert statuses == [0] * len(children), statuses
"""

FORKS = """
        if number % 4 == 0:
            if os.fork() == 0:
                telemetry.count("feature.child", 3)
                sys.exit(0)
            telemetry.count("feature.parent")
            assert os.wait()[1] == 0
"""


def _fleet(extra: str = "", processes: int = PROCESSES) -> str:
    product = "\n        ".join(acme().strip().splitlines())
    return FLEET.format(processes=processes, counts=COUNTS, product=product, extra=extra.strip())


def test_256_processes_at_once_are_exact(house: House) -> None:
    house.start_daemon()
    assert_silent(house.run_script(_fleet()))
    house.await_counters({"feature.search": PROCESSES * COUNTS})
    assert house.beat()["fleet"]["processes"] == PROCESSES


def test_with_forks_among_them_all_are_exact(house: House) -> None:
    house.start_daemon()
    assert_silent(house.run_script(_fleet(FORKS, processes=64)))
    house.await_counters({"feature.search": 64 * COUNTS, "feature.parent": 16, "feature.child": 48})


@pytest.mark.parametrize("restarts", [1, 3])
def test_a_daemon_replaced_in_the_middle_loses_nothing_of_standing_clients(house: House, restarts: int) -> None:
    """Each client has met the daemon; those that come while none is there drop what they count, as they should."""
    daemon = house.start_daemon()
    clients = [house.live_client(acme()) for _ in range(24)]
    for client in clients:
        client.do("telemetry.count('feature.met')")
        assert client.ask("telemetry.flush(10)") is True
        client.do(
            "import threading, time\n"
            "def work():\n    for number in range(400):\n"
            "        for _ in range(25): telemetry.count('feature.search')\n        time.sleep(0.005)\n"
            "thread = threading.Thread(target=work); thread.start()"
        )
    for _ in range(restarts):
        until(lambda: house.held().get("feature.search"), "a part of the counts")
        assert daemon.stop() == 0
        daemon = house.start_daemon()
    for client in clients:
        client.do("thread.join()")
        assert client.ask("telemetry.flush(20)") is True
        assert client.end() == (0, "")
    house.await_counters({"feature.met": 24, "feature.search": 24 * COUNTS})


def test_a_daemon_killed_in_the_middle_costs_what_it_had_not_kept_and_no_more(house: House) -> None:
    """What a killed daemon had taken and not yet committed is gone; the test states how much that was."""
    daemon = house.start_daemon()
    clients = [house.live_client(acme()) for _ in range(8)]
    for client in clients:
        client.do("telemetry.count('feature.met')")
        assert client.ask("telemetry.flush(10)") is True
        client.do("[telemetry.count('feature.before') for _ in range(5000)]")
        assert client.ask("telemetry.flush(10)") is True
    until(lambda: house.held().get("feature.before") == 40_000, "all before the kill")
    daemon.kill()
    for client in clients:
        client.do("[telemetry.count('feature.after') for _ in range(5000)]")
    house.start_daemon()
    for client in clients:
        assert client.ask("telemetry.flush(20)") is True
        assert client.end() == (0, "")
    until(lambda: house.held().get("feature.after") == 40_000, lambda: f"all after the kill: {house.held()}")
    lost = 40_000 - house.held().get("feature.before", 0)
    print(f"a daemon killed at once after 40,000 counts had not kept {lost}")
    assert lost >= 0, "counted twice"
