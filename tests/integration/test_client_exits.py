"""However a host ends: its exit code and its stderr are its own, and what was counted in calm is safe."""

from __future__ import annotations

import signal

import pytest

from support.house import House
from support.outcomes import assert_silent
from support.products import acme
from support.waiting import until

STRICT = ("-X", "dev", "-W", "error")
#: Calm is when no tail of a burst is at work and some time has passed.
CALM = """
import os, signal, sys, time
telemetry.count("feature.first")
assert telemetry.flush(20)
while telemetry._sender._gathering:
    time.sleep(0.01)
time.sleep(0.1)
"""

DAEMON_THREADS = """
import threading, time
def work():
    while True:
        telemetry.count("feature.thread")
        telemetry.observe("latency.thread", 1.0)
for _ in range(4):
    threading.Thread(target=work, daemon=True).start()
time.sleep(0.3)
"""


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        ("os._exit(4)", 4),
        ("os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL),
        ("os.kill(os.getpid(), signal.SIGTERM)", -signal.SIGTERM),
        ("os.kill(os.getpid(), signal.SIGSEGV)", -signal.SIGSEGV),
        ("os.abort()", -signal.SIGABRT),
        ("os.execv('/bin/true', ['true'])", 0),
    ],
)
def test_an_event_in_calm_outlives_any_end(house: House, ending: str, code: int) -> None:
    """No flush: the event is with the kernel before the call returns."""
    house.start_daemon()
    done = house.python("-c", acme() + CALM + f"telemetry.count('feature.last')\n{ending}")
    assert done.returncode == code
    assert_silent(done)
    house.await_counters({"feature.first": 1, "feature.last": 1})


@pytest.mark.parametrize("with_daemon", [True, False], ids=["daemon", "alone"])
def test_control_c_is_the_hosts_own(house: House, with_daemon: bool) -> None:
    if with_daemon:
        house.start_daemon()
    # A shell starts its background jobs with SIGINT ignored, and this suite may be one.
    usual = "\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
    last = "telemetry.count('feature.last', 30)\nsignal.raise_signal(signal.SIGINT)"
    code = acme() + CALM.replace("assert ", "") + usual + last
    done = house.python("-X", "dev", "-c", code)
    assert done.returncode == -signal.SIGINT
    assert done.stderr.strip().splitlines()[-1] == "KeyboardInterrupt"
    assert "daybeat" not in done.stderr
    if with_daemon:
        house.await_counters({"feature.first": 1, "feature.last": 30})


@pytest.mark.parametrize("with_daemon", [True, False], ids=["daemon", "alone"])
def test_daemon_threads_that_count_to_the_end_change_nothing(house: House, with_daemon: bool) -> None:
    if with_daemon:
        house.start_daemon()
    for _ in range(5):
        assert_silent(house.run_client(acme() + DAEMON_THREADS, *STRICT))
    if with_daemon:
        house.settle()
        assert house.held()["feature.thread"] > 0


def test_events_of_exit_hooks_are_counted(house: House) -> None:
    house.start_daemon()
    code = """
import atexit
atexit.register(lambda: telemetry.count("feature.early-hook"))
{product}
atexit.register(lambda: telemetry.count("feature.late-hook"))
telemetry.count("feature.main")
"""
    assert_silent(house.run_client(code.format(product=acme()), *STRICT))
    house.await_counters({"feature.early-hook": 1, "feature.late-hook": 1, "feature.main": 1})


def test_a_thread_that_counts_after_the_main_one_is_counted(house: House) -> None:
    house.start_daemon()
    code = """
import sys, threading, time
def work():
    time.sleep(0.3)
    for _ in range(1000):
        telemetry.count("feature.thread")
threading.Thread(target=work).start()
telemetry.count("feature.main")
sys.exit(5)
"""
    done = house.python(*STRICT, "-c", acme() + code)
    assert done.returncode == 5
    assert_silent(done)
    house.await_counters({"feature.thread": 1000, "feature.main": 1})


@pytest.mark.parametrize("how", ["raise RuntimeError('host')", "sys.exit(7)"])
def test_a_thread_that_ends_badly_changes_nothing_of_ours(house: House, how: str) -> None:
    house.start_daemon()
    code = f"""
import sys, threading
def work():
    telemetry.count("feature.thread")
    {how}
thread = threading.Thread(target=work)
thread.start()
thread.join()
telemetry.count("feature.main")
"""
    done = house.python("-c", acme() + code)
    assert done.returncode == 0
    assert "daybeat" not in done.stderr
    house.await_counters({"feature.thread": 1, "feature.main": 1})


def test_what_was_closed_counts_no_more_and_another_of_the_same_policy_goes_on(house: House) -> None:
    house.start_daemon()
    code = """
another = daybeat.Telemetry(**same)
first, second = telemetry.counter("feature.handle"), another.counter("feature.handle")
for each in (first, second): each.inc()
telemetry.close()
for each in (telemetry, another): each.count("feature.name")
second.inc(2)
another.close()
for each in (first, second): each.inc(4)
third = daybeat.Telemetry(**same)
third.counter("feature.handle").inc(8)
first.inc(4)
assert third.flush(20)
"""
    same = "same = dict(product='acme', version='2.1.0', consent='opt-out', declare=['feature.*'])\n"
    assert_silent(house.run_client(same + "import daybeat\ntelemetry = daybeat.Telemetry(**same)\n" + code, *STRICT))
    house.await_counters({"feature.handle": 12, "feature.name": 1})


def test_a_closed_handle_leaves_no_descriptor_and_no_thread(house: House) -> None:
    house.start_daemon()
    code = """
import os, sys
def own():
    return len(os.listdir("/proc/self/fd")), len(os.listdir("/proc/self/task"))
before = own()
with daybeat.Telemetry("acme", consent="opt-out", declare=["feature.*"]) as one:
    one.count("feature.search")
    assert one.flush(20)
    for _ in range(999):
        one.count("feature.search")
while own()[1] != before[1]:
    pass
assert own() == before, (own(), before)
"""
    assert_silent(house.run_client("import daybeat\n" + code, *STRICT))
    house.await_counters({"feature.search": 1000})


def test_calm_hosts_have_no_thread_and_one_descriptor(house: House) -> None:
    house.start_daemon()
    client = house.live_client("import os\nbefore = len(os.listdir('/proc/self/fd'))\n" + acme())
    client.do("[telemetry.count('feature.search') for _ in range(1000)]; telemetry.flush(5)")
    until(lambda: client.ask("len(os.listdir('/proc/self/task'))") == 1, "the end of the tail")
    assert client.ask("len(os.listdir('/proc/self/fd')) - before") == 1
    assert client.end() == (0, "")
