"""Threads, signal handlers and finalizers that count at any moment: exact totals, no deadlock, nothing said."""

from __future__ import annotations

import pytest

from support.house import House
from support.outcomes import assert_silent
from support.products import acme

STRICT = ("-X", "dev", "-W", "error")

# Numbers are drawn anew for each run by the interpreter's switching; the totals must hold for every interleaving.
THREADS = """
import sys, threading
sys.setswitchinterval(1e-5)
search = telemetry.counter("feature.handle")
start = threading.Barrier(32)
def work(number):
    start.wait()
    for step in range(1000):
        search.inc()
        telemetry.count("feature.name")
        telemetry.count("feature.one-of-%d" % (step % 40), 2)
        if step % 10 == 0:
            telemetry.observe("latency.plain", 1.0, "ms")
            telemetry.observe("latency.tagged", 1.0, tags={"operation": "search"})
threads = [threading.Thread(target=work, args=(number,)) for number in range(32)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""

# A tracer runs Python before any line, and there another thread may take what was counted.
TRACED = """
import sys, threading
def trace_at(line):
    seen = []
    def local(frame, event, argument):
        seen.append(event)
        if seen.count("line") == line and event == "line":
            taker = threading.Thread(target=telemetry.flush, args=(5,))
            taker.start()
            taker.join()
        return local
    return lambda frame, event, argument: local if frame.f_code.co_name in ("inc", "count") else None
for line in range(1, 9):
    names = f"feature.handle-{line}", f"feature.name-{line}"  # of its own: a later count would take the lost one along
    for call in (telemetry.counter(names[0]).inc, lambda: telemetry.count(names[1])):
        call(); call()  # the second is gathered: the sender will look at the handle
        sys.settrace(trace_at(line))
        call()
        sys.settrace(None)
"""

HANDLER = """
import signal, sys, threading, time
sys.setswitchinterval(1e-4)
handled = 0
def handler(*_):
    global handled
    handled += 1
    telemetry.count("feature.handled")
    telemetry.observe("latency.handled", 1.0)
signal.signal(signal.SIGALRM, handler)
signal.setitimer(signal.ITIMER_REAL, 0.002, 0.002)
def work():
    for _ in range(20000):
        telemetry.count("feature.counted")
threads = [threading.Thread(target=work) for _ in range(3)]
for thread in threads: thread.start()
for _ in range(20000):
    telemetry.count("feature.counted")
    if _ % 1000 == 0:
        telemetry.flush(0.2)
while handled < 500:
    telemetry.count("feature.waiting")
for thread in threads: thread.join()
signal.setitimer(signal.ITIMER_REAL, 0)
telemetry.count("feature.expected", handled)
"""

FINALIZERS = """
import gc, threading
gc.set_threshold(1)
class Noisy:
    def __init__(self):
        self.ring = self
    def __del__(self):
        telemetry.count("feature.finalized")
        telemetry.observe("latency.finalized", 1.0)
def work():
    for _ in range(1000):
        Noisy()
        telemetry.count("feature.counted")
threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
gc.set_threshold(700)
gc.collect()
"""

AT_SHUTDOWN = """
class Late:
    def __del__(self):
        telemetry.count("feature.late")
        telemetry.observe("latency.late", 1.0)
        telemetry.error(ValueError())
        telemetry.flush(0.1)
late = Late()
telemetry.late = late  # a ring through our own object
import builtins
builtins.last = Late()
telemetry.count("feature.counted")
"""

LOADED = """
telemetry.count("feature.first")
assert telemetry.flush(5)
"""

# As where memory ends: nothing can be noted for a while, and the counts go on.
MEMORY = """
from collections import deque
class Full(deque):
    def append(self, handle):
        raise MemoryError
class FullList(list):
    append = Full.append
sender, queue = telemetry._sender, telemetry._sender._queue
search = telemetry.counter("feature.counted")
search.inc()
telemetry.observe("latency.counted", 1.0)
assert telemetry.flush(20)
series = telemetry._book.series["latency.counted", "1", ()]
sender._queue, series.values = Full(), FullList()
search.inc(2)
telemetry.count("feature.counted", 4)
telemetry.observe("latency.counted", 1.0)
sender._queue, series.values = queue, []
search.inc(8)
telemetry.observe("latency.counted", 1.0)
assert telemetry.flush(20)
"""

INTERRUPTED = """
import os, signal, time
def work():
    total = 0
    while True:
        telemetry.count("feature.counted")
        total += 1
        if total % 7 == 0:
            time.sleep(0.0001)
signal.signal(signal.SIGALRM, signal.default_int_handler)
for _ in range(100):
    try:  # around the timer too: on a busy machine it may ring before the next line
        signal.setitimer(signal.ITIMER_REAL, 0.0031)
        work()
    except KeyboardInterrupt:
        pass
signal.setitimer(signal.ITIMER_REAL, 0)
assert telemetry.flush(5)
telemetry.count("feature.afterwards")
"""


def test_32_threads_lose_nothing(house: House) -> None:
    house.start_daemon()
    assert_silent(house.run_client(acme(tags={"operation": ["search"]}) + THREADS, *STRICT))
    expected = {"feature.handle": 32_000, "feature.name": 32_000}
    house.await_counters(expected | {f"feature.one-of-{number}": 1600 for number in range(40)})
    latencies = house.beat()["distributions"]
    assert latencies["latency.plain"]["count"] == latencies["latency.tagged{operation=search}"]["count"] == 3200


def test_what_is_taken_between_two_lines_is_not_lost(house: House) -> None:
    house.start_daemon()
    assert_silent(house.run_client(acme() + TRACED, *STRICT))
    house.await_counters({f"feature.{call}-{line}": 3 for call in ("handle", "name") for line in range(1, 9)})


def test_a_handler_that_counts_500_times_a_second_over_counting_threads_is_exact(house: House) -> None:
    house.start_daemon()
    assert_silent(house.run_client(acme() + HANDLER, *STRICT))
    house.settle()
    held = house.held()
    assert held["feature.counted"] == 80_000
    assert held["feature.handled"] == held["feature.expected"] >= 500
    assert house.beat()["distributions"]["latency.handled"]["count"] == held["feature.handled"]


def test_finalizers_that_count_in_any_collection_are_exact(house: House) -> None:
    house.start_daemon()
    assert_silent(house.run_client(acme() + FINALIZERS, *STRICT))
    house.await_counters({"feature.finalized": 4000, "feature.counted": 4000})
    assert house.beat()["distributions"]["latency.finalized"]["count"] == 4000


@pytest.mark.parametrize("with_daemon", [True, False], ids=["daemon", "alone"])
def test_finalizers_at_the_interpreters_end_are_silent(house: House, with_daemon: bool) -> None:
    if with_daemon:
        house.start_daemon()
    assert_silent(house.run_client(acme() + AT_SHUTDOWN, *STRICT))
    if with_daemon:
        house.settle()
        assert house.held()["feature.counted"] == 1


@pytest.mark.parametrize("loaded", [True, False], ids=["loaded", "loading"])
def test_an_interrupt_anywhere_leaves_a_client_that_counts_on(house: House, loaded: bool) -> None:
    """Control-C may fall between any two instructions of ours: nothing may stay locked or forgotten behind it.

    Python's own import leaves a file open when it is interrupted, and warns of that in its strict modes.
    """
    house.start_daemon()
    code, flags = (LOADED + INTERRUPTED, STRICT) if loaded else (INTERRUPTED, ())
    assert_silent(house.run_client(acme() + code, *flags))
    house.settle()
    assert house.held()["feature.afterwards"] == 1


def test_the_hosts_wakeup_descriptor_is_left_alone(house: House) -> None:
    house.start_daemon()
    code = """
import os, signal
reader, writer = os.pipe()
os.set_blocking(writer, False)
signal.signal(signal.SIGUSR1, lambda *_: None)
signal.set_wakeup_fd(writer)
for _ in range(100):
    telemetry.count("feature.search")
os.kill(os.getpid(), signal.SIGUSR1)
telemetry.flush(5)
assert os.read(reader, 10) == bytes([signal.SIGUSR1])
assert signal.set_wakeup_fd(-1) == writer
"""
    assert_silent(house.run_client(acme() + code, *STRICT))
    house.await_counters({"feature.search": 100})


def test_where_memory_ends_nothing_is_raised_and_counts_go_on(house: House) -> None:
    house.start_daemon()
    assert_silent(house.run_client(acme() + MEMORY, *STRICT))
    house.await_counters({"feature.counted": 15})
    assert house.beat()["distributions"]["latency.counted"]["count"] == 2


def test_a_flush_that_interrupts_the_hand_over_does_not_wait_for_it(house: House) -> None:
    """As of a signal handler that falls in right after the lock was taken."""
    house.start_daemon()
    code = """
telemetry.count("feature.counted")
assert telemetry.flush(20)
telemetry._sender._busy.acquire()
telemetry.count("feature.counted", 2)
assert not telemetry.flush(3600)
telemetry._sender._busy.release()
assert telemetry.flush(20)
"""
    assert_silent(house.run_client(acme() + code, *STRICT))
    house.await_counters({"feature.counted": 3})
