"""One record on its way to the daemon: made plain and packed at once, for the host may change it. Pure.

Which record may be sent, and how, `daybeat.records` decides in the daemon. What that would leave out in any case, a
prompt in `metadata` say, stays in this process: so no part is too long for the others.
"""

from __future__ import annotations

from itertools import islice

from . import wire
from .policy import MAX_NAME, MAX_SEGMENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from .book import Book

#: Entries of one map or list that are looked at.
MAX_ITEMS = 64

#: Of `metadata` and `context`, as Mycelium's document has it.
PLAIN_FIELDS = ("duration_ms", "success", "retry_count", "cache_hit", "result_count", "status_code")

#: Bytes that are sent to the daemon, which keeps fewer: the beginning of a message, the end of a trace.
MAX_MESSAGE = 2048
MAX_TRACE = 8000
#: Characters of a tag's value, which may be an id of any form.
MAX_TAG = 512

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
    held = plain(fields) if fields is not None else {}
    return wire.pack_record(wire.Record(kind=kind, time=time, fields=held, salt=salt))


def plain(fields: Any) -> dict[str, Any]:
    """A copy of a record's fields in plain values, numbers and texts of any kind as such: what might be kept."""
    if not hasattr(fields, "items"):
        return {}
    held: dict[str, Any] = _map({name: _reduced(name, part) for name, part in _named(fields)}, wire.MAX_DEPTH)
    return held


def _named(given: Any) -> list[tuple[str, Any]]:
    """The first entries of a map whose keys are texts."""
    return list(islice((pair for pair in given.items() if isinstance(pair[0], str)), MAX_ITEMS))


def _reduced(name: str, part: Any) -> Any:
    reduce = _PARTS.get(name)
    return part if reduce is None or part is None else reduce(part)


def _name(text: Any) -> Any:
    """A name; what is too long for one is none."""
    return "" if isinstance(text, str) and len(text) > MAX_NAME else text


def _type(text: Any) -> Any:
    return text[-MAX_NAME:] if isinstance(text, str) else text


def _message(text: Any) -> Any:
    return _text(text[:MAX_MESSAGE].encode("utf-8", "replace")[:MAX_MESSAGE]) if isinstance(text, str) else text


def _trace(text: Any) -> Any:
    return _text(text[-MAX_TRACE:].encode("utf-8", "replace")[-MAX_TRACE:]) if isinstance(text, str) else text


def _text(cut: bytes) -> str:
    return cut.decode("utf-8", "ignore")  # the cut may have gone through a character


def _known(given: Any) -> Any:
    """The known fields, and of each other one only that it was there: that is counted."""
    if not hasattr(given, "items"):
        return None
    held = given if isinstance(given, dict) else dict(given.items())
    known = {name: _number(held[name]) for name in PLAIN_FIELDS if name in held}
    return known | dict.fromkeys(map(str, range(min(len(held) - len(known), MAX_ITEMS))))


def _number(part: Any) -> Any:
    return part if hasattr(type(part), "__float__") else None


def _tags(given: Any) -> Any:
    """The first tags; a key or a value that is too long stays one, in fewer characters."""
    if not hasattr(given, "items"):
        return None
    return {key[: MAX_SEGMENT + 1]: _tag(part) for key, part in _named(given)}


def _tag(part: Any) -> Any:
    return "" if isinstance(part, str) and len(part) > MAX_TAG else part


_PARTS = {
    "operation": _name,
    "metadata": _known,
    "metric_name": _name,
    "unit": _name,
    "tags": _tags,
    "error_type": _type,
    "error_message": _message,
    "stack_trace": _trace,
    "context": _known,
}


def _plain(value: Any, depth: int) -> Any:
    if value is None or type(value) is bool or type(value) is float:
        return value
    if isinstance(value, str):
        return str.__str__(value).encode("utf-8", "replace").decode()
    if isinstance(value, int):
        number = int(value)
        return number if -(2**63) <= number < 2**63 else _LOST
    if isinstance(value, float) or (hasattr(type(value), "__float__") and not hasattr(type(value), "__len__")):
        try:
            return float(value)
        except (ArithmeticError, TypeError, ValueError):  # a missing value, or one beyond all floats
            return _LOST
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
