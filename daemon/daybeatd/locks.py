"""The daemon's locks. Who holds one is seen without taking it, which could keep a daemon from starting."""

from __future__ import annotations

import contextlib
import fcntl
import os

from daybeat.endpoint import Endpoint
from daybeatd.directories import own


class AlreadyRunningError(Exception):
    """Another daemon serves this user."""


def take(place: Endpoint) -> list[int]:
    """The descriptors that say that we are the daemon of these directories. Raises AlreadyRunningError."""
    own(place.runtime)
    locks = [_take(place.lock)]
    # A state directory that can't be written has nothing to protect.
    with contextlib.suppress(OSError):
        os.makedirs(place.state, mode=0o700, exist_ok=True)
        locks.append(_take(f"{place.state}/daybeatd.lock"))
    return locks


def _take(path: str) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise AlreadyRunningError(f"a daemon is running already: it holds {path}") from None
    return descriptor


def holder(path: str) -> int:
    """The pid of the process that holds the lock at `path`; 0 when nobody does, or it can't be told."""
    try:
        inode = os.stat(path).st_ino
        with open("/proc/locks", encoding="ascii", errors="replace") as held:
            lines = [line.split() for line in held]
    except OSError:
        return 0
    for fields in lines:
        # "1: FLOCK ADVISORY WRITE 4711 08:01:131 0 EOF"; a device's numbers mean nothing on some file systems.
        if len(fields) > 5 and fields[1] == "FLOCK" and fields[5].rpartition(":")[2] == str(inode):
            pid = int(fields[4])
            if pid > 0 and _has_open(pid, path):
                return pid
    return 0


def is_held(path: str) -> bool:
    return holder(path) != 0


def _has_open(pid: int, path: str) -> bool:
    try:
        return any(
            os.path.realpath(path) == os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")
        )
    except OSError:
        return False
