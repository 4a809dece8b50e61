"""Descriptors: when they run out, when the host closes ours, when 0 to 2 are free, when SIGPIPE kills."""

from __future__ import annotations

import pytest

from support.house import House
from support.outcomes import assert_silent
from support.products import CONNECT, acme
from support.waiting import until

STRICT = ("-X", "dev", "-W", "error")

SCARCE = """
import os, resource
{first}
taken = []
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 256), hard))
while True:
    try:
        taken.append(os.dup(0))
    except OSError:
        break
for _ in range({free}):
    os.close(taken.pop())
for _ in range(1000):
    telemetry.count("feature.search")
telemetry.observe("latency.search", 1.0)
telemetry.flush(0.2)
before = []
while True:  # all that were left free are still the host's to have, but for one
    try:
        before.append(os.dup(0))
    except OSError:
        break
assert len(before) >= {free} - 1, (len(before), {free})
for each in taken + before:
    os.close(each)
"""

STANDARD = """
import os
for number in {closed}:
    os.close(number)
"""

REUSED = """
import os, socket
telemetry.count("feature.before")
assert telemetry.flush(5)
os.closerange(3, 256)  # as a daemonizing host does
pairs = [socket.socketpair() for _ in range(20)]
for _ in range(1000):
    telemetry.count("feature.search")
telemetry.observe("latency.search", 1.0)
assert telemetry.flush(20)
telemetry.close()
for one, other in pairs:
    for end, far in ((one, other), (other, one)):
        far.setblocking(False)
        try:
            raise SystemExit("something of ours arrived: %r" % far.recv(100))
        except BlockingIOError:
            pass
        end.send(b"host")
        assert far.recv(10) == b"host"
"""

SIGPIPE = """
import os, signal
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
"""


@pytest.mark.parametrize("free", range(21))
@pytest.mark.parametrize("first", ["", "telemetry.count('feature.first'); telemetry.flush(5)"], ids=["new", "standing"])
def test_a_host_without_descriptors_lives_and_keeps_them(house: House, free: int, first: str) -> None:
    house.start_daemon()
    assert_silent(house.run_client(acme() + SCARCE.format(first=first, free=free), "-W", "error"))
    if first:
        house.await_counters({"feature.first": 1, "feature.search": 1000})
    else:
        house.settle()
        assert set(house.held()) <= {"feature.search"}


@pytest.mark.parametrize("closed", [(0,), (0, 1), (0, 1, 2), (2,), (1, 2)], ids=str)
def test_ours_is_never_one_of_the_standard_descriptors(house: House, closed: tuple[int, ...]) -> None:
    house.start_daemon()
    code = STANDARD.format(closed=closed) + acme() + "telemetry.count('feature.search')\nassert telemetry.flush(5)\n"
    check = "descriptor = telemetry._sender._connection._socket.fileno()\nassert descriptor > 2, descriptor\n"
    inherited = "assert not os.get_inheritable(descriptor)\n"
    free = f"for number in {closed}:\n    assert not os.access(f'/proc/self/fd/{{number}}', os.F_OK)\n"
    assert_silent(house.run_client(code + check + inherited + free))
    house.await_counters({"feature.search": 1})


@pytest.mark.parametrize("limit", [256, 150], ids=["room", "no room"])
def test_the_low_descriptors_are_left_to_the_host(house: House, limit: int) -> None:
    """Hosts give them a meaning, look at which a child has, and expect two that they open to follow each other."""
    house.start_daemon()
    code = f"""
import os, resource
resource.setrlimit(resource.RLIMIT_NOFILE, ({limit}, {limit}))
passing = os.dup(0)  # the lowest free one, while the client connects
telemetry.count("feature.search")
assert telemetry.flush(5)
os.close(passing)
found = [os.dup(0), os.dup(0), os.dup(0)]
assert ({limit} < 200) or found == list(range(passing, passing + 3)), (passing, found)
"""
    assert_silent(house.run_client(acme() + code))
    house.await_counters({"feature.search": 1})


def test_a_host_that_closes_all_and_reuses_them_finds_nothing_of_ours_there(house: House) -> None:
    house.start_daemon()
    # No switch of Python's: it would report the host's own socket objects.
    assert_silent(house.run_client(acme() + REUSED))
    house.await_counters({"feature.before": 1, "feature.search": 1000})


def test_a_host_that_daemonizes_counts_on(house: House) -> None:
    house.start_daemon()
    code = """
import os, sys, time
telemetry.count("feature.before")
telemetry.flush(5)
if os.fork(): os._exit(0)
os.setsid()
if os.fork(): os._exit(0)
os.closerange(0, 256)
null = os.open("/dev/null", os.O_RDWR)
os.dup2(null, 1); os.dup2(null, 2)
for _ in range(100):
    telemetry.count("feature.daemonized")
telemetry.flush(5)
"""
    assert_silent(house.run_client(acme() + code))
    house.await_counters({"feature.before": 1, "feature.daemonized": 100})


def test_a_program_that_the_host_starts_inherits_nothing(house: House) -> None:
    house.start_daemon()
    code = """
import os, subprocess, sys
telemetry.count("feature.search")
assert telemetry.flush(5)
ls = "import os; print(sorted(os.readlink(f'/proc/self/fd/{n}') for n in os.listdir('/proc/self/fd')[:-1]))"
seen = subprocess.run([sys.executable, "-c", ls], close_fds=False, capture_output=True, text=True).stdout
assert "socket" not in seen, seen
"""
    assert_silent(house.run_client(acme() + code, *STRICT))


def test_a_host_with_the_default_sigpipe_lives_when_the_daemon_dies(house: House) -> None:
    daemon = house.start_daemon()
    client = house.live_client(SIGPIPE + acme(), *STRICT)
    client.do(CONNECT)
    daemon.kill()
    client.do("[telemetry.count('feature.search') for _ in range(1000)]; telemetry.flush(0.2)")
    client.do("import time; time.sleep(0.1); telemetry.count('feature.search'); telemetry.flush(0.2)")
    house.start_daemon()
    assert client.ask("telemetry.flush(10)") is True
    assert client.end() == (0, "")
    until(lambda: house.held().get("feature.search") == 1001, "what was held")
