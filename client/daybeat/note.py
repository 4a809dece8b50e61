"""One record on its way to the daemon: packed at once, for the host may change it. Pure."""

from __future__ import annotations

from . import wire
from .plain import plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from .book import Book


class Note:
    """A record in the sender's queue, as a handle that is used once. The rules are those of `book.Counter`."""

    __slots__ = ("armed", "book", "packed", "wake")

    def __init__(self, book: Book, packed: bytes, wake: Callable[[Note], None]) -> None:
        self.book = book
        self.packed = packed
        self.armed = 0
        self.wake = wake

    def hand_over(self) -> None:
        """Into the book, by whoever holds the sender's lock."""
        packed, self.packed = self.packed, b""
        if packed:
            self.book.note(packed)

    def forget(self) -> None:
        self.packed = b""


def pack(kind: str, fields: Mapping[str, Any] | None, time: float, salt: str) -> bytes:
    """The bytes of a record, with those of its `fields` that might be kept. Raises WireError when it is too long."""
    return wire.pack_record(wire.Record(kind=kind, time=time, fields=plain(fields), salt=salt))
