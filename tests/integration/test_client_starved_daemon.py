"""At an exit: a daemon that gets no processor is waited for, one that spins and does not answer is not."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path

import pytest

from support.house import House
from support.outcomes import assert_silent
from support.products import acme
from support.waiting import until

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "SCHED_IDLE"), reason="Linux alone tells how a process is scheduled"),
    pytest.mark.alone,  # a daemon with the least claim to a processor gets none beside the processes of other tests
]

SPIN = "while True: pass"
# Takes the daemon's place: lets everybody connect, and never answers.
SPINNING_DAEMON = """
import os, socket
listener = socket.socket(socket.AF_UNIX)
listener.bind(os.path.join(os.environ["DAYBEAT_RUNTIME_DIR"], "ingest.sock"))
listener.listen(64)
while True: pass
"""


def _threads(pid: int) -> list[int]:
    return [int(entry.name) for entry in Path(f"/proc/{pid}/task").iterdir()]


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return int(fields[11]) + int(fields[12])


def _accepts(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


def test_a_starved_daemon_gets_the_only_event(house: House) -> None:
    """It shares one processor with a process that never rests, and has the least claim to it that there is."""
    daemon = house.start_daemon()
    processor = {min(os.sched_getaffinity(0))}
    rival = house.launch("-c", SPIN)
    os.sched_setaffinity(rival.pid, processor)
    for thread in _threads(daemon.process.pid):
        os.sched_setaffinity(thread, processor)
        os.sched_setscheduler(thread, os.SCHED_IDLE, os.sched_param(0))
    for _ in range(5):
        assert_silent(house.run_client(acme() + "telemetry.count('feature.only')"))
    rival.kill()
    rival.wait()
    house.await_counters({"feature.only": 5})


def test_a_spinning_daemon_is_not_waited_for(house: House) -> None:
    spinning = house.launch("-c", SPINNING_DAEMON)
    until(lambda: _accepts(house.runtime / "ingest.sock"), "the spinning daemon at its socket")
    before = _ticks(spinning.pid)
    assert_silent(house.run_client(acme() + "telemetry.count('feature.only')"))
    spent = (_ticks(spinning.pid) - before) / os.sysconf("SC_CLK_TCK")
    assert spent < 5, "the exit went on waiting although the daemon had a processor all the time"
    spinning.send_signal(signal.SIGKILL)
