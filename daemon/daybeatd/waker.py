"""Ends the loop's sleep from a signal's handler or another thread: a pipe that the loop polls."""

from __future__ import annotations

import contextlib
import os


class Waker:
    def __init__(self) -> None:
        self._read, self._write = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)

    def fileno(self) -> int:
        """What to poll for reading."""
        return self._read

    def wake(self) -> None:
        with contextlib.suppress(BlockingIOError):  # it is awake
            os.write(self._write, b"!")

    def rest(self) -> None:
        """Be ready for the next call."""
        with contextlib.suppress(BlockingIOError):
            while os.read(self._read, 4096):
                pass

    def close(self) -> None:
        os.close(self._read)
        os.close(self._write)
