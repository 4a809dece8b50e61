"""What the daemon asks of the machine it runs on: clocks, memory, age. The only psutil."""

from __future__ import annotations

import itertools
import os
import time

import psutil

from daybeatd.core.schedule import DAY, Moment


def moment() -> Moment:
    """The clocks now. Where no clock runs on in sleep, the boot is given no name and the wall clock decides alone."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return Moment(time.time(), time.clock_gettime(time.CLOCK_BOOTTIME), _boot())
    return Moment(time.time(), 0.0, "")


def _boot() -> str:
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as boot_id:
            return boot_id.read().strip()
    except OSError:
        return f"{psutil.boot_time():.0f}"


def local_time(wall: float) -> float:
    """Seconds since local midnight, in the time zone that the machine is in now."""
    time.tzset()
    local = time.localtime(wall)
    return local.tm_hour * 3600 + local.tm_min * 60 + local.tm_sec


def memory() -> int:
    """The daemon's resident memory, bytes."""
    return int(psutil.Process().memory_info().rss)


def names(pids: list[int]) -> dict[int, str]:
    """The names of those processes that still live."""
    found = {}
    for pid in pids:
        try:
            found[pid] = psutil.Process(pid).name()
        except psutil.Error:
            continue  # it ended meanwhile
    return found


def home_is_young_until(home: str, now: float) -> float:
    """The wall-clock time at which the oldest entry of a home is a day old: until then it counts as ephemeral.

    A container's home seldom gets there. 0 where it can't be told. At most 1,000 entries are looked at.
    """
    try:
        with os.scandir(home) as entries:
            changes = [entry.stat(follow_symlinks=False).st_mtime for entry in itertools.islice(entries, 1000)]
    except OSError:
        return 0.0
    return min(changes, default=now) + DAY
