"""Tells, by inotify, of files in the settings that were changed by hand: else off would wait for the next look."""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
import sys
from collections.abc import Sequence

_CLOSE_WRITE, _MOVED_FROM, _MOVED_TO, _CREATE, _DELETE, _ONLYDIR = 0x8, 0x40, 0x80, 0x100, 0x200, 0x01000000
_CHANGES = _CLOSE_WRITE | _MOVED_FROM | _MOVED_TO | _CREATE | _DELETE | _ONLYDIR
#: inotify(7): what is read at once holds at least one event with the longest name.
_EVENTS = 16 * (struct.calcsize("iIII") + 256)


class Watch:
    """Watches directories, not what is below them. Only Linux can: elsewhere `descriptor` is -1 and nothing is told.

    What is written at the other end of a link, or by another machine into a network home, is not told either.
    """

    def __init__(self, own: Sequence[str], others: Sequence[str] = ()) -> None:
        """`own` directories are made where they are missing; `others` are watched if they are there."""
        self._own = own
        self._others = others
        self.descriptor = -1
        if sys.platform == "linux":
            self._libc = ctypes.CDLL(None)
            self.descriptor = self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        self.renew()

    def renew(self) -> None:
        """Watch each directory as it is now; an older watch of it is the same one."""
        if self.descriptor < 0:
            return
        for path in self._own:
            with contextlib.suppress(OSError):  # one that can't be made is looked at now and then
                os.makedirs(path, mode=0o700, exist_ok=True)
        for path in (*self._own, *self._others):
            self._libc.inotify_add_watch(self.descriptor, os.fsencode(path), _CHANGES)

    def take(self) -> None:
        """Take in what was told: that there was something is all that counts."""
        with contextlib.suppress(BlockingIOError):
            while os.read(self.descriptor, _EVENTS):
                pass
        self.renew()

    def close(self) -> None:
        if self.descriptor >= 0:
            os.close(self.descriptor)
