"""Between what the daemon holds and the tables: changes as statements, and rows as a ledger and parcels again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgpack import packb, unpackb

from daybeat import privacy, wire
from daybeat.policy import sink_from_map
from daybeatd.core.distribution import Distribution
from daybeatd.core.enforcement import mode_of
from daybeatd.core.ledger import Declared, Ledger, Product, Stream
from daybeatd.core.outbox import Parcel
from daybeatd.core.schedule import Moment
from daybeatd.core.window import Window

#: Seconds for which what was sent is kept.
HISTORY = 90 * 24 * 3600.0

Statement = tuple[str, tuple[Any, ...]]

_WINDOW_TABLES = ("number", "distribution", "process")


def changes(ledger: Ledger) -> list[Statement]:
    """The statements that bring the tables up to date. What they say is marked as saved."""
    statements: list[Statement] = []
    for product in ledger.products.values():
        if product.changed:
            statements.append(_product(product))
            product.changed = False
    for declared in ledger.declared.values():
        if declared.changed:
            row = (declared.digest, declared.packed, declared.order)
            statements.append(("INSERT OR REPLACE INTO policy VALUES (?, ?, ?)", row))
            declared.changed = False
    for digest in ledger.forgotten_policies:
        statements.append(("DELETE FROM policy WHERE digest = ?", (digest,)))
    ledger.forgotten_policies = set()
    for stream in ledger.streams.values():
        statements.extend(_stream(stream))
    return statements


def _product(product: Product) -> Statement:
    row = (
        product.name,
        product.install_id,
        product.salt,
        product.first_seen,
        product.version,
        packb(product.system),
        product.host_class,
        product.announced,
        product.choice,
    )
    return "INSERT OR REPLACE INTO product VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row


def _stream(stream: Stream) -> Iterable[Statement]:
    window = stream.window
    if stream.changed or window.changed:
        row = (
            *stream.key,
            window.beat_id,
            window.start,
            window.processes,
            window.peak,
            stream.last.wall,
            stream.last.up,
            stream.last.boot,
            stream.first,
            stream.sequence,
            stream.digest,
            " ".join(stream.ended),
            stream.gzip,
        )
        yield "INSERT OR REPLACE INTO stream VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row
    for kind, name in window.changed_numbers:
        value = window.numbers[kind][name]
        yield "INSERT OR REPLACE INTO number VALUES (?, ?, ?, ?, ?)", (*stream.key, kind, name, value)
    for name in window.changed_distributions:
        body = packb(window.distributions[name].to_map())
        yield "INSERT OR REPLACE INTO distribution VALUES (?, ?, ?, ?)", (*stream.key, name, body)
    for nonce in window.forgotten_members:
        yield "DELETE FROM process WHERE product = ? AND destination = ? AND nonce = ?", (*stream.key, nonce)
    for nonce in window.changed_members:
        yield "INSERT OR REPLACE INTO process VALUES (?, ?, ?)", (*stream.key, nonce)
    stream.changed = window.changed = False
    window.changed_numbers = set()
    window.changed_distributions = set()
    window.changed_members = set()
    window.forgotten_members = set()


def closing(key: tuple[str, str]) -> list[Statement]:
    """The statements that empty a stream's window: in the same transaction as its heartbeat enters the outbox."""
    return [(f"DELETE FROM {table} WHERE product = ? AND destination = ?", key) for table in _WINDOW_TABLES]


def erasing(product: str) -> list[Statement]:
    """The statements that delete what a product's streams hold and what of it was not yet sent."""
    tables = (*_WINDOW_TABLES, "stream", "outbox")
    return [(f"DELETE FROM {table} WHERE product = ?", (product,)) for table in tables]


def forgetting(product: str) -> list[Statement]:
    """The statements that delete all that is held of a product, what was sent included."""
    tables = ("product", "history", "consent")
    return [*erasing(product), *((f"DELETE FROM {table} WHERE {_name_of(table)} = ?", (product,)) for table in tables)]


def _name_of(table: str) -> str:
    return "name" if table == "product" else "product"


def emptying() -> list[Statement]:
    """The statements that empty all tables that the daemon's memory is the truth of."""
    tables = (*_WINDOW_TABLES, "stream", "outbox", "product", "policy")
    return [(f"DELETE FROM {table}", ()) for table in tables]


def noting_choice(at: float, product: str, choice: str) -> Statement:
    """The statement that keeps a change of consent with its date."""
    return "INSERT INTO consent (at, product, choice) VALUES (?, ?, ?)", (at, product, choice)


def restore(ledger: Ledger, rows: dict[str, list[tuple[Any, ...]]]) -> None:
    """Fill a fresh ledger from the rows of a store."""
    for name, install_id, salt, first_seen, version, system, host_class, announced, choice in rows["product"]:
        ledger.products[name] = Product(
            name, install_id, salt, first_seen, version, unpackb(system), host_class, bool(announced), choice, False
        )
    for digest, packed, order in rows["policy"]:
        try:
            declaration = wire.unpack_policy(packed)
        except wire.WireError:
            continue  # a version before this one allowed it; its processes will declare themselves again
        policy = declaration.policy
        rules = privacy.Rules(policy, ledger.products[policy.product].salt)
        found = Declared(digest, packed, policy, declaration.rule, rules, order=order, changed=False)
        ledger.declared[digest] = found
        found.mode = mode_of(found, ledger.recorded)
    for row in rows["stream"]:
        product, destination, beat_id, start, processes, peak, wall, up, boot, first, sequence, digest, *told = row
        ended, gzip = told
        window = Window(beat_id, start)
        window.processes, window.peak, window.changed = processes, peak, False
        last = Moment(wall, up, boot)
        ledger.streams[product, destination] = Stream(
            product, destination, window, last, bool(first), sequence, digest, False, tuple(ended.split()), bool(gzip)
        )
    for product, destination, kind, name, value in rows["number"]:
        if type(value) is not int:
            raise TypeError("a number is none")
        ledger.streams[product, destination].window.numbers[kind][name] = value
    for product, destination, name, body in rows["distribution"]:
        found_map = unpackb(body, strict_map_key=False)
        ledger.streams[product, destination].window.distributions[name] = Distribution.from_map(found_map)
    for product, destination, nonce in rows["process"]:
        ledger.streams[product, destination].window.members[nonce] = None


def storing(parcel: Parcel) -> Statement:
    """The statement that keeps a parcel as it is now."""
    row = (
        parcel.beat_id,
        parcel.product,
        parcel.destination,
        parcel.kind,
        parcel.sequence,
        packb(parcel.sink.to_map()),
        parcel.body,
        packb(parcel.window.to_map()) if parcel.window is not None else None,
        parcel.created,
        parcel.attempts,
        parcel.next_try,
        parcel.state,
        parcel.words,
        parcel.version,
    )
    return "INSERT OR REPLACE INTO outbox VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row


def parcel_of(row: tuple[Any, ...]) -> Parcel:
    """The parcel that `storing` kept."""
    beat_id, product, destination, kind, sequence, sink, body, window, created, attempts, *rest = row
    next_try, state, words, version = rest
    return Parcel(
        beat_id=beat_id,
        product=product,
        destination=destination,
        kind=kind,
        sequence=sequence,
        sink=sink_from_map(unpackb(sink)),
        body=body,
        window=Window.from_map(unpackb(window, strict_map_key=False)) if window is not None else None,
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
    row = (
        parcel.beat_id,
        parcel.product,
        parcel.destination,
        parcel.kind,
        parcel.sequence,
        parcel.sink.kind,
        parcel.body,
        now,
        parcel.status,
        parcel.words,
    )
    columns = "beat_id, product, destination, kind, sequence, sink, body, at, status, words"
    return [
        ("DELETE FROM outbox WHERE beat_id = ?", (parcel.beat_id,)),
        (f"INSERT INTO history ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row),
        ("DELETE FROM history WHERE at < ?", (now - HISTORY,)),
    ]


def dropping(parcel: Parcel) -> Statement:
    """The statement that forgets a parcel."""
    return "DELETE FROM outbox WHERE beat_id = ?", (parcel.beat_id,)
