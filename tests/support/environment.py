"""The environment of the children: the tester's own, less all that decides about telemetry or places."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
_SOURCES = os.pathsep.join((str(REPOSITORY / "client"), str(REPOSITORY / "daemon")))
_STRAY_PREFIXES = ("DAYBEAT_", "XDG_", "PYTHON", "PYTEST")
_STRAY_PARTS = ("TELEMETRY", "DO_NOT_TRACK", "_PROXY")


def _stray(name: str) -> bool:
    upper = name.upper()
    return upper.startswith(_STRAY_PREFIXES) or any(part in upper for part in _STRAY_PARTS)


def inherited() -> dict[str, str]:
    """Our environment without what could change a decision: consent, places, proxies, Python's switches."""
    return {name: value for name, value in os.environ.items() if not _stray(name)}


@functools.cache
def installed() -> bool:
    """Whether a child finds both packages by itself; asked of a child, since our own sys.path is pytest's."""
    asked = subprocess.run(
        [sys.executable, "-c", "import daybeat, daybeatd"],
        env=inherited(),
        cwd="/",
        capture_output=True,
        timeout=60,
    )
    return asked.returncode == 0


def for_house(root: Path) -> dict[str, str]:
    """The children's environment of one house. HOUSE_OF_TEST marks them, so that none can be left behind."""
    environ = inherited()
    environ.update(
        HOME=str(root / "home"),
        DAYBEAT_RUNTIME_DIR=str(root / "run"),
        DAYBEAT_STATE_DIR=str(root / "state"),
        DAYBEAT_CONFIG_DIR=str(root / "config"),
        HOUSE_OF_TEST=str(root),
    )
    if not installed():
        environ["PYTHONPATH"] = _SOURCES
    return environ
