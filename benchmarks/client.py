"""The client's cost beside the peers', and beside its goals: python -m benchmarks.client

Everything is measured in one run, turn by turn, so that a busy machine is busy for all. README.md says what each row
is.
"""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from .common import PREPARE, House, daemon_of, house, median, quiet, table

#: Rounds of fresh processes.
STARTS = 25

BARE = "pass"
MSGPACK = "import msgpack"
IMPORT = "import daybeat"
ONCE = PREPARE + "telemetry.count('feature.search')"
STATM = "\nimport os\nprint(int(open('/proc/self/statm').read().split()[1]) * os.sysconf('SC_PAGESIZE'))"
BEFORE = "import os\nbefore = len(os.listdir('/proc/self/fd'))\n"
STATE = """
import os, time
telemetry.count("feature.search")
assert telemetry.flush(5)
time.sleep(0.2)
print(len(os.listdir("/proc/self/task")), len(os.listdir("/proc/self/fd")) - before)
"""
FIRST = """
import time
begin = time.perf_counter()
telemetry.count("feature.search")
print(time.perf_counter() - begin)
"""
STUCK = """
import time
begin = time.perf_counter()
telemetry.count("feature.search")
first = time.perf_counter() - begin
longest = 0.0
while time.perf_counter() - begin < 1.5:
    time.sleep(0.025)
    start = time.perf_counter()
    telemetry.count("feature.search")
    longest = max(longest, time.perf_counter() - start)
print(first, longest)
"""
AT_EXIT = """
import atexit, os, time
end = lambda: os.write(1, b"%f" % (time.perf_counter() - begin))
atexit.register(end)
"""
EXIT = "\nfor _ in range(100): telemetry.count('feature.search')\nbegin = time.perf_counter()\n"

Row = tuple[str, float, float, str]


class Receiver(BaseHTTPRequestHandler):
    """Takes what posthog sends."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def receivers() -> Iterator[tuple[str, str]]:
    """The ports of a UDP and an HTTP receiver in this process."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", 0))

    def read() -> None:
        while udp.recv(65536) != b"stop":
            pass

    threads = [threading.Thread(target=server.serve_forever), threading.Thread(target=read)]
    for thread in threads:
        thread.start()
    try:
        yield str(udp.getsockname()[1]), str(server.server_port)
    finally:
        server.shutdown()
        server.server_close()
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"stop", udp.getsockname())
        for thread in threads:
            thread.join()
        udp.close()


def calls(place: House, what: str, ports: tuple[str, str]) -> dict[str, float]:
    """The figures of one process of `benchmarks.calls`."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.calls", what, *ports], env=place.environ, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def burst_rows(found: dict[str, float]) -> list[Row]:
    empty, named = found["empty"], found["empty(name)"]
    inc, count, observe = found["inc"], found["count"], found["observe"]
    prometheus, statsd = found["prometheus inc"], found["statsd incr"]
    return [
        ("off: count(name) / empty method", found["off: count"], named, "2"),
        ("burst: inc() / empty method", inc, empty, "3"),
        ("burst: inc() / prometheus inc", inc, prometheus, "1/5"),
        ("burst: inc() / statsd incr", inc, statsd, "1/30"),
        ("burst: count(name) / prometheus inc", count, prometheus, "1/3"),
        ("burst: count(name) / statsd incr", count, statsd, "1/20"),
        ("burst: count(name) / posthog capture", count, found["posthog capture"], "1/400"),
        ("burst: observe / prometheus observe", observe, found["prometheus observe"], "1/2"),
    ]


def calm_rows(found: dict[str, float]) -> list[Row]:
    return [
        (f"calm: count {rhythm} / statsd incr", found[f"count {rhythm}"], found[f"statsd incr {rhythm}"], "1/2")
        for rhythm in ("every 2 ms", "every 25 ms")
    ]


def show(rows: list[Row]) -> int:
    """Print rows of ratios; how many goals were missed."""
    missed = 0
    lines = []
    for what, ours, theirs, goal in rows:
        numerator, _, denominator = goal.partition("/")
        bound = int(numerator) / int(denominator or 1)
        met = ours <= theirs * bound
        missed += not met
        ratio = f"{ours / theirs:.2f}" if bound >= 1 else f"1/{theirs / ours:.1f}"
        lines.append((what, nanoseconds(ours), nanoseconds(theirs), ratio, goal, "met" if met else "MISSED"))
    table(("calls", "ours", "other", "ratio", "goal", ""), lines)
    print()
    return missed


def nanoseconds(seconds: float) -> str:
    return f"{seconds * 1e9:,.0f} ns"


def start(place: House, code: str) -> float:
    """Seconds of a processor, the kernel's work included, from start to end of one process."""
    process = subprocess.Popen([sys.executable, "-c", code], env=place.environ)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit("a measured process failed")
    return usage.ru_utime + usage.ru_stime


def starts(live: House, absent: House) -> list[tuple[str, float, float]]:
    """(what, added milliseconds, goal): the difference of the quietest of processes that ran turn by turn."""
    off = "import os\nos.environ['DO_NOT_TRACK'] = '1'\n"
    cases = {
        "import daybeat": (live, IMPORT, BARE, 5.0),
        "import, one event, exit; delivered": (live, ONCE, MSGPACK, 7.0),
        "import, one event, exit; no daemon": (absent, ONCE, BARE, 6.0),
        "import, one event, exit; off": (live, off + ONCE, BARE, 5.0),
    }
    found: dict[str, list[float]] = {what: [] for what in (BARE, MSGPACK, *cases)}
    for _ in range(STARTS):
        for base in (BARE, MSGPACK):
            found[base].append(start(live, base))
        for what, (place, code, _base, _goal) in cases.items():
            found[what].append(start(place, code))
    cost = {what: 1000 * quiet(values) for what, values in found.items()}
    return [(what, cost[what] - cost[base], goal) for what, (_, _, base, goal) in cases.items()]


def memory(place: House) -> float:
    """Megabytes of resident memory that a client with its first event sent adds to a bare process."""
    sizes = {code: median([int(place.python(code + STATM)) for _ in range(9)]) for code in (BARE, ONCE)}
    return (sizes[ONCE] - sizes[BARE]) / 2**20


def exits(place: House) -> float:
    """Milliseconds that an exit in the middle of a burst takes longer than one of the same process that is off."""
    # The hook that is registered first runs last: it sees all that ours took.
    code = AT_EXIT + PREPARE + EXIT
    off = "import os\nos.environ['DO_NOT_TRACK'] = '1'\n"
    added = [float(place.python(code)) for _ in range(15)], [float(place.python(off + code)) for _ in range(15)]
    return 1000 * (quiet(added[0]) - quiet(added[1]))


def first_event(place: House) -> float:
    """Seconds of the first event's call."""
    return quiet([float(place.python(PREPARE + FIRST)) for _ in range(15)])


def limits(live: House, absent: House, loop: dict[str, float], daemon: subprocess.Popen[bytes]) -> int:
    """Print what has an absolute goal; how many were missed."""
    rows = [(what, added, goal, "ms") for what, added, goal in starts(live, absent)]
    rows.append(("memory, one event sent", memory(live), 2.0, "MB"))
    threads, descriptors = map(int, live.python(BEFORE + PREPARE + STATE).split())
    rows += [("threads in calm", threads - 1, 0, ""), ("descriptors in calm", descriptors, 1, "")]
    # An empty call is interrupted as often: what is above it, within two microseconds, is ours.
    rows.append(("loop: gathered call above an empty one, p99.9", 1e6 * (loop["gathered"] - loop["empty"]), 2.0, "µs"))
    bare = 1e6 * loop["bare send"]
    rows.append((f"loop: call written through (a bare send: {bare:.0f} µs)", 1e6 * loop["written through"], 20.0, "µs"))
    rows.append(("loop: first event", 1e3 * first_event(live), 1.0, "ms"))
    rows.append(("exit after a burst, live daemon", exits(live), 5.0, "ms"))
    rows.append(("exit after a burst, no daemon", exits(absent), 0.5, "ms"))
    daemon.send_signal(signal.SIGSTOP)
    try:
        first, later = map(float, live.python(PREPARE + STUCK).split())
        rows.append(("stuck daemon: first event", 1e3 * first, 5.0, "ms"))
        rows.append(("stuck daemon: longest call after it", 1e3 * later, 1.0, "ms"))
        rows.append(("stuck daemon: exit after a burst", exits(live), 50.0, "ms"))
    finally:
        daemon.send_signal(signal.SIGCONT)
    lines = [
        (what, f"{found:.2f} {unit}".strip(), f"{goal:g} {unit}".strip(), "met" if found <= goal else "MISSED")
        for what, found, goal, unit in rows
    ]
    table(("limits", "found", "goal", ""), lines)
    return sum(found > goal for _, found, goal, _ in rows)


def main() -> int:
    if any(importlib.util.find_spec(peer) is None for peer in ("prometheus_client", "statsd", "posthog")):
        print("install the peers: pip install -r benchmarks/requirements.txt", file=sys.stderr)
        return 2
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}\n")
    with house() as live, house() as absent, receivers() as ports, daemon_of(live) as daemon:
        missed = show(burst_rows(calls(live, "burst", ports)) + calm_rows(calls(live, "calm", ports)))
        missed += limits(live, absent, calls(live, "loop", ports), daemon)
    print(f"\n{missed} goals missed" if missed else "\nall goals met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
