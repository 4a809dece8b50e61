"""The records that a product of `delivery="events"` may send: Mycelium's four shapes, and nothing beside them.

Each shape is a fixed set of fields, each with a rule of its own; what has no rule is left out. Optional fields are left
out when they are empty, never null. Pure: the time is the record's own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from . import privacy, scrub, tripwires, vocabulary
from .plain import PLAIN_FIELDS
from .policy import MAX_SEGMENT, MAX_TAGS, SEGMENT, is_name
from .words import is_all_known

#: Left out when they are empty.
_OPTIONAL = ("metadata", "tags", "stack_trace", "context")

#: Characters of a trace when the event would be over its limit; cut by half until it fits.
LEAST_TRACE = 200


def record(
    kind: object, fields: object, time: float, salt: str, allowed: frozenset[str] = frozenset()
) -> tuple[dict[str, object], tuple[str, ...]]:
    """`(event, reasons)`: the event as it is sent, at most 4 KB as JSON, and why each part was left off.

    `fields` are the arguments of the client's call by their names. The event is empty when the record is dropped.
    `salt` is the product's own for agent ids; `allowed` are further words that messages may have.
    """
    if not isinstance(fields, Mapping) or type(kind) is not str or kind not in _SHAPES:
        return {}, (privacy.UNDECLARED,)
    reasons: list[str] = []
    found = _SHAPES[kind](fields, salt, allowed, reasons)
    if not found:
        return {}, tuple(reasons)
    event = {"event_type": kind, **found, "timestamp": time}
    return _fitting({name: part for name, part in event.items() if part or name not in _OPTIONAL}), tuple(reasons)


def _fitting(event: dict[str, object]) -> dict[str, object]:
    """The event within its limit: only a trace and tags can be over it."""
    trace = event.get("stack_trace")
    while len(json.dumps(event)) > privacy.MAX_EVENT:
        if type(trace) is str and len(trace) > LEAST_TRACE:
            trace = "\n".join(trace.split("\n")[-max(1, trace.count("\n") // 2) :])[-len(trace) // 2 :]
            event["stack_trace"] = trace
        else:
            event.pop("stack_trace" if "stack_trace" in event else "tags" if "tags" in event else "error_message", None)
    return event


def _agent_usage(
    fields: Mapping[object, object], salt: str, allowed: frozenset[str], reasons: list[str]
) -> dict[str, object]:
    agent = fields.get("agent_id")
    if type(agent) not in (str, int):
        reasons.append(privacy.UNSAFE)
        return {}
    return {
        "agent_id_hash": privacy.agent(str(agent), salt),
        "operation": _operation(fields.get("operation"), reasons),
        "metadata": _plain(fields.get("metadata"), reasons),
    }


def _performance(
    fields: Mapping[object, object], salt: str, allowed: frozenset[str], reasons: list[str]
) -> dict[str, object]:
    name, value = fields.get("metric_name"), privacy.value(fields.get("value"))
    if not is_safe_name(name, risky=False) or value is None:
        reasons.append(privacy.UNSAFE)
        return {}
    return {
        "metric_name": name,
        "value": fields["value"],
        "unit": privacy.unit(fields.get("unit")),
        "tags": _tags(fields.get("tags"), salt, reasons),
    }


def _error(
    fields: Mapping[object, object], salt: str, allowed: frozenset[str], reasons: list[str]
) -> dict[str, object]:
    given = fields.get("error_type")
    name = given.rpartition(":")[2].rpartition(".")[2] if type(given) is str else ""
    return {
        "error_type": scrub.type_name(name, allowed) or privacy.OTHER_ERROR,
        "error_message": _message(fields.get("error_message"), allowed),
        "stack_trace": scrub.traceback(fields.get("stack_trace"), allowed),
        "context": _plain(fields.get("context"), reasons),
    }


def _message(given: object, allowed: frozenset[str]) -> str:
    """The message as it may be sent; one that was empty stays so, for nothing was taken from it."""
    return scrub.message(given, allowed) or (scrub.REDACTED if given != "" else "")


# The numbers of a kernel or a system, without what a builder called it; four of them are an address.
_PLATFORM_VERSION = re.compile(r"([0-9]{1,2}(?:\.[0-9]{1,3}){0,2})(?:[-+_](?:.*)|\.[0-9]{1,3}-microsoft.*)?", re.DOTALL)


def _system_info(
    fields: Mapping[object, object], salt: str, allowed: frozenset[str], reasons: list[str]
) -> dict[str, object]:
    facts = privacy.system({"os.family": fields.get("platform"), "python.version": fields.get("python_version")})
    release, made = fields.get("platform_version"), fields.get("python_implementation")
    found = _PLATFORM_VERSION.fullmatch(release) if type(release) is str else None
    return {
        "platform": facts["os.family"],
        "platform_version": found[1] if found else privacy.UNKNOWN,
        "python_version": facts["python.version"],
        "python_implementation": made if type(made) is str and made in vocabulary.IMPLEMENTATIONS else privacy.OTHER,
    }


_SHAPES = {"agent_usage": _agent_usage, "performance": _performance, "error": _error, "system_info": _system_info}


def is_safe_name(name: object, *, risky: bool = True) -> bool:
    """Whether `name` follows the grammar of names and survives the tripwires."""
    return type(name) is str and is_name(name) and not tripwires.trips(name.split("."), risky=risky)


def _is_safe_value(text: str) -> bool:
    """The same for a value: what a program does (`parse_document`) may be risky words, if a list knows each."""
    return is_safe_name(text, risky=not is_all_known(text.split(".")))


def _operation(name: object, reasons: list[str]) -> str:
    if type(name) is str and _is_safe_value(name):
        return name
    reasons.append(privacy.UNSAFE)
    return privacy.OTHER


def _plain(given: object, reasons: list[str]) -> dict[str, object]:
    """The six known fields with numbers and booleans; a string could be anything."""
    kept: dict[str, object] = {}
    for name, part in _items(given):
        if name in PLAIN_FIELDS and (type(part) is bool or privacy.value(part) is not None):
            kept[str(name)] = part
        else:
            reasons.append(privacy.UNDECLARED)
    return kept


def _tags(given: object, salt: str, reasons: list[str]) -> dict[str, str | int]:
    kept: dict[str, str | int] = {}
    for key, part in _items(given):
        tag = _tag(key, part, salt) if len(kept) < MAX_TAGS else None
        if type(key) is str and tag is not None:
            kept[key] = tag
        else:
            reasons.append(privacy.UNSAFE)
    return kept


def _tag(key: object, part: object, salt: str) -> str | int | None:
    """The tag's value as it may be sent: hashed under a key that points at someone, else as it came; None for none."""
    if type(key) is not str or not 0 < len(key) <= MAX_SEGMENT or key.strip(SEGMENT):
        return None
    if not isinstance(part, (str, int)) or part == "":
        return None
    identifying = privacy.is_identifying(key)
    # What is hashed tells nothing, so that the risky words of its key (`session_id`) don't count.
    if tripwires.trips([key], risky=not identifying):
        return None
    if identifying:
        return privacy.agent(str(part), salt)
    return part if _is_safe_value(str(part).lower() if type(part) is bool else str(part)) else None


def _items(given: object) -> list[tuple[object, object]]:
    return list(given.items())[: privacy.MAX_LIST] if isinstance(given, Mapping) else []
