"""The daemon behind `daybeat`, and the person's tool. Both commands begin here."""

from __future__ import annotations

import sys


def daybeat() -> int:
    """The tool."""
    return _run("daybeatd.cli")


def daybeatd() -> int:
    """The daemon."""
    return _run("daybeatd.serve")


def _run(module: str) -> int:
    """The exit code of the command in `module`. Without the extra that it needs, one line says which."""
    from importlib import import_module

    try:
        command = import_module(module)
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] in ("daybeat", "daybeatd"):
            raise
        sys.stderr.write(f"{missing.name} is missing; install the daemon with: pip install 'daybeat[daemon]'\n")
        return 1
    code: int = command.main()
    return code
