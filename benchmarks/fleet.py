"""Many processes that count at once, beside the statsd client with two daemons: python -m benchmarks.fleet

    --counts N        counts of each process (10,000)
    --processes LIST  sizes of the fleet (1,8,64,256)
    --statsd FILE     stats.js of the npm package statsd; without it the peer's rows are left out
    --collectd FILE   collectd's binary, with its statsd plugin (the one on the PATH); without it its rows are left out

A count is lost when it is not in the receiver's own total in the end. CPU is that of all processes, and of the daemon.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from .common import PREPARE, House, daemon_of, house, table

# When a process had handed over its last count, on the clock of all of them.
DONE = """
import os, time
os.write(1, b"%f\\n" % time.monotonic())
"""
OURS = (
    PREPARE
    + """
import sys
sys.stdin.read(1)
for _ in range({counts}):
    telemetry.count("feature.search")
telemetry.flush(5)
"""
    + DONE
)
STATSD = (
    """
import statsd, sys
client = statsd.StatsClient("127.0.0.1", {port})
sys.stdin.read(1)
for _ in range({counts}):
    client.incr("feature.search")
"""
    + DONE
)


class Run:
    """One fleet at work. `seconds` are from the start until the last process had handed over its last count."""

    def __init__(self, place: House, code: str, processes: int, daemon: int) -> None:
        reading, writing = os.pipe()  # a line of each fits in
        fleet = [
            subprocess.Popen([sys.executable, "-c", code], env=place.environ, stdin=subprocess.PIPE, stdout=writing)
            for _ in range(processes)
        ]
        os.close(writing)
        time.sleep(0.3 + 0.05 * processes)  # until all wait for the start
        spent = cpu_of(daemon)
        begin = time.monotonic()
        for process in fleet:
            assert process.stdin is not None
            process.stdin.close()
        self.client_cpu = 0.0
        for process in fleet:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            self.client_cpu += usage.ru_utime + usage.ru_stime
        with open(reading) as lines:
            self.seconds = max(float(line) for line in lines) - begin
        time.sleep(1.0)  # what is still on its way
        self.daemon_cpu = cpu_of(daemon) - spent
        self.failed = sum(process.returncode != 0 for process in fleet)


def cpu_of(pid: int) -> float:
    """Seconds of a processor that a process has had."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def idle_cpu(place: House, code: str, processes: int, daemon: int) -> float:
    """Seconds of a processor that such a fleet takes for its start and end alone."""
    return Run(place, code, processes, daemon).client_cpu


def settled(total: Callable[[], int], expected: int) -> int:
    """The receiver's total when it has all, or when three seconds have brought nothing more."""
    found, seen = total(), -1
    while found not in (expected, seen):
        seen = found
        time.sleep(3.0)
        found = total()
    return found


def held(place: House) -> int:
    """What our daemon holds of the counter."""
    done = subprocess.run(
        [sys.executable, "-m", "daybeatd.cli", "preview", "acme"], env=place.environ, capture_output=True, text=True
    )
    found = 0
    for line in done.stdout.splitlines():
        for event in json.loads(line)["events"]:
            found += event["counters"].get("feature.search", 0)
    return found


def ours(sizes: list[int], counts: int) -> Iterator[tuple[str, ...]]:
    for processes in sizes:
        with house() as place, daemon_of(place) as daemon:
            idle = idle_cpu(place, OURS.format(counts=0), processes, daemon.pid)
            run = Run(place, OURS.format(counts=counts), processes, daemon.pid)
            yield row("daybeat", processes, counts, run, idle, settled(lambda: held(place), processes * counts))


@contextmanager
def node(stats: Path, place: House) -> Iterator[tuple[int, int, Callable[[], int]]]:
    """The npm daemon: its UDP port, its pid, and its total."""
    port, management = free_port(socket.SOCK_DGRAM), free_port(socket.SOCK_STREAM)
    settings = place.root / "statsd.js"
    settings.write_text(
        f"{{ port: {port}, address: '127.0.0.1', mgmt_port: {management}, mgmt_address: '127.0.0.1',"
        " flushInterval: 86400000, backends: [] }"
    )
    with (place.root / "statsd.log").open("wb") as log:
        daemon = subprocess.Popen(["node", str(stats), str(settings)], stdout=log, stderr=log)
    time.sleep(1.5)

    def total() -> int:
        with socket.create_connection(("127.0.0.1", management), 5) as manager:
            manager.sendall(b"counters\n")
            answer = b""
            while b"END" not in answer:
                answer += manager.recv(65536)
        found = re.search(rb"feature\.search'?\"?: ?(\d+)", answer)
        return int(found[1]) if found else 0

    try:
        yield port, daemon.pid, total
    finally:
        daemon.kill()
        daemon.wait()


COLLECTD = """
Interval 1
BaseDir "{root}"
PIDFile "{root}/collectd.pid"
PluginDir "{prefix}/lib/collectd"
TypesDB "{prefix}/share/collectd/types.db"
LoadPlugin statsd
LoadPlugin csv
<Plugin statsd>
  Host "127.0.0.1"
  Port "{port}"
  CounterSum true
</Plugin>
<Plugin csv>
  DataDir "{root}/csv"
  StoreRates false
</Plugin>
"""


@contextmanager
def collectd(binary: Path, place: House) -> Iterator[tuple[int, int, Callable[[], int]]]:
    """Debian's collectd with its statsd plugin: its UDP port, its pid, and its total, which it writes each second."""
    port = free_port(socket.SOCK_DGRAM)
    settings = place.root / "collectd.conf"
    settings.write_text(COLLECTD.format(root=place.root, port=port, prefix=binary.resolve().parent.parent))
    with (place.root / "collectd.log").open("wb") as log:
        daemon = subprocess.Popen([str(binary), "-f", "-C", str(settings)], stdout=log, stderr=log)
    time.sleep(1.5)

    def total() -> int:
        time.sleep(2.5)
        found = 0.0
        for path in place.root.glob("csv/*/statsd/count-feature.search*"):
            found = sum(float(line.split(",")[1]) for line in path.read_text().splitlines()[1:] if "nan" not in line)
        return int(found)

    try:
        yield port, daemon.pid, total
    finally:
        daemon.kill()
        daemon.wait()


Peer = Callable[[Path, House], AbstractContextManager[tuple[int, int, Callable[[], int]]]]


def statsd(name: str, peer: Peer, program: Path, sizes: list[int], counts: int) -> Iterator[tuple[str, ...]]:
    for processes in sizes:
        with house() as place, peer(program, place) as (port, pid, total):
            idle = idle_cpu(place, STATSD.format(port=port, counts=0), processes, pid)
            run = Run(place, STATSD.format(port=port, counts=counts), processes, pid)
            yield row(name, processes, counts, run, idle, settled(total, processes * counts))


def row(name: str, processes: int, counts: int, run: Run, idle: float, arrived: int) -> tuple[str, ...]:
    sent = processes * counts
    return (
        name,
        str(processes),
        f"{sent / run.seconds:,.0f}",
        f"{arrived / run.seconds:,.0f}",
        f"{1e9 * max(run.client_cpu - idle, 0) / sent:,.0f} ns",
        f"{1e9 * run.daemon_cpu / sent:,.0f} ns",
        f"{sent - arrived:,} ({(sent - arrived) / sent:.1%})",
        str(run.failed),
    )


def free_port(kind: int) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--counts", type=int, default=10_000)
    parser.add_argument("--processes", default="1,8,64,256")
    parser.add_argument("--statsd", type=Path)
    parser.add_argument("--collectd", type=Path, default=shutil.which("collectd"))
    given = parser.parse_args()
    sizes = [int(size) for size in given.processes.split(",")]
    print(f"{given.counts:,} counts a process, load {os.getloadavg()[0]:.1f}\n")
    rows = list(ours(sizes, given.counts))
    if given.statsd:
        rows += statsd("statsd, node", node, given.statsd, sizes, given.counts)
    if given.collectd:
        rows += statsd("statsd, collectd", collectd, Path(given.collectd), sizes, given.counts)
    table(("", "processes", "counts/s", "arrived/s", "client CPU", "daemon CPU", "lost", "failed"), rows)


if __name__ == "__main__":
    main()
