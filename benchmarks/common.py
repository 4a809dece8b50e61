"""What the benchmarks share: a real daemon in a directory of its own, and tables."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

PREPARE = """
import daybeat
telemetry = daybeat.Telemetry("acme", version="2.1.0", consent="opt-out", declare=["feature.*", "latency.*"])
"""


class House:
    """Directories for one daemon, and the environment that leads to them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("run", "state", "config"):
            (root / name).mkdir(mode=0o700)
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DAYBEAT_", "XDG_"))}
        inherited.pop("DO_NOT_TRACK", None)
        inherited.pop("PYTHONDONTWRITEBYTECODE", None)  # no installed package is compiled at each start
        self.environ = inherited | {
            "HOME": str(root),
            "DAYBEAT_RUNTIME_DIR": str(root / "run"),
            "DAYBEAT_STATE_DIR": str(root / "state"),
            "DAYBEAT_CONFIG_DIR": str(root / "config"),
        }

    def start_daemon(self) -> subprocess.Popen[bytes]:
        """A `daybeatd` that accepts connections. The caller ends it."""
        daemon = subprocess.Popen(
            [sys.executable, "-m", "daybeatd"],
            env=self.environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 30
        while not accepts(self.root / "run" / "control.sock"):
            if time.monotonic() > deadline or daemon.poll() is not None:
                raise SystemExit("daybeatd did not start; is the extra [daemon] installed?")
            time.sleep(0.05)
        return daemon

    def python(self, code: str, *flags: str) -> str:
        """What a process of this house that runs `code` prints."""
        done = subprocess.run(
            [sys.executable, *flags, "-c", code], env=self.environ, capture_output=True, text=True, timeout=600
        )
        if done.returncode:
            raise SystemExit(f"a measured process failed:\n{done.stderr}")
        return done.stdout


@contextmanager
def house() -> Iterator[House]:
    """A house directly under /tmp: a unix socket's path has 107 bytes."""
    root = Path(tempfile.mkdtemp(prefix="dbb-", dir="/tmp"))
    try:
        yield House(root)
    finally:
        shutil.rmtree(root, ignore_errors=True)


@contextmanager
def daemon_of(place: House) -> Iterator[subprocess.Popen[bytes]]:
    """A daemon for as long as the block lasts."""
    daemon = place.start_daemon()
    try:
        yield daemon
    finally:
        daemon.terminate()
        daemon.wait(30)


def accepts(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their widest cell; all but the first aligned to the right."""
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    for row in (head, ["-" * width for width in widths], *rows):
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        print("  ".join(cells).rstrip(), flush=True)


def quiet(values: Sequence[float]) -> float:
    """The lower tenth: what other programs of the machine disturbed least."""
    return sorted(values)[len(values) // 10]


def median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]
