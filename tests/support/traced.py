"""What a host's system calls say about it, by strace."""

from __future__ import annotations

import json
import re
import shutil
import sys
from typing import Any

import pytest

from support.house import House

TRACED = "%file,%network,clone,clone3,fork,vfork"


def require_strace(house: House) -> None:
    """Skip the test where strace is not to be had."""
    if shutil.which("strace") is None or house.run("strace", "-qq", "-o", "/dev/null", "true").returncode != 0:
        pytest.skip("strace is not here or may not trace")


def trace(house: House, code: str, **environ: str) -> tuple[list[str], Any]:
    """The system calls of a host that runs `code` and stays silent, and what it prints as JSON."""
    log = house.root / "trace"
    strace = ("strace", "-f", "-qq", "-s", "4096", "-o", str(log), "-e", f"trace={TRACED}")
    done = house.run(*strace, sys.executable, "-c", code, **environ)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return [re.sub(r"^\d+\s+", "", line) for line in log.read_text().splitlines()], json.loads(done.stdout)


def on_the_network(calls: list[str]) -> list[str]:
    """Those that have to do with sockets of any kind."""
    return [call for call in calls if re.match(r"(socket|socketpair|connect|bind|send\w*|recv\w*)\(", call)]


def starting(calls: list[str]) -> list[str]:
    """Those that begin a thread or a process."""
    return [call for call in calls if re.match(r"(clone3?|v?fork)\(", call)]


def making(calls: list[str]) -> list[str]:
    """Those that make or change something in the file system, but for what the interpreter compiles."""
    made = [call for call in calls if re.match(r"(mkdir|creat|rename|link|symlink|unlink|chmod|mknod)", call)]
    made += [call for call in calls if call.startswith("open") and re.search(r"O_(CREAT|WRONLY|RDWR)", call)]
    return [call for call in made if "__pycache__" not in call and '"/dev/' not in call]


def named(calls: list[str], *places: object) -> list[str]:
    """The paths at or below one of `places` that these calls name."""
    roots = tuple(map(str, places))
    return [path for call in calls for path in re.findall(r'"([^"]*)"', call) if path.startswith(roots)]
