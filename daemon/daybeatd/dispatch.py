"""The daemon's end of the courier: starts the child when there is work, speaks to it over pipes, holds it to its time.

The daemon has no network of its own. A courier that can't be started, hangs, crashes or is killed is one more failed
attempt.
"""

from __future__ import annotations

import os
import subprocess
import sys
from time import monotonic

from daybeatd import courier_wire
from daybeatd.sinks.contract import Delivery, Result

#: Seconds that the courier may take beyond the timeout of an attempt, its own start included.
GRACE = 10.0
#: Attempts under way at once.
MAX_UNDER_WAY = 4


class Dispatch:
    """One courier at a time. None of it blocks."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._to_write = b""
        self._received = b""
        self._deadlines: dict[str, float] = {}
        #: Why there is no child although there is work, in one line.
        self._fault = ""

    @property
    def has_room(self) -> bool:
        return len(self._deadlines) < MAX_UNDER_WAY

    def has(self, id: str) -> bool:
        """Whether an attempt of that id is under way."""
        return id in self._deadlines

    def send(self, id: str, delivery: Delivery, body: bytes, proxy: str = "", ca: str = "") -> None:
        """Begin one attempt. Its result comes out of `results`."""
        if self._child is None:
            try:
                self._start()
            except OSError as error:  # no memory, no descriptor, or a Python that was replaced by another one
                self._fault = f"the courier can't be started: {error.strerror}"
                self._deadlines[id] = 0.0
                return
        self._deadlines[id] = monotonic() + delivery.timeout + GRACE
        self._to_write += courier_wire.pack_request(id, delivery, body, proxy, ca)
        self._write()

    def _start(self) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-m", "daybeatd.courier"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        os.set_blocking(self._child.stdin.fileno(), False)
        os.set_blocking(self._child.stdout.fileno(), False)

    def descriptors(self) -> dict[int, bool]:
        """What to poll: descriptor -> whether it waits to be written rather than read."""
        child = self._child
        if child is None or child.stdin is None or child.stdout is None:
            return {}
        found = {child.stdout.fileno(): False}
        if self._to_write:
            found[child.stdin.fileno()] = True
        return found

    @property
    def deadline(self) -> float:
        """When, by `monotonic`, `results` is due although nothing came; infinity when nothing is under way."""
        return min(self._deadlines.values(), default=float("inf"))

    def _write(self) -> None:
        child = self._child
        assert child is not None
        assert child.stdin is not None
        try:
            while self._to_write:
                self._to_write = self._to_write[os.write(child.stdin.fileno(), self._to_write) :]
        except BlockingIOError:
            pass
        except BrokenPipeError:
            self._to_write = b""  # `results` will see its end

    def results(self) -> list[tuple[str, Result]]:
        """The attempts that ended."""
        if self._child is None:
            return self._failed(self._fault)
        if self._to_write:
            self._write()
        ended = not self._read()
        try:
            payloads, self._received = courier_wire.split(self._received, courier_wire.MAX_RESULT)
            found = [courier_wire.unpack_result(payload) for payload in payloads]
        except courier_wire.CourierWireError:
            found, ended = [], True
        found = [(id, result) for id, result in found if self._deadlines.pop(id, None) is not None]
        if ended or self.deadline <= monotonic():
            found += self._failed("the courier ended early" if ended else "the courier did not answer in time")
            self.stop()
        return found

    def _failed(self, words: str) -> list[tuple[str, Result]]:
        """No attempt under way has an answer."""
        ids = list(self._deadlines)
        self._deadlines.clear()
        return [(id, Result(status=0, words=words)) for id in ids]

    def _read(self) -> bool:
        """Take in what the child wrote; False when it has closed its end."""
        child = self._child
        assert child is not None
        assert child.stdout is not None
        try:
            while part := os.read(child.stdout.fileno(), 1 << 16):
                self._received += part
        except BlockingIOError:
            return True
        return False

    def stop(self) -> None:
        """End the child. Attempts under way are forgotten; they will be made again with the same bytes."""
        child, self._child = self._child, None
        self._deadlines.clear()
        self._received = b""
        self._to_write = b""
        if child is not None and child.stdin is not None and child.stdout is not None:
            child.kill()
            child.wait()
            child.stdin.close()
            child.stdout.close()
