"""Shows a record as it will be sent, for logs at DEBUG: the daemon's rules, applied in this process. Loaded late."""

from __future__ import annotations

import json
from time import time

from . import records
from .plain import plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

#: What stands for a hash under the installation's salt, which no client knows.
HASHED = "<hashed under this installation's salt>"


def shown(kind: str, fields: Mapping[str, Any], salt: str) -> str:
    """The event as JSON. Without a `salt`, HASHED stands for each hash: only the daemon has the installation's salt."""
    held = plain(fields)
    event, _ = records.record(kind, held, time(), salt)
    if not event:
        return f"{kind}: dropped, for it holds what may not be sent"
    if not salt:
        _hide(event, held)
    return json.dumps(event)


def _hide(event: dict[str, Any], fields: Mapping[str, Any]) -> None:
    if "agent_id_hash" in event:
        event["agent_id_hash"] = HASHED
    for key, value in event.get("tags", {}).items():
        if value != fields["tags"].get(key):
            event["tags"][key] = HASHED
