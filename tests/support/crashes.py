"""Clients whose every event can be found again, and the sums that must hold whatever happens to the daemon."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from support.collector import Collector, Request
from support.house import House
from support.products import acme, https_json
from support.waiting import DEADLINE

#: Seconds that a slot of counting lasts. Each slot has a name of its own.
SLOT = 0.3

# Counts without pause under one name a slot. A line is written when a slot ends (what was sent under its name) and when
# all up to then was confirmed: handed to a daemon's socket.
_CLIENT = """
import json, os, sys, time
log = open(sys.argv[1], "a", buffering=1)
unconfirmed, number = [], 0
def confirm():
    if unconfirmed and telemetry.flush(0.5):
        log.write(json.dumps({"confirmed": list(unconfirmed), "at": time.time()}) + "\\n")
        unconfirmed.clear()
while not os.path.exists(sys.argv[3]):
    name = f"feature.c{sys.argv[2]}.s{number // 1000}.slot{number % 1000}"
    number += 1
    sent, start = 0, time.time()
    while time.time() < start + float(sys.argv[4]):
        telemetry.count(name)
        sent += 1
        if sent % 20 == 0:
            time.sleep(0.001)
    log.write(json.dumps({"name": name, "sent": sent, "start": start}) + "\\n")
    unconfirmed.append(name)
    confirm()
deadline = time.time() + 20
while unconfirmed and time.time() < deadline:
    confirm()
"""


@dataclass
class Slot:
    sent: int
    start: float
    confirmed: float | None = None


@dataclass
class Fleet:
    """Busy client processes, and what they say they sent."""

    house: House
    collector: Collector
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, count: int) -> None:
        script = self.house.script(acme(https_json(self.collector.url, retry_attempts=1)) + _CLIENT)
        for number in range(count):
            self.processes.append(
                self.house.launch(str(script), str(self._log(number)), str(number), str(self._stop), str(SLOT))
            )

    def _log(self, number: int) -> Path:
        return self.house.root / f"sent-{number}"

    @property
    def _stop(self) -> Path:
        return self.house.root / "stop"

    def join(self) -> None:
        """Let the clients come to their end."""
        self._stop.touch()
        for process in self.processes:
            assert process.wait(3 * DEADLINE) == 0

    def slots(self) -> dict[str, Slot]:
        found: dict[str, Slot] = {}
        for number in range(len(self.processes)):
            for line in self._log(number).read_text().splitlines():
                entry = json.loads(line)
                if "name" in entry:
                    found[entry["name"]] = Slot(entry["sent"], entry["start"])
                for name in entry.get("confirmed", ()):
                    found[name].confirmed = entry["at"]
        return found


def delivered(requests: Iterable[Request]) -> dict[str, int]:
    """The sums over distinct beat ids. No beat id may come with two bodies."""
    bodies: dict[str, bytes] = {}
    sums: dict[str, int] = {}
    for request in requests:
        if len(request.body) < int(request.headers["content-length"]):
            continue  # its sender was killed in the middle: no receiver can take it for a heartbeat
        (event,) = request.events
        beat_id = event["beat_id"]
        assert bodies.setdefault(beat_id, request.body) == request.body, f"{beat_id} came with two bodies"
        assert request.headers["idempotency-key"] == beat_id
    for body in bodies.values():
        for name, n in json.loads(body)["events"][0].get("counters", {}).items():
            sums[name] = sums.get(name, 0) + n
    return sums


def violations(slots: dict[str, Slot], sums: dict[str, int], kills: list[tuple[float, float]]) -> list[str]:
    """What was lost although it was confirmed a second before a kill, and what was counted more than once.

    Each of `kills` is when the signal was sent, and when the process was gone.
    """
    found = []
    for name, slot in slots.items():
        got = sums.get(name, 0)
        if got > slot.sent:
            found.append(f"{name}: {got} of {slot.sent} sent")
        if slot.confirmed is None or any(slot.start <= gone and sent <= slot.confirmed + 1.0 for sent, gone in kills):
            continue
        if got < slot.sent:
            found.append(f"{name}: {got} of {slot.sent} confirmed")
    return found + [f"{name} was never sent" for name in sums.keys() - slots.keys()]
