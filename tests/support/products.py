"""The source text of a product that embeds the client, as the README of such a product would write it."""

from __future__ import annotations

from typing import Any

DECLARED = ["feature.*", "cli.*", "latency.*", "size.*"]


def https_json(url: str, **settings: Any) -> str:
    """The source of an https_json sink."""
    return f"daybeat.https_json({url!r}{_arguments(settings)})"


def file(path: str) -> str:
    """The source of a file sink."""
    return f"daybeat.file({path!r})"


def product(name: str, sink: str = "None", **policy: Any) -> str:
    """A host's first lines: `telemetry` is its handle. Opt-out, so that a test need not ask for consent."""
    settings: dict[str, Any] = {"version": "2.1.0", "consent": "opt-out", "declare": DECLARED, **policy}
    return f"import daybeat\ntelemetry = daybeat.Telemetry({name!r}{_arguments(settings)}, sink={sink})\n"


def acme(sink: str = "None", **policy: Any) -> str:
    """The product of most tests."""
    return product("acme", sink, **policy)


CONNECT = """
import time as _time
_end = _time.monotonic() + 30
while not (telemetry.count("cli.connect"), telemetry.flush(1))[1] and _time.monotonic() < _end:
    _time.sleep(0.05)
"""
"""Count `cli.connect` until one was handed to a daemon: from then on, no event is dropped for want of one."""


def _arguments(settings: dict[str, Any]) -> str:
    return "".join(f", {key}={value!r}" for key, value in settings.items())
