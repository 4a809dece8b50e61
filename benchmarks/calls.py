"""One process of `benchmarks.client`: what a call costs, ours and the peers', turn by turn. Prints JSON.

python -m benchmarks.calls burst|calm|loop STATSD_PORT HTTP_PORT
"""

from __future__ import annotations

import asyncio
import importlib
import json
import socket
import subprocess
import sys
import time
import timeit
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import daybeat

from .common import median, quiet

Call = Callable[[], Any]

ROUNDS = 9
BURST = 50_000
DECLARE = ["feature.*", "latency.*"]
EMPTY = """
class Empty:
    def call(self, name="", n=1):
        pass
empty = Empty()
"""


def peers(statsd_port: int, http_port: int) -> dict[str, Any]:
    """Handles of ours and of the peers, under the names that the measured statements use."""
    prometheus = importlib.import_module("prometheus_client")
    posthog = importlib.import_module("posthog")
    statsd = importlib.import_module("statsd")
    telemetry = daybeat.Telemetry("acme", version="2.1.0", consent="opt-out", declare=DECLARE)
    found: dict[str, Any] = {
        "telemetry": telemetry,
        "search": telemetry.counter("feature.search"),
        "off": daybeat.Telemetry("silent", consent="opt-in"),
        "counter": prometheus.Counter("search", "Searches"),
        "histogram": prometheus.Histogram("latency", "Latency of a search"),
        "statsd": statsd.StatsClient("127.0.0.1", statsd_port),
        "posthog": posthog.Posthog("phc_nobody", host=f"http://127.0.0.1:{http_port}", max_queue_size=10**6),
    }
    exec(EMPTY, found)
    return found


BURSTS = {
    "empty": "empty.call()",
    "empty(name)": "empty.call('feature.search')",
    "off: count": "off.count('feature.search')",
    "inc": "search.inc()",
    "count": "telemetry.count('feature.search')",
    "observe": "telemetry.observe('latency.search', 12.5, 'ms')",
    "prometheus inc": "counter.inc()",
    "prometheus observe": "histogram.observe(12.5)",
    "statsd incr": "statsd.incr('feature.search')",
    "posthog capture": "posthog.capture('feature.search', distinct_id='someone')",
}
FRAME = b"\0" * 80  # as long as a frame of one count
READER = "import socket\nend = socket.socket(fileno=0)\nwhile end.recv(65536): pass"
SLOW = {"statsd incr": 5_000, "posthog capture": 1_000}


def burst(names: dict[str, Any]) -> dict[str, float]:
    """CPU seconds of the whole process for one call: also what its threads do about it."""
    timers = {name: timeit.Timer(call, globals=names, timer=time.process_time) for name, call in BURSTS.items()}
    found: dict[str, list[float]] = {name: [] for name in timers}
    for _ in range(ROUNDS):
        for name, timer in timers.items():
            number = SLOW.get(name, BURST)
            found[name].append(timer.timeit(number) / number)
            time.sleep(0.1)  # what its threads have left over is not the next one's
    return {name: quiet(values) for name, values in found.items()}


def calm(names: dict[str, Any]) -> dict[str, float]:
    """Wall seconds of a call that comes alone, the median, for two rhythms."""
    calls: dict[str, Call] = {
        "empty": names["empty"].call,
        "count": lambda: names["telemetry"].count("feature.search"),
        "statsd incr": lambda: names["statsd"].incr("feature.search"),
    }
    found = {}
    for rhythm, number in ((0.002, 300), (0.025, 60)):
        for name, call in calls.items():
            found[f"{name} every {rhythm * 1000:g} ms"] = median(
                [duration for _ in range(3) for duration in _alone(call, rhythm, number)]
            )
    return found


def _alone(call: Call, rhythm: float, number: int) -> list[float]:
    durations = []
    for _ in range(number):
        time.sleep(rhythm)
        begin = time.perf_counter()
        call()
        durations.append(time.perf_counter() - begin)
    return durations


def loop(names: dict[str, Any]) -> dict[str, float]:
    """Wall seconds that a call keeps an event loop, undisturbed; of gathered ones the 99.9th percentile."""
    return asyncio.run(_loop(names))


async def _loop(names: dict[str, Any]) -> dict[str, float]:
    telemetry, empty = names["telemetry"], names["empty"]
    telemetry.flush(1)
    found: dict[str, float] = {}
    tails: dict[str, list[float]] = {"empty": [], "gathered": []}
    for _ in range(10):
        durations: dict[str, list[float]] = {"empty": [], "gathered": []}
        for _ in range(10_000):
            for name, call in (("empty", empty.call), ("gathered", telemetry.count)):
                begin = time.perf_counter()
                call("feature.search")
                durations[name].append(time.perf_counter() - begin)
            await asyncio.sleep(0)
        for name, each in durations.items():
            tails[name].append(sorted(each)[-len(each) // 1000])
    for name, each in tails.items():
        found[name] = quiet(each)
    with waited_for() as peer:
        alone: dict[str, Call] = {
            "written through": lambda: telemetry.count("feature.search"),
            "bare send": lambda: peer.send(FRAME),
        }
        through: dict[str, list[float]] = {name: [] for name in alone}
        for _ in range(60):
            for name, act in alone.items():
                await asyncio.sleep(0.065)  # until the tail of the burst before is gone, and calm has come
                begin = time.perf_counter()
                act()
                through[name].append(time.perf_counter() - begin)
    return found | {name: quiet(each) for name, each in through.items()}


@contextmanager
def waited_for() -> Iterator[socket.socket]:
    """A unix socket at whose other end another process waits: what a send costs without any of our code."""
    near, far = socket.socketpair()
    with near, subprocess.Popen([sys.executable, "-c", READER], stdin=far.fileno()):
        far.close()
        yield near
        near.close()


def main() -> None:
    what, statsd_port, http_port = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    names = peers(statsd_port, http_port)
    print(json.dumps({"burst": burst, "calm": calm, "loop": loop}[what](names)))


if __name__ == "__main__":
    main()
