"""Reduces a record's fields to plain values, and to what the daemon might keep. Pure.

What `daybeat.records` would drop anyway, such as a prompt in `metadata`, stays in this process, and takes no place in
the frame from the rest.
"""

from __future__ import annotations

from itertools import islice

from .policy import MAX_NAME, MAX_READ, MAX_SEGMENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: Entries of one map that are kept.
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
    """A copy of the fields that might be kept: texts and numbers, and maps of those.

    Numbers and texts of the host's own types become plain ones.
    """
    if not hasattr(fields, "items"):
        return {}
    given = dict(islice(fields.items(), MAX_READ))
    parts = {name: reduce(given[name]) for name, reduce in _FIELDS.items() if given.get(name) is not None}
    return {name: part for name, part in parts.items() if part is not _LOST}


def _scalar(part: Any) -> Any:
    if part is None or type(part) is bool or type(part) is float:
        return part
    if isinstance(part, str):
        return str.__str__(part).encode("utf-8", "replace").decode()
    if isinstance(part, int):
        number = int(part)
        return number if -(2**63) <= number < 2**63 else _LOST
    if hasattr(type(part), "__float__") and not hasattr(type(part), "__len__"):
        try:
            return float(part)
        except (ArithmeticError, TypeError, ValueError):  # a missing value, or one beyond all floats
            return _LOST
    return _LOST


def _name(text: Any) -> Any:
    """A name, "" where the text is too long for one."""
    return "" if isinstance(text, str) and len(text) > MAX_NAME else _scalar(text)


def _type(text: Any) -> Any:
    return _scalar(text[-MAX_NAME:] if isinstance(text, str) else text)


def _message(text: Any) -> Any:
    return _text(text[:MAX_MESSAGE].encode("utf-8", "replace")[:MAX_MESSAGE]) if isinstance(text, str) else _LOST


def _trace(text: Any) -> Any:
    return _text(text[-MAX_TRACE:].encode("utf-8", "replace")[-MAX_TRACE:]) if isinstance(text, str) else _LOST


def _text(cut: bytes) -> str:
    return cut.decode("utf-8", "ignore")  # the cut may have gone through a character


def _known(given: Any) -> Any:
    """The known fields, and a number in place of each other one: the daemon counts those as dropped."""
    if not hasattr(given, "items"):
        return _LOST
    held = given if isinstance(given, dict) else dict(islice(given.items(), MAX_READ))
    known = {name: _number(held[name]) for name in PLAIN_FIELDS if name in held}
    return known | dict.fromkeys(map(str, range(min(len(held) - len(known), MAX_ITEMS))))


def _number(part: Any) -> Any:
    """A number; None for all else, which the daemon counts as dropped."""
    found = _scalar(part) if hasattr(type(part), "__float__") else None
    return None if found is _LOST else found


def _tags(given: Any) -> Any:
    """The first tags. Of one that is too long, or no scalar, the daemon gets a form that it drops and counts."""
    if not hasattr(given, "items"):
        return _LOST
    named = [pair for pair in islice(given.items(), MAX_READ) if isinstance(pair[0], str)]
    return {_scalar(key[: MAX_SEGMENT + 1]): _tag(part) for key, part in named[:MAX_ITEMS]}


def _tag(part: Any) -> Any:
    found = "" if isinstance(part, str) and len(part) > MAX_TAG else _scalar(part)
    return "" if found is _LOST else found


#: The fields of all kinds of records, each with the function that reduces it.
_FIELDS = {
    "agent_id": _scalar,
    "operation": _name,
    "metadata": _known,
    "metric_name": _name,
    "value": _scalar,
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
