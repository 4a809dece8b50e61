"""The processes of a house: a daemon to stop or kill, a client to talk to, a sweep for the rest."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from support.waiting import DEADLINE

_DRIVER = """
import json as _json, sys as _sys
for _line in _sys.stdin:
    _kind, _code = _json.loads(_line)
    _answer = eval(_code) if _kind == "ask" else exec(_code)
    _sys.__stdout__.write(_json.dumps(_answer) + "\\n")
    _sys.__stdout__.flush()
"""


class Daemon:
    """A running `daybeatd`; its output goes to a file, which `log` gives back."""

    def __init__(self, process: subprocess.Popen[bytes], log_file: Path) -> None:
        self.process = process
        self._log_file = log_file

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    @property
    def log(self) -> str:
        return self._log_file.read_text(errors="replace")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to go and wait for it; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(DEADLINE)

    def kill(self) -> None:
        """SIGKILL, as a power cut would; waits until it is gone."""
        self.process.kill()
        self.process.wait(DEADLINE)


class LiveClient:
    """A host that does one thing at a time, as told: so a test puts an event before or after a fault."""

    def __init__(self, process: subprocess.Popen[str], error_file: Path) -> None:
        self.process = process
        self._error_file = error_file
        self._answers: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    @staticmethod
    def program(prelude: str) -> str:
        """The source of such a process: what the host does first, then the loop that takes orders."""
        return prelude + _DRIVER

    @property
    def pid(self) -> int:
        return self.process.pid

    def ask(self, expression: str) -> Any:
        """The value of an expression there, by way of JSON."""
        return self._turn("ask", expression)

    def do(self, code: str) -> None:
        """Run statements there and wait for their end."""
        self._turn("do", code)

    def end(self) -> tuple[int, str]:
        """Let the process come to its normal end; its exit code and all it wrote to stderr."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        code = self.process.wait(DEADLINE)
        return code, self.errors

    @property
    def errors(self) -> str:
        return self._error_file.read_text(errors="replace")

    def _turn(self, kind: str, code: str) -> Any:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps([kind, code]) + "\n")
        self.process.stdin.flush()
        line = self._answers.get(timeout=2 * DEADLINE)  # longer than CONNECT tries
        assert line, f"the client ended at {code!r}: {self.errors}"
        return json.loads(line)

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as stream:
            for line in stream:
                self._answers.put(line)
        self._answers.put("")


def marked(root: Path) -> Iterator[int]:
    """The live processes that carry this house's mark, however they were started (Linux; elsewhere none)."""
    mark = f"HOUSE_OF_TEST={root}".encode()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (entry / "environ").read_bytes().split(b"\0"):
                yield int(entry.name)
        except OSError:  # it went away while we looked, or it is another user's
            continue


def sweep(root: Path) -> None:
    """Kill what still carries the mark: grandchildren that a killed daemon, tool or client left alone."""
    for pid in list(marked(root)):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
