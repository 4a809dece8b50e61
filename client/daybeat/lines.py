"""Finds the line of a table, a key or a fault in a TOML text, which `tomllib` does not keep. Pure.

Good enough for messages: a line within a list that looks like a table's header is taken for one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

Path = tuple[str, ...]


class Lines:
    """Scans the text when it is first asked, which is when something is wrong."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at: dict[Path, int] = {}

    def of(self, path: Path) -> int:
        """The line, from 1, of `path`, or of the nearest table around it; 1 for what is nowhere."""
        if not self._at:
            self._at[()] = 1
            for found, number, _ in self._scan():
                for n in range(1, len(found) + 1):
                    self._at.setdefault(found[:n], number)
        while path not in self._at:
            path = path[:-1]
        return self._at[path]

    def key_at(self, number: int) -> Path:
        """The whole name of the key in a line, which may have no value that holds; () where there is none."""
        return next((path for path, at, is_key in self._scan() if is_key and at == number), ())

    def _scan(self) -> Iterator[tuple[Path, int, bool]]:
        """Each table and key, its line, and whether it is a key."""
        table: Path = ()
        inside = ""
        for number, line in enumerate(self._text.split("\n"), 1):
            stripped = line.strip()
            if inside:
                inside = "" if inside in stripped else inside
                continue
            if stripped.startswith("["):
                table = _keys(stripped) or table
                yield table, number, False
            elif keys := _keys(_up_to_equals(stripped) + "0"):
                yield (*table, *keys), number, True
            inside = next((mark for mark in ('"""', "'''") if stripped.count(mark) % 2), "")


def line_of(error: tomllib.TOMLDecodeError) -> int:
    """The line that tomllib names in `error`, 0 where it names none: "… (at line 3, column 9)", "… end of document"."""
    digits = str(error).rpartition("(at line ")[2].partition(",")[0]
    return int(digits) if digits.isdecimal() else 0


def _up_to_equals(line: str) -> str:
    """`key =` of a `key = value`, which may itself have `=` between quotes; "" where there is none."""
    found = re.match(r"""(?:"[^"]*"|'[^']*'|[^"'=#])*=""", line)
    return found[0] if found else ""


def _keys(text: str) -> Path:
    """The path that one line names. tomllib reads it, so that quotes and dots are what they are in the whole."""
    try:
        found: Any = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return ()
    path = []
    while isinstance(found, (dict, list)) and found:
        if isinstance(found, list):
            found = found[0]
            continue
        key, found = next(iter(found.items()))
        path.append(key)
    return tuple(path)
