"""What Idun's own telemetry had kept in `config.yaml` before daybeat: taken over once, shown under its names. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from daybeat.consent import ON_WORDS
from daybeat.privacy import MAX_KEYS, count

PRODUCT = "idun"


@dataclass(frozen=True, slots=True)
class Legacy:
    """What the file said: `user_id` "" where there was none; times in seconds since 1970, None where there was none."""

    user_id: str = ""
    is_off: bool = False
    created: float | None = None
    last: float | None = None
    counters: dict[str, int] = field(default_factory=dict)


def parse(found: object) -> Legacy:
    """What `found`, the parsed YAML, says. A field that is not of the form that Idun documented counts as absent."""
    fields: dict[Any, Any] = found if isinstance(found, dict) else {}
    counters = fields.get("counters")
    pairs = list(counters.items())[:MAX_KEYS] if isinstance(counters, dict) else []
    return Legacy(
        user_id=_uuid(fields.get("user_id")),
        is_off=_is_off(fields.get("telemetry_enabled")),
        created=_time(fields.get("created_at")),
        last=_time(fields.get("last_heartbeat_at")),
        counters={name: n for name, n in pairs if type(name) is str and count(n)},
    )


def record(
    user_id: str, is_on: bool, created: float, last: float | None, counters: Iterable[tuple[str, int]]
) -> dict[str, Any]:
    """The record in the form that Idun documented for `config.yaml`."""
    total: dict[str, int] = {}
    for name, n in counters:
        total[name] = total.get(name, 0) + n
    return {
        "user_id": user_id,
        "telemetry_enabled": is_on,
        "created_at": _iso(created),
        "counters": dict(sorted(total.items())),
        "last_heartbeat_at": _iso(last) if last is not None else None,
    }


def _iso(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).isoformat(timespec="seconds")


def _is_off(found: object) -> bool:
    """Any value that is no word for on means off: people wrote `"false"`, `0` and `disabled`, too."""
    return found is not None and str(found).strip().lower() not in ON_WORDS


def _uuid(text: object) -> str:
    return text.lower() if isinstance(text, str) and _UUID.fullmatch(text) else ""


_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def _time(found: object) -> float | None:
    try:
        time = datetime.fromisoformat(found.isoformat() if isinstance(found, date) else str(found))
    except ValueError:
        return None
    if not 1970 < time.year < 3000:
        return None
    return (time if time.tzinfo is not None else time.replace(tzinfo=UTC)).timestamp()
