"""In which line of a TOML text a table or a key is: `tomllib` does not tell. Pure.

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
            for found, number in self._scan():
                for n in range(1, len(found) + 1):
                    self._at.setdefault(found[:n], number)
        while path not in self._at:
            path = path[:-1]
        return self._at[path]

    def _scan(self) -> Iterator[tuple[Path, int]]:
        table: Path = ()
        inside = ""
        for number, line in enumerate(self._text.split("\n"), 1):
            stripped = line.strip()
            if inside:
                inside = "" if inside in stripped else inside
                continue
            if stripped.startswith("["):
                table = _keys(stripped) or table
                yield table, number
            elif stripped:
                yield (*table, *_keys(_before_equals(stripped) + "= 0")), number
            inside = next((mark for mark in ('"""', "'''") if stripped.count(mark) % 2), "")


def _before_equals(line: str) -> str:
    """The key of a `key = value`, which may itself have `=` between quotes."""
    found = re.match(r"""(?:"[^"]*"|'[^']*'|[^"'=#])*""", line)
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
