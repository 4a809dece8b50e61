"""Forks where they hurt: in the middle of bursts, by the hundred, from threads and from C."""

from __future__ import annotations

import sys

import pytest

from support.house import House
from support.outcomes import assert_silent
from support.products import acme

#: Not "error": that hides the warning of a fork with threads, which this makes the interpreter print each time.
STRICT = ("-X", "dev", "-W", "always")

# The tail of a burst is alive at nearly every one of these forks, and Python 3.12+ would warn of it.
BURSTS = """
import os
for number in range(60):
    for _ in range(50):
        telemetry.count("feature.parent")
    telemetry.observe("latency.parent", 1.0)
    pid = os.fork()
    if pid == 0:
        for _ in range(10):
            telemetry.count("feature.child")
        telemetry.observe("latency.child", 1.0)
        telemetry.flush(5)
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0
"""

PREFORK = """
import os, signal, sys, time
telemetry.count("feature.master")
workers = []
for _ in range(6):
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        for _ in range(500):
            telemetry.count("feature.request")
        telemetry.flush(5)
        os.write(ready, b".")
        while True:  # not signal.pause(): a signal that comes just before it would be slept through
            time.sleep(0.05)
    workers.append(pid)
"""

MASTER = """
got = b""
while len(got) < 6:
    got += os.read(done, 6)
telemetry.count("feature.master", 2)
for pid in workers:
    os.kill(pid, signal.SIGTERM)
assert [os.waitpid(pid, 0)[1] for pid in workers] == [0] * 6
"""

FROM_C = """
import ctypes, os
libc = ctypes.PyDLL(None)  # keeps the interpreter's lock, as a host's extension module may
for number in range(5):
    telemetry.count("feature.parent")
    {calm}
    pid = libc.fork()
    if pid == 0:
        telemetry.count("feature.child", 3)
        telemetry.flush(5)
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0
"""

THREADS = """
import os, threading, warnings
warnings.simplefilter("ignore")  # the host's own threads are the host's own matter
stop = False
def burst():
    number = 0
    while not stop:
        telemetry.count("feature.parent"); number += 1
    totals.append(number)
def fork():
    for _ in range(15):
        telemetry.count("feature.forker")
        pid = os.fork()
        if pid == 0:
            telemetry.count("feature.child")
            telemetry.observe("latency.child", 2.0)
            telemetry.flush(5)
            os._exit(0)
        statuses.append(os.waitpid(pid, 0)[1])
totals, statuses = [], []
bursts = [threading.Thread(target=burst) for _ in range(3)]
forkers = [threading.Thread(target=fork) for _ in range(2)]
for thread in bursts + forkers: thread.start()
for thread in forkers: thread.join()
stop = True
for thread in bursts: thread.join()
assert statuses == [0] * 30, statuses
telemetry.count("feature.expected", sum(totals))
"""


def test_forks_in_the_middle_of_bursts_lose_and_double_nothing(house: House) -> None:
    house.start_daemon()
    assert_silent(house.run_client(acme() + BURSTS, *STRICT))
    house.await_counters({"feature.parent": 3000, "feature.child": 600})
    latencies = house.beat()["distributions"]
    assert (latencies["latency.parent"]["count"], latencies["latency.child"]["count"]) == (60, 60)


def test_forks_without_a_daemon_are_silent(house: House) -> None:
    assert_silent(house.run_client(acme() + BURSTS, *STRICT))


def test_a_prefork_server_counts_in_every_worker(house: House) -> None:
    house.start_daemon()
    code = acme() + "import os\ndone, ready = os.pipe()\n" + PREFORK + MASTER
    assert_silent(house.run_client(code, *STRICT))
    house.await_counters({"feature.master": 3, "feature.request": 3000})
    assert house.beat()["fleet"]["processes"] == 7


@pytest.mark.parametrize("calm", ["pass", "telemetry.flush(5)"], ids=["in a burst", "flushed"])
def test_a_fork_that_python_does_not_see_counts_each_event_once(house: House, calm: str) -> None:
    house.start_daemon()
    # In a burst the tail of the parent may be at work while C forks: only what was handed over before is certain.
    assert_silent(house.run_client(acme() + FROM_C.format(calm=calm)))
    house.await_counters({"feature.parent": 5, "feature.child": 15})


def test_forks_from_threads_beside_counting_threads_are_exact(house: House) -> None:
    house.start_daemon()
    assert_silent(house.run_client(acme() + THREADS))
    house.settle()
    held = house.held()
    assert held["feature.parent"] == held["feature.expected"]
    assert (held["feature.forker"], held["feature.child"]) == (30, 30)
    assert house.beat()["distributions"]["latency.child"]["count"] == 30


@pytest.mark.skipif(sys.version_info < (3, 12), reason="Python 3.11 does not warn of a fork with threads")
def test_the_warning_of_forks_with_threads_would_be_seen(house: House) -> None:
    """The tests above prove something only if the interpreter does warn of a living thread."""
    thread = "import os, threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\n"
    code = thread + "os.fork() or os._exit(0)"
    assert "DeprecationWarning" in house.python(*STRICT, "-c", code).stderr
