"""`daybeat demo`: everything for real in a temporary directory, and every total checked."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from rich.console import Console
from rich.progress import Progress

from daybeatd.control import ControlError, ask

PRODUCT = "demo"
#: Seconds for anything here to happen.
PATIENCE = 120.0
#: Short-lived processes started at once.
WAVE = 16

# The two kinds of client, as a product would write them. Each event of the first kind is counted or observed.
_LONG_LIVED = """
import sys, daybeat
telemetry = daybeat.Telemetry("demo", version="1.0", consent="opt-out", sink=daybeat.https_json(sys.argv[1]),
                              declare=["feature.*", "latency.search"], tags={"operation": ["search"]})
search = telemetry.counter("feature.search")
for i in range(int(sys.argv[2])):
    if i % 10 == 0:
        telemetry.observe("latency.search", 10.0 + i % 7, unit="ms", tags={"operation": "search"})
    elif i % 10 == 1:
        telemetry.count("feature.open")
    else:
        search.inc()
"""
_SHORT_LIVED = """
import sys, daybeat
daybeat.Telemetry("demo", version="1.0", consent="opt-out", sink=daybeat.https_json(sys.argv[1]),
                  declare=["feature.*", "latency.search"], tags={"operation": ["search"]}).count("feature.short")
"""


def run(processes: int, events: int, short_lived: int) -> list[str]:
    """Run it, print the exact body of the heartbeat, and give the totals that differ, in words."""
    console = Console(stderr=True)
    with ExitStack() as stack:
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is signal.SIG_DFL:  # what was begun is ended and removed, as after Ctrl-C
                stack.callback(signal.signal, number, signal.signal(number, signal.default_int_handler))
        home = stack.enter_context(tempfile.TemporaryDirectory(prefix="daybeat-demo-"))
        environ = _environ(home)
        bodies, address = stack.enter_context(_collector())
        if not stack.enter_context(_daemon(environ)):
            return ["the demo's daemon did not start; TMPDIR says in which directory it works"]
        control = os.path.join(environ["DAYBEAT_RUNTIME_DIR"], "control.sock")
        with Progress(console=console) as progress:
            _run_fleet(progress, environ, address, processes, events, short_lived)
        console.print("one heartbeat, sent now instead of once a day:")
        try:
            outcome = ask(control, {"do": "send", "product": PRODUCT}, PATIENCE)
        except ControlError as fault:
            return [str(fault)]
        if not outcome.get("outcomes"):
            return [outcome.get("error", "nothing was sent")]
    beats = [body for body in bodies if json.loads(body)["events"][0]["event_type"] == "heartbeat"]
    if len(beats) != 1:
        return [f"the collector got {len(beats)} heartbeats instead of one"]
    sys.stdout.write(beats[0].decode() + "\n")
    return _differences(json.loads(beats[0])["events"][0], processes, events, short_lived, console)


def _environ(home: str) -> dict[str, str]:
    """This environment, with directories of the demo's own and nothing that would switch it off."""
    silent = ("DO_NOT_TRACK", "DEMO_TELEMETRY_ENABLED")
    environ = {name: value for name, value in os.environ.items() if name not in silent}
    for kind in ("RUNTIME", "STATE", "CONFIG"):
        environ[f"DAYBEAT_{kind}_DIR"] = os.path.join(home, kind.lower())
    return environ


@contextmanager
def _collector() -> Iterator[tuple[list[bytes], str]]:
    """A collector on loopback: the bodies that it got, and its address."""
    bodies: list[bytes] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Collector) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield bodies, f"http://127.0.0.1:{server.server_port}/v1"
        finally:
            server.shutdown()


@contextmanager
def _daemon(environ: dict[str, str]) -> Iterator[bool]:
    """A daemon; whether it answers. Why it does not, it says itself."""
    # It leaves by itself should the demo be killed.
    command = [sys.executable, "-m", "daybeatd", "--log-level", "warning", "--idle-exit", "60"]
    daemon = subprocess.Popen(command, env=environ)
    try:
        control = os.path.join(environ["DAYBEAT_RUNTIME_DIR"], "control.sock")
        deadline = time.monotonic() + PATIENCE
        answers = False
        while not answers and daemon.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
            answers = _answers(control)
        yield answers
    finally:
        daemon.terminate()
        try:
            daemon.wait(10)
        except subprocess.TimeoutExpired:
            daemon.kill()
            daemon.wait()


def _answers(control: str) -> bool:
    try:
        ask(control, {"do": "status"}, 5.0)
    except ControlError:
        return False
    return True


def _run_fleet(
    progress: Progress, environ: dict[str, str], address: str, processes: int, events: int, short_lived: int
) -> None:
    long_bar = progress.add_task(f"{processes} processes of {events:,} events", total=processes)
    short_bar = progress.add_task(f"{short_lived} processes of one event", total=short_lived)
    client = [sys.executable, "-c"]
    fleet = [subprocess.Popen([*client, _LONG_LIVED, address, str(events)], env=environ) for _ in range(processes)]
    try:
        for start in range(0, short_lived, WAVE):
            wave = min(WAVE, short_lived - start)
            fleet_of_one = [subprocess.Popen([*client, _SHORT_LIVED, address], env=environ) for _ in range(wave)]
            for process in fleet_of_one:
                process.wait(PATIENCE)
                progress.advance(short_bar)
        for process in fleet:
            process.wait(PATIENCE)
            progress.advance(long_bar)
    finally:
        for process in fleet:
            process.kill()
            process.wait()


def _differences(event: dict[str, Any], processes: int, events: int, short_lived: int, console: Console) -> list[str]:
    observed = processes * len(range(0, events, 10))
    opened = processes * len(range(1, events, 10))
    latency = event["distributions"].get("latency.search{operation=search}", {})
    checks = {
        "feature.search": (event["counters"].get("feature.search", 0), processes * events - observed - opened),
        "feature.open": (event["counters"].get("feature.open", 0), opened),
        "feature.short": (event["counters"].get("feature.short", 0), short_lived),
        "latency.search": (latency.get("count", 0), observed),
        "processes": (event["fleet"]["processes"], processes + short_lived),
        "dropped": (sum(event["dropped"].values()), 0),
    }
    for name, (got, wanted) in checks.items():
        console.print(f"  {'exact' if got == wanted else 'WRONG'}  {name}: {got:,} of {wanted:,}")
    return [f"{name}: {got} instead of {wanted}" for name, (got, wanted) in checks.items() if got != wanted]
