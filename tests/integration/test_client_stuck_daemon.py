"""A daemon that stops, dies or is replaced: no call waits for it, and what it did not take its successor gets."""

from __future__ import annotations

import signal
import time

import pytest

from support.house import House
from support.outcomes import assert_silent
from support.products import CONNECT, acme
from support.waiting import until

STRICT = ("-X", "dev", "-W", "error")
BURST = "[telemetry.count('feature.search') for _ in range(20000)]"
#: Different names: each is an entry of its own on the wire, so that a stopped daemon's socket fills up.
FILL = """
for round in range(400):
    for number in range(400):
        telemetry.count("feature.fill-%d" % number)
    telemetry.flush(0)
"""

#: As the tools do with which test suites stop the time: in every module, by whatever name it has the clock.
FREEZE = """
import sys, time
frozen = dict.fromkeys((time.monotonic, time.perf_counter, time.time), lambda: 5.0)
for module in list(sys.modules.values()):
    for name, found in list(vars(module).items()):
        if type(found) is type(len) and found in frozen:
            setattr(module, name, frozen[found])
"""


def test_a_stopped_daemon_is_counted_for_and_gets_all_when_it_goes_on(house: House) -> None:
    daemon = house.start_daemon()
    client = house.live_client(acme(), *STRICT)
    client.do("telemetry.count('feature.before')")
    assert client.ask("telemetry.flush(5)") is True
    daemon.process.send_signal(signal.SIGSTOP)
    client.do(BURST)
    client.do(FILL)
    assert client.ask("telemetry.flush(0.05)") is False  # its buffer is full by now
    daemon.process.send_signal(signal.SIGCONT)
    until(lambda: client.ask("telemetry.flush(1)"), "a daemon that takes events again")
    assert client.end() == (0, "")
    expected = {"feature.before": 1, "feature.search": 20_000}
    house.await_counters(expected | {f"feature.fill-{number}": 400 for number in range(400)})


def test_a_process_ends_before_a_stopped_daemon(house: House) -> None:
    daemon = house.start_daemon()
    daemon.process.send_signal(signal.SIGSTOP)
    assert_silent(house.run_client(acme() + BURST + "\ntelemetry.observe('latency.search', 1.0)\n", *STRICT))
    assert_silent(house.run_client(acme() + FILL, *STRICT))
    daemon.process.send_signal(signal.SIGCONT)


def test_a_process_whose_clock_is_frozen_ends_before_a_stopped_daemon_too(house: House) -> None:
    daemon = house.start_daemon()
    daemon.process.send_signal(signal.SIGSTOP)
    code = acme() + FREEZE + "telemetry.count('feature.search')\nassert not telemetry.flush(0.1)\n"
    assert_silent(house.run_client(code, *STRICT))
    daemon.process.send_signal(signal.SIGCONT)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_daemon_that_is_replaced_in_the_middle_of_a_burst_loses_nothing(house: House, how: signal.Signals) -> None:
    daemon = house.start_daemon()
    client = house.live_client(acme(), *STRICT)
    client.do(CONNECT)
    client.do(
        "import threading\ntotal = 0\nstop = False\n"
        "def work():\n    global total\n    while not stop: telemetry.count('feature.search'); total += 1\n"
        "thread = threading.Thread(target=work); thread.start()"
    )
    for _ in range(3):
        until(lambda: house.held().get("feature.search"), "numbers of the burst")
        assert daemon.stop(how) == 0
        daemon = house.start_daemon()
    client.do("stop = True; thread.join()")
    assert client.ask("telemetry.flush(10)") is True
    total = client.ask("total")
    assert client.end() == (0, "")
    until(lambda: house.held().get("feature.search") == total, lambda: f"{total} in {house.held()}")


def test_a_daemon_that_is_killed_costs_only_what_it_had_not_kept(house: House) -> None:
    daemon = house.start_daemon()
    client = house.live_client(acme(), *STRICT)
    client.do(CONNECT)
    client.do("telemetry.count('feature.before', 5)")
    house.await_counters({"feature.before": 5} | {"cli.connect": house.held()["cli.connect"]})
    daemon.kill()
    client.do("telemetry.count('feature.between', 11)")
    house.start_daemon()
    client.do("telemetry.count('feature.after', 13)")
    assert client.ask("telemetry.flush(10)") is True
    assert client.end() == (0, "")
    house.settle()
    held = house.held()
    assert held["feature.between"] == 11
    assert held["feature.after"] == 13


def test_what_is_held_for_an_absent_daemon_is_bounded_and_its_loss_is_told(house: House) -> None:
    daemon = house.start_daemon()
    client = house.live_client(acme(), *STRICT)
    client.do("telemetry.count('feature.before')")
    assert client.ask("telemetry.flush(5)") is True
    daemon.kill()
    # Not all names there are: the daemon itself takes only so many, and would count the rest together.
    client.do("[telemetry.count('feature.n-%d' % (number % 500)) for number in range(20000)]; telemetry.flush(0)")
    client.do("[telemetry.observe('latency.search', 1.0) for number in range(200000)]; telemetry.flush(0)")
    house.start_daemon()
    assert client.ask("telemetry.flush(10)") is True
    assert client.end() == (0, "")
    house.settle()
    beat = house.beat()
    assert sum(number for name, number in beat["counters"].items() if name.startswith("feature.n-")) == 20_000
    assert beat["distributions"]["latency.search"]["count"] == 4096
    assert beat["dropped"]["lost"] == 200_000 - 4096

def test_a_burst_before_a_daemon_that_is_slow_to_answer_is_held_whole(house: House) -> None:
    daemon = house.start_daemon()
    client = house.live_client(acme(), *STRICT)
    daemon.process.send_signal(signal.SIGSTOP)
    client.do("for _ in range(4000): telemetry.observe('latency.one', 1.0); telemetry.observe('latency.two', 1.0)")
    assert client.ask("telemetry.flush(0.05)") is False
    daemon.process.send_signal(signal.SIGCONT)
    until(lambda: client.ask("telemetry.flush(1)"), "a daemon that takes events again")
    assert client.end() == (0, "")
    house.settle()
    beat = house.beat()
    assert {name: each["count"] for name, each in beat["distributions"].items()} == {
        "latency.one": 4000,
        "latency.two": 4000,
    }


# Stops where a client is when the daemon has answered and the first frame is not yet on its way.
IN_HANDSHAKE = """
import time
from daybeat import sender
(ours,) = sender._senders.values()
ours._connection, ours._connections = ours._connect(time.monotonic() + 5), 1
assert ours._connection.shake_hands(time.monotonic() + 5)
"""


def test_a_daemon_stopped_in_the_middle_of_a_handshake_takes_the_frame_that_ends_it(house: House) -> None:
    daemon = house.start_daemon()
    client = house.live_client(acme(), *STRICT)
    client.do(IN_HANDSHAKE)
    daemon.process.send_signal(signal.SIGSTOP)
    time.sleep(2.5)
    client.do("telemetry.count('feature.search')")
    assert client.end() == (0, "")
    daemon.process.send_signal(signal.SIGCONT)
    house.await_counters({"feature.search": 1})
