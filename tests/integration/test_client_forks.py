"""Hosts that fork: parent and children count for themselves; nothing is lost, doubled, stuck or warned of."""

from __future__ import annotations

import pytest

from support.house import House
from support.outcomes import assert_silent
from support.products import acme

#: Not "error": that hides the warning of a fork with threads, which this makes the interpreter print each time.
STRICT = ("-X", "dev", "-W", "always")

FORK = """
import os, sys
telemetry.count("feature.parent", {before})
{flush}
children = []
for _ in range(4):
    pid = os.fork()
    if pid == 0:
        telemetry.count("feature.child", 10)
        telemetry.count("feature.child")
        {leave}
    children.append(pid)
telemetry.count("feature.parent", 5)
assert [os.waitpid(pid, 0)[1] for pid in children] == [0] * 4
telemetry.count("feature.parent", 7)
"""

POOL = """
import multiprocessing
import sys
{prelude}

def work(number):
    for _ in range(100):
        telemetry.count("feature.child")
    telemetry.observe("latency.child", float(number), unit="ms")

def main():
    context = multiprocessing.get_context("{method}")
    telemetry.count("feature.parent", 3)
    children = [context.Process(target=work, args=(number,)) for number in range(4)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0] * 4
    telemetry.count("feature.parent", 4)

if __name__ == "__main__":
    main()
"""

EXECUTOR = """
import concurrent.futures, multiprocessing
{prelude}

def work(number):
    telemetry.count("feature.child")
    return number

if __name__ == "__main__":
    context = multiprocessing.get_context("{method}")
    telemetry.count("feature.parent")
    with concurrent.futures.ProcessPoolExecutor(3, mp_context=context) as pool:
        assert sum(pool.map(work, range(60))) == 1770
    telemetry.count("feature.parent")
"""


@pytest.mark.parametrize("flush", ["telemetry.flush(5)", "pass"], ids=["flushed", "in a burst"])
@pytest.mark.parametrize("leave", ["sys.exit(0)", "telemetry.flush(5); os._exit(0)"], ids=["exit", "_exit"])
def test_os_fork_keeps_parent_and_children_exact(house: House, flush: str, leave: str) -> None:
    house.start_daemon()
    assert_silent(house.run_client(acme() + FORK.format(before=2, flush=flush, leave=leave), *STRICT))
    house.await_counters({"feature.parent": 14, "feature.child": 44})
    beat = house.beat()
    assert beat["fleet"]["processes"] == 5


def test_a_fork_before_the_first_event_keeps_both_exact(house: House) -> None:
    house.start_daemon()
    code = """
import os
pid = os.fork()
telemetry.count("feature.both")
if pid:
    assert os.waitpid(pid, 0)[1] == 0
"""
    assert_silent(house.run_client(acme() + code, *STRICT))
    house.await_counters({"feature.both": 2})


def test_a_fork_from_a_thread_in_a_burst_keeps_all_exact(house: House) -> None:
    house.start_daemon()
    code = """
import os, threading
def burst():
    for _ in range(2000):
        telemetry.count("feature.parent")
def forker():
    for _ in range(5):
        telemetry.count("feature.parent")
        pid = os.fork()
        if pid == 0:
            telemetry.count("feature.child")
            telemetry.flush(5)
            os._exit(0)
        os.waitpid(pid, 0)
threads = [threading.Thread(target=burst), threading.Thread(target=forker)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""
    # Two threads of the host's own: Python 3.12+ warns of such a fork by itself, so none is an error here.
    done = house.run_client(acme() + code)
    assert "daybeat" not in done.stderr
    house.await_counters({"feature.parent": 2005, "feature.child": 5})


def test_grandchildren_count_for_themselves(house: House) -> None:
    house.start_daemon()
    code = """
import os
for depth in range(4):
    telemetry.count("feature.depth")
    pid = os.fork()
    if pid:
        assert os.waitpid(pid, 0)[1] == 0
        break
"""
    assert_silent(house.run_client(acme() + code, *STRICT))
    house.await_counters({"feature.depth": 4})


def test_a_host_that_replaces_getpid_has_not_forked(house: House) -> None:
    house.start_daemon()
    code = """
import os
telemetry.count("feature.counted", 2)
assert telemetry.flush(20)
telemetry._sender._gathering = True  # as in a burst, whose tail leaves it to the flush
telemetry.count("feature.counted", 4)
real, os.getpid = os.getpid, lambda: 1
telemetry.count("feature.another")
os.getpid = real
assert telemetry.flush(20)
"""
    assert_silent(house.run_client(acme() + code, *STRICT))
    house.await_counters({"feature.counted": 6, "feature.another": 1})


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_multiprocessing_keeps_all_exact(house: House, method: str) -> None:
    house.start_daemon()
    done = house.run_script(POOL.format(prelude=acme(), method=method), *STRICT)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    house.await_counters({"feature.parent": 7, "feature.child": 400})
    beat = house.beat()
    latency = beat["distributions"]["latency.child"]
    assert (latency["count"], latency["sum"], latency["min"], latency["max"]) == (4, 6.0, 0.0, 3.0)


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_a_process_pool_keeps_all_exact(house: House, method: str) -> None:
    house.start_daemon()
    done = house.run_script(EXECUTOR.format(prelude=acme(), method=method))
    assert (done.returncode, done.stdout) == (0, "")
    assert "daybeat" not in done.stderr  # the pool's own thread may warn of a fork by itself
    house.await_counters({"feature.parent": 2, "feature.child": 60})


def test_what_a_child_of_multiprocessing_counts_before_its_work_costs_nothing(house: House) -> None:
    """Hosts count in hooks of their own; multiprocessing then forgets what is to be done at the child's exit."""
    house.start_daemon()
    code = """
import multiprocessing, os

def work():
    for _ in range(100):
        telemetry.count("feature.worked")

os.register_at_fork(after_in_child=lambda: telemetry.count("feature.began"))
for _ in range(10):
    child = multiprocessing.get_context("fork").Process(target=work)
    child.start()
    child.join()
    assert child.exitcode == 0
"""
    assert_silent(house.run_client(acme() + code, *STRICT))
    house.await_counters({"feature.began": 10, "feature.worked": 1000})
