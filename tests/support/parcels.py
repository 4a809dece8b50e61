"""A heartbeat on its way, with something in every field."""

from __future__ import annotations

import daybeat
from daybeatd.core.outbox import Parcel
from daybeatd.core.window import COUNTER, Window
from support.ledgers import NOW


def parcel(**fields: object) -> Parcel:
    """One that was refused, with other `fields` where they are given."""
    window = Window("beat", NOW)
    window.count(COUNTER, "cli.run", 3)
    window.observe("latency.x", "ms", [1.0, -2.0, 0.0])
    given: dict[str, object] = {
        "beat_id": "beat",
        "product": "acme",
        "destination": "there",
        "kind": "heartbeat",
        "sequence": 3,
        "sink": daybeat.https_json("https://u:p@acme.dev/?k=1", 1.5, 2, 3.5, {"X-Key": "v"}),
        "body": b"\x00\xff{}",
        "created": NOW,
        "version": "2.1.0",
        "window": window,
        "attempts": 4,
        "next_try": NOW + 5,
        "state": "refused",
        "words": "401",
        **fields,
    }
    return Parcel(**given)  # type: ignore[arg-type]
