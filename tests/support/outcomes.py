"""What the tests look for in outputs: a one-line error, silence, a body somewhere in JSON."""

from __future__ import annotations

import json
import re
import subprocess
from typing import Any

from support.house import Completed

_MOVING = re.compile(r'("(?:timestamp|end)"\s*:\s*)[-+0-9.eE]+')


def assert_one_line_error(done: Completed) -> None:
    """DESIGN: errors are one line on stderr that says what to do."""
    assert len(done.stderr.strip().splitlines()) == 1, f"not one line: {done.stderr!r}"
    assert "Traceback" not in done.stderr


def assert_silent(done: Completed | subprocess.CompletedProcess[str]) -> None:
    """DESIGN: no call of the client ever prints."""
    assert (done.stdout, done.stderr) == ("", "")


def masked(body: str) -> str:
    """A body without the two values that may differ between a preview and the send after it."""
    return _MOVING.sub(r"\1~", body.strip())


def holds_body(value: Any, body: str) -> bool:
    """Whether this exact body is somewhere in a JSON value, as text or as the same document."""
    if isinstance(value, str):
        return value.strip() == body.strip()
    if isinstance(value, dict):
        return value == json.loads(body) or any(holds_body(one, body) for one in value.values())
    return isinstance(value, list) and any(holds_body(one, body) for one in value)
