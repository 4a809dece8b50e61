"""Exceptions that fall into the client from outside: a deadline's handler, the end of the stack, greenlets for threads.

They are the host's own: none is swallowed, and nothing stays locked, forgotten or counted twice behind them.
"""

from __future__ import annotations

import os
import signal
import socket

import pytest

from support.house import House
from support.outcomes import assert_silent
from support.products import acme

STRICT = ("-X", "dev", "-W", "error")

DEADLINES = """
import signal
class Deadline({base}):
    pass
rung = caught = 0
def ring(*_):
    global rung
    rung += 1
    raise Deadline
telemetry.count("feature.counted")
assert telemetry.flush(20)
signal.signal(signal.SIGALRM, ring)
def work(before):
    signal.setitimer(signal.ITIMER_REAL, 0.0005 + rung % 7 * 0.0003)
    while rung == before:
        telemetry.count("feature.counted")
        telemetry.flush(1)
while rung < 500:
    try:  # around a call: 3.13 leaves a loop's last jump out of it
        work(rung)
    except Deadline:
        caught += 1
signal.setitimer(signal.ITIMER_REAL, 0)
assert caught == rung, (caught, rung)
assert telemetry.flush(20)
assert telemetry._sender._exclusively(lambda: None)
telemetry.count("feature.caught", caught)
telemetry.count("feature.expected", telemetry._book.counters["counts", "feature.counted"].total)
"""

# The deadline rings before anything was handed over; what comes then is all there is until the process is killed.
ALONE = """
import os, signal, time
def ring(*_):
    raise TimeoutError
def interrupted():
    try:
        {call}
    except TimeoutError:
        return True
signal.signal(signal.SIGUSR1, ring)
counter = telemetry.counter("feature.counted")
counter.inc()
assert telemetry.flush(20)
sender = telemetry._sender
step = "{step}"
while sender._gathering:
    pass
sender._gathering, sender._handed_over = {gathering}, 0.0
setattr(sender, step, lambda *_: signal.raise_signal(signal.SIGUSR1))
assert interrupted()
sender._gathering = False
delattr(sender, step)
counter.inc(2)
for _ in range(100):  # of the tail's waits
    if sender._queue or sender._kept:
        time.sleep(0.03)
os.kill(os.getpid(), signal.SIGKILL)
"""

# Few frames are left at first, then more and more: what fails, fails at another step of the hand-over each time.
RECURSION = """
import sys
counter = telemetry.counter("feature.counted")
counter.inc()
assert telemetry.flush(20)
telemetry._sender._gathering = True  # as in a burst, whose tail leaves it to the flush
def depth():
    frame, found = sys._getframe(), 0
    while frame:
        frame, found = frame.f_back, found + 1
    return found
def deep(n):
    return deep(n - 1) if n else telemetry.flush(0.1)
for room in range(45):
    counter.inc(1000)
    try:
        deep(sys.getrecursionlimit() - depth() - room)
    except RecursionError:
        pass
assert telemetry.flush(20)
"""

# As gevent and eventlet do it: a "thread" that runs when the host lets it, which here is never.
GREENLETS = """
import _thread, os, time
started = []
_thread.start_new_thread = lambda *function: started.append(function)
for _ in range(1000):
    telemetry.count("feature.counted")
    telemetry.observe("latency.counted", 1.0)
if os.fork() == 0:
    telemetry.count("feature.child")
    os._exit(not telemetry.flush(20))
assert os.wait()[1] == 0
assert not started and not telemetry._sender._tails
"""


@pytest.mark.parametrize("base", ["Exception", "TimeoutError"])
def test_a_deadline_of_the_hosts_is_raised_and_costs_what_was_on_its_way_at_most(house: House, base: str) -> None:
    house.start_daemon()
    assert_silent(house.run_client(acme() + DEADLINES.format(base=base), *STRICT))
    house.settle()
    held = house.held()
    assert 0 <= held["feature.expected"] - held["feature.counted"] <= held["feature.caught"]


@pytest.mark.parametrize(
    ("call", "step", "gathering"),
    [("counter.inc()", "_write_through", False), ("counter.inc(); telemetry.flush(1)", "_pump", True)],
    ids=["count", "flush"],
)
def test_after_a_deadline_a_counter_that_is_alone_is_handed_over(
    house: House, call: str, step: str, gathering: bool
) -> None:
    house.start_daemon()
    done = house.python("-c", acme() + ALONE.format(call=call, step=step, gathering=gathering))
    assert (done.returncode, done.stderr) == (-signal.SIGKILL, "")
    house.await_counters({"feature.counted": 4})


def test_near_the_end_of_the_stack_no_count_is_lost(house: House) -> None:
    house.start_daemon()
    assert_silent(house.run_client(acme() + RECURSION, *STRICT))
    house.await_counters({"feature.counted": 45_001})


def test_a_host_with_greenlets_for_threads_is_handed_over_for_without_them(house: House) -> None:
    house.start_daemon()
    assert_silent(house.run_client(acme() + GREENLETS, *STRICT))
    house.await_counters({"feature.counted": 1000, "feature.child": 1})
    assert house.beat()["distributions"]["latency.counted"]["count"] == 1000


@pytest.mark.parametrize("timeout", ["nan", "-inf"])
def test_a_flush_that_is_told_no_time_ends_before_a_daemon_that_does_not_answer(house: House, timeout: str) -> None:
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(os.fspath(house.runtime / "ingest.sock"))
        silent.listen()
        code = "import time\ntelemetry.count('feature.counted')\n" + 9 * (
            f"time.sleep(0.05)\nassert not telemetry.flush(float('{timeout}'))\n"
        )
        assert_silent(house.run_client(acme() + code, *STRICT))


@pytest.mark.parametrize("timeout", ["float('inf')", "1e300", "10**400"])
def test_a_flush_that_is_told_for_ever_hands_over(house: House, timeout: str) -> None:
    house.start_daemon()
    code = f"telemetry.count('feature.counted', 7)\nassert telemetry.flush({timeout})"
    assert_silent(house.run_client(acme() + code, *STRICT))
    house.await_counters({"feature.counted": 7})
