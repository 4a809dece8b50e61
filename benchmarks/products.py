"""What a call costs in the two products, beside posthog's and beside the promises: python -m benchmarks.products

One process makes all calls, turn by turn, so that a busy machine is busy for all. README.md says what each row is.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import subprocess
import sys
import time
import timeit
from collections.abc import Callable
from typing import Any

from .client import nanoseconds, receivers
from .common import House, daemon_of, house, median, quiet, table

ROUNDS = 9
DISABLED = 50_000
ENABLED = 500
ALONE = 200

#: The promises, in seconds.
OFF = 1e-6
ON = 1e-3

PEER = "posthog capture"
CALLS = {
    "track_agent_usage": "client.track_agent_usage('backend-developer', 'discover', metadata)",
    "track_performance": "client.track_performance('query_latency', 95.5, 'ms', tags)",
    "track_error": "client.track_error('ValueError', 'Failed to connect', trace)",
}
IDUN = {"feature_used": "idun.feature_used('guardrails')"}
TRACE = 'Traceback (most recent call last):\n  File "/app/module.py", line 42, in run\nValueError: invalid value'


def names(http_port: int) -> dict[str, Any]:
    """What the measured statements use."""
    mycelium = importlib.import_module("daybeat.products.mycelium")
    posthog = importlib.import_module("posthog")
    endpoint = f"http://127.0.0.1:{http_port}/v1"
    return {
        "on": mycelium.TelemetryClient(mycelium.TelemetryConfig(enabled=True, endpoint=endpoint)),
        "off": mycelium.TelemetryClient(mycelium.TelemetryConfig()),
        "idun": importlib.import_module("daybeat.products.idun"),
        "posthog": posthog.Posthog("phc_nobody", host=f"http://127.0.0.1:{http_port}", max_queue_size=10**6),
        "metadata": {"duration_ms": 150, "success": True},
        "tags": {"operation": "search"},
        "trace": TRACE,
    }


def measure(known: dict[str, Any]) -> dict[str, float]:
    """Seconds of a call: in a burst CPU of the whole process, alone by the clock on the wall."""
    bursts = {f"off: {name}": (call.replace("client", "off"), DISABLED) for name, call in CALLS.items()}
    bursts |= {f"on: {name}": (call.replace("client", "on"), ENABLED) for name, call in CALLS.items()}
    bursts |= {f"on: {name}": (call, ENABLED) for name, call in IDUN.items()}
    bursts[f"on: {PEER}"] = "posthog.capture('feature.search', distinct_id='someone')", ENABLED
    found: dict[str, float] = {}
    seen: dict[str, list[float]] = {name: [] for name in bursts}
    for _ in range(ROUNDS):
        for name, (call, number) in bursts.items():
            timer = timeit.Timer(call, globals=known, timer=time.process_time)
            seen[name].append(timer.timeit(number) / number)
            time.sleep(0.1)  # what its threads have left over is not the next one's
    found |= {name: quiet(values) for name, values in seen.items()}
    for name, (call, _) in bursts.items():
        if name.startswith("on: "):
            found[name.replace("on: ", "alone: ")] = median(_alone(eval(f"lambda: {call}", known)))
    return found


def _alone(call: Callable[[], Any]) -> list[float]:
    durations = []
    for _ in range(ALONE):
        time.sleep(0.025)
        begin = time.perf_counter()
        call()
        durations.append(time.perf_counter() - begin)
    return durations


def measured(place: House, http_port: str) -> dict[str, float]:
    """The figures of one process of this module."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.products", http_port],
        env=place.environ | {"IDUN_POSTHOG_HOST": f"http://127.0.0.1:{http_port}"},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> int:
    if importlib.util.find_spec("posthog") is None:
        print("install the peer: pip install -r benchmarks/requirements.txt", file=sys.stderr)
        return 2
    if len(sys.argv) > 1:
        print(json.dumps(measure(names(int(sys.argv[1])))))
        return 0
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}\n")
    with house() as live, receivers() as ports, daemon_of(live):
        found = measured(live, ports[1])
    rows, missed = [], 0
    for name, ours in found.items():
        if PEER in name:
            continue
        kind = name.partition(":")[0]
        goal = OFF if kind == "off" else ON
        peer = found.get(f"{kind}: {PEER}")
        missed += ours >= goal
        beside = (nanoseconds(peer), f"1/{peer / ours:.1f}") if peer else ("", "")
        rows.append((name, nanoseconds(ours), nanoseconds(goal), "met" if ours < goal else "MISSED", *beside))
    table(("call", "ours", "promised below", "", PEER, "ratio"), rows)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
