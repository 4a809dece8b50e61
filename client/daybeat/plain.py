"""What of a record's fields is handed to the daemon: plain values alone, and only what it might keep. Pure.

What `daybeat.records` would leave out in any case, a prompt in `metadata` say, stays in this process: so nothing is so
long that it costs the rest its place in the frame.
"""

from __future__ import annotations

from itertools import islice

from .policy import MAX_NAME, MAX_SEGMENT
from .wire import MAX_DEPTH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

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


def plain(fields: Any) -> dict[str, Any]:
    """A copy of the fields that might be kept. Numbers and texts of the host's own types become plain ones."""
    if not hasattr(fields, "items"):
        return {}
    given = dict(fields.items())
    parts = {name: reduce(given[name]) for name, reduce in _FIELDS.items() if given.get(name) is not None}
    held: dict[str, Any] = _map(parts, MAX_DEPTH)
    return held


def _as_it_is(part: Any) -> Any:
    return part


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
    named = islice((pair for pair in given.items() if isinstance(pair[0], str)), MAX_ITEMS)
    return {key[: MAX_SEGMENT + 1]: _tag(part) for key, part in named}


def _tag(part: Any) -> Any:
    return "" if isinstance(part, str) and len(part) > MAX_TAG else part


#: Of all kinds of records together, each with what might be kept of it.
_FIELDS = {
    "agent_id": _as_it_is,
    "operation": _name,
    "metadata": _known,
    "metric_name": _name,
    "value": _as_it_is,
    "unit": _name,
    "tags": _tags,
    "error_type": _type,
    "error_message": _message,
    "stack_trace": _trace,
    "context": _known,
    "platform": _name,
    "platform_version": _name,
    "python_version": _name,
    "python_implementation": _name,
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
