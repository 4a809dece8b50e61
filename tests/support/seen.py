"""All that a house shows and keeps: files, logs, answers of the tool, bodies at a collector; raw and decoded."""

from __future__ import annotations

import base64
import binascii
import gzip
import re
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote_plus

from support.collector import Collector
from support.hostile import pieces
from support.house import House

COMMANDS = (
    ["status"],
    ["status", "--json"],
    ["preview"],
    ["history"],
    ["history", "--json"],
    ["export"],
    ["doctor"],
    ["doctor", "--json"],
)
#: Characters of a piece that is no accident: among clocks, counters and hashes, short ones occur by chance.
LEAST_LETTERS = 6
LEAST_MIXED = 8
LEAST_DIGITS = 9
_GRAM = 5
_TOKEN = re.compile(r"[A-Za-z0-9+/_=-]{8,}")
#: What a tag's open value is shown as. Its last digits are chance, and make no word with the next tag's key.
_HASHED = re.compile(r"(?<==)([0-9a-f]{16})(?=[,}])")
_APART = "\u0080"  # stays when a text is squeezed
_SQUEEZE = re.compile(r"[^0-9a-z\u0080-\U0010ffff]+")


def answers(house: House) -> dict[str, str]:
    """What each command prints, on either stream."""
    found = {}
    for command in COMMANDS:
        done = house.daybeat(*command)
        found[f"daybeat {' '.join(command)}"] = done.stdout + done.stderr
    return found


def files(house: House) -> dict[str, bytes]:
    """Every file of the daemon's, and its log, as they lie on the disk."""
    roots = [house.state, house.config, house.runtime]
    paths = [path for root in roots for path in root.rglob("*") if path.is_file()]
    paths += house.root.glob("daybeatd-*.log")
    return {str(path.relative_to(house.root)): path.read_bytes() for path in paths}


def cells(database: Path) -> Iterator[str]:
    """Every cell of every table, as text; bytes as Latin-1. Only of a database that no daemon has open."""
    with sqlite3.connect(database) as connection:
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in connection.execute(f"SELECT * FROM {table}"):
                yield from (cell.decode("latin-1") if isinstance(cell, bytes) else str(cell) for cell in row)
    connection.close()


def bodies(collector: Collector) -> dict[str, bytes]:
    """What came to the collector, with the address that it was asked for."""
    return {
        f"request {number}": request.path.encode() + b"\n" + _plain(request.body)
        for number, request in enumerate(collector.requests)
    }


def _plain(body: bytes) -> bytes:
    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body


class Haystack:
    """Texts to search, as they are and decoded: percent, base64, hex, each squeezed to letters and digits."""

    def __init__(self, texts: Iterable[str | bytes]) -> None:
        plain = [
            text.decode("latin-1") + text.decode("utf-8", "ignore") if isinstance(text, bytes) else text
            for text in texts
        ]
        plain = [_HASHED.sub(rf"{_APART}\1{_APART}", text) for text in plain]
        self.texts = [_SQUEEZE.sub("", form.lower()) for text in plain for form in (text, unquote_plus(text))]
        self.texts.append("\n".join(_SQUEEZE.sub("", found.lower()) for text in plain for found in _decoded(text)))
        self._grams = {text[i : i + _GRAM] for text in self.texts for i in range(len(text) - _GRAM + 1)}

    def found(self, secret: str, known: Haystack | None = None) -> str:
        """What of the secret is there and not in what was `known` before; "" for nothing."""
        told = (piece for piece in pieces(secret) if _tells(piece) and self.has(piece))
        return next((piece for piece in told if known is None or not known.explains(piece)), "")

    def explains(self, piece: str) -> bool:
        """Whether it is there, but for a letter at an edge: in a database any byte may lie beside a text."""
        return self.has(piece) or self.has(piece[1:]) or self.has(piece[:-1])

    def has(self, piece: str) -> bool:
        return piece[:_GRAM] in self._grams and any(piece in text for text in self.texts)


def _tells(piece: str) -> bool:
    if piece.isdigit():
        return len(piece) >= LEAST_DIGITS
    return len(piece) >= (LEAST_MIXED if any(map(str.isdigit, piece)) else LEAST_LETTERS)


def _decoded(text: str) -> Iterator[str]:
    for token in set(_TOKEN.findall(text)):
        try:
            if len(token) % 2 == 0 and re.fullmatch("[0-9a-fA-F]+", token):
                yield bytes.fromhex(token).decode("utf-8", "ignore")
            yield base64.b64decode(token.replace("-", "+").replace("_", "/") + "===").decode("utf-8", "ignore")
        except (ValueError, binascii.Error):
            continue
