"""A real daemon whose clocks a test sets: values, not sleeps."""

from __future__ import annotations

from pathlib import Path

# The daemon as `daybeatd` runs it, but for the clocks, which are ahead by the seconds that a file says.
SHIFTED_DAEMON = """
import logging, os, sys
from daybeat.endpoint import locate
from daybeatd import host
from daybeatd.app import App
from daybeatd.core.schedule import Moment

def moment():
    now = host.moment()
    with open(sys.argv[1]) as file:
        wall, up = map(float, file.read().split())
    return Moment(now.wall + wall, now.up + up, now.boot)

logging.basicConfig(level="INFO")
app = App(locate(os.environ, sys.platform, os.geteuid()), moment=moment)
try:
    app.run()
finally:
    app.close()
"""


class Clock:
    """How far the daemon's clocks are ahead, in seconds."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.wall = 0.0
        self.up = 0.0
        self._write()

    def advance(self, seconds: float) -> None:
        """Time passes."""
        self.wall += seconds
        self.up += seconds
        self._write()

    def jump(self, seconds: float) -> None:
        """Somebody sets the wall clock."""
        self.wall += seconds
        self._write()

    def _write(self) -> None:
        fresh = self.path.with_suffix(".new")
        fresh.write_text(f"{self.wall} {self.up}")
        fresh.replace(self.path)
