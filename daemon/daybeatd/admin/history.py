"""What was sent, and how consent changed: read from the store."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from daybeatd import bodies
from daybeatd.admin.context import Context
from daybeatd.control import Answer, Reply
from daybeatd.sinks import FORMS
from daybeatd.store import Rows

#: Entries of the history that one answer tells.
MAX_HISTORY = 1000

_COLUMNS = "beat_id, product, destination, kind, sequence, sink, CAST(body AS BLOB), at, status, words"


def answer(context: Context, product: str, reply: Reply) -> None:
    read(context, product, reply, lambda rows: reply({"entries": entries(rows)}))


def read(context: Context, product: str, reply: Reply, then: Callable[[Rows], None]) -> None:
    """`then` gets what was sent, the latest first, and the changes of consent: of a product, or for "" of all."""

    def told(rows: Rows | Exception) -> None:
        if isinstance(rows, Exception):
            reply({"error": f"the history can't be read: {rows}"})
        else:
            then(rows)

    context.keeper.ask(lambda connection: _rows(connection, product), told)


def _rows(connection: sqlite3.Connection, product: str) -> Rows:
    mine = "WHERE product = ? OR ? = ''"
    sent = connection.execute(
        f"SELECT {_COLUMNS} FROM history {mine} ORDER BY number DESC LIMIT ?", (product, product, MAX_HISTORY)
    )
    chosen = connection.execute(f"SELECT at, product, choice FROM consent {mine}", (product, product))
    return {"history": sent.fetchall(), "consent": chosen.fetchall()}


def entries(rows: Rows) -> list[Answer]:
    """What was sent, the latest last."""
    return [_entry(*row) for row in reversed(rows["history"])]


def _entry(
    beat_id: str,
    product: str,
    destination: str,
    kind: str,
    sequence: int,
    sink: str,
    body: bytes,
    at: float,
    status: int,
    words: str,
) -> Answer:
    return {
        "at": at,
        "product": product,
        "kind": kind,
        "beat_id": beat_id,
        "sequence": sequence,
        "destination": destination,
        "status": status,
        "answer": words,
        "body": bodies.stored(sink, body),
    }


def changes(rows: Rows, product: str) -> list[Answer]:
    """How consent for a product changed, with dates."""
    return [{"at": at, "choice": choice} for at, whose, choice in rows["consent"] if whose == product]


def former_keys(rows: Rows) -> set[str]:
    """The keys that bodies were sent under: perhaps nobody declares them any more, and a body still holds them."""
    sent = [(sink, body) for _, _, _, _, _, sink, body, *_ in rows["history"]]
    return {FORMS[sink].key_in(body) for sink, body in sent if sink in FORMS}
