"""Between the outbox and its tables: heartbeats on their way, and the history of those that arrived."""

from __future__ import annotations

from typing import Any

from msgpack import packb, unpackb

from daybeat.policy import PolicyError, sink_from_map
from daybeatd.core.ledger import Ledger
from daybeatd.core.outbox import Parcel
from daybeatd.core.window import Window
from daybeatd.statements import Statement, delete, put

#: Seconds for which what was sent is kept.
HISTORY = 90 * 24 * 3600.0


def storing(parcel: Parcel) -> Statement:
    """The statement that keeps a parcel as it is now."""
    return put(
        "outbox",
        **_what_it_is(parcel),
        sink=packb(parcel.sink.to_map()),
        window=packb(parcel.window.to_map()) if parcel.window is not None else None,
        created=parcel.created,
        attempts=parcel.attempts,
        next_try=parcel.next_try,
        state=parcel.state,
        version=parcel.version,
    )


def _what_it_is(parcel: Parcel) -> dict[str, Any]:
    """The columns that the outbox and the history have in common."""
    return {
        "beat_id": parcel.beat_id,
        "product": parcel.product,
        "destination": parcel.destination,
        "kind": parcel.kind,
        "sequence": parcel.sequence,
        "body": parcel.body,
        "words": parcel.words,
    }


def restore(ledger: Ledger, rows: list[tuple[Any, ...]]) -> tuple[list[Parcel], list[Statement]]:
    """What waits, from the rows of a store; and the statements that drop those whose sink is allowed no more.

    What these held is counted as lost in the streams of `ledger`.
    """
    parcels, dropped = [], []
    for row in rows:
        try:
            parcels.append(parcel_of(row))
        except PolicyError:  # a version before this one allowed it
            window, stream = _window_of(row), ledger.streams.get(row[1:3])
            if window is not None and stream is not None:
                stream.window.drop("lost", window.weight)
            dropped.append(delete("outbox", beat_id=row[0]))
    return parcels, dropped


def _window_of(row: tuple[Any, ...]) -> Window | None:
    return Window.from_map(unpackb(row[7], strict_map_key=False)) if row[7] is not None else None


def parcel_of(row: tuple[Any, ...]) -> Parcel:
    """The parcel that `storing` kept."""
    beat_id, product, destination, kind, sequence, sink, body, _, created, attempts, *rest = row
    next_try, state, words, version = rest
    return Parcel(
        beat_id=beat_id,
        product=product,
        destination=destination,
        kind=kind,
        sequence=sequence,
        sink=sink_from_map(unpackb(sink)),
        body=body,
        window=_window_of(row),
        created=created,
        attempts=attempts,
        next_try=next_try,
        state=state,
        words=words,
        version=version,
        stored=True,
    )


def delivered(parcel: Parcel, now: float) -> list[Statement]:
    """The statements that move an acknowledged parcel into the history."""
    return [
        dropping(parcel),
        put("history", **_what_it_is(parcel), sink=parcel.sink.kind, at=now, status=parcel.status),
        ("DELETE FROM history WHERE at < ?", (now - HISTORY,)),
    ]


def dropping(parcel: Parcel) -> Statement:
    """The statement that forgets a parcel."""
    return delete("outbox", beat_id=parcel.beat_id)
