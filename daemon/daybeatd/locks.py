"""Who holds a daemon's lock, seen without taking it: a look must never keep a daemon from starting."""

from __future__ import annotations

import os


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
