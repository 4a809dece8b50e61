"""One record on its way to the daemon: made plain and packed at once, for the host may change it. Pure."""

from __future__ import annotations

from . import wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from .book import Book

#: Entries of one map or list that are looked at.
MAX_ITEMS = 64

_LOST = object()


class Note:
    """A record in the sender's queue, as a handle that is used once. The rules are those of `book.Counter`."""

    __slots__ = ("armed", "book", "packed", "wake")

    def __init__(self, book: Book, packed: bytes, wake: Callable[[Note], None]) -> None:
        self.book = book
        self.packed = packed
        self.armed = False
        self.wake = wake

    def hand_over(self) -> None:
        """Into the book, by whoever holds the sender's lock."""
        packed, self.packed = self.packed, b""
        if packed:
            self.book.note(packed)

    def forget(self) -> None:
        self.packed = b""


def pack(kind: str, fields: Mapping[str, Any] | None, time: float, salt: str) -> bytes:
    """The bytes of a record. What in `fields` is no plain value is left out. Raises WireError when it is too long."""
    found = plain(fields if fields is not None else {}, wire.MAX_DEPTH)
    held = found if type(found) is dict else {}
    return wire.pack_record(wire.Record(kind=kind, time=time, fields=held, salt=salt))


def plain(value: Any, depth: int) -> Any:
    """A copy of `value` in plain values: numbers and texts of any kind as such, the first entries of maps and lists."""
    found = _plain(value, depth)
    return None if found is _LOST else found


def _plain(value: Any, depth: int) -> Any:
    if value is None or type(value) is bool or type(value) is float:
        return value
    if isinstance(value, str):
        return str.__str__(value).encode("utf-8", "replace").decode()
    if isinstance(value, int):
        number = int(value)
        return number if -(2**63) <= number < 2**63 else _LOST
    if isinstance(value, float) or (hasattr(type(value), "__float__") and not hasattr(type(value), "__len__")):
        return float(value)
    if depth and hasattr(value, "items"):
        return _map(value, depth)
    if depth and isinstance(value, (list, tuple)):
        return [found for item in value[:MAX_ITEMS] if (found := _plain(item, depth - 1)) is not _LOST]
    return _LOST


def _map(value: Any, depth: int) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for key, item in value.items():
        if len(kept) >= MAX_ITEMS:
            break
        found = _plain(item, depth - 1)
        if isinstance(key, str) and found is not _LOST:
            kept[_plain(key, 0)] = found
    return kept
