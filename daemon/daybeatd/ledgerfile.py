"""Between the ledger and its tables: changes as statements, and rows as a ledger again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgpack import packb, unpackb

from daybeat import privacy, wire
from daybeatd.core.distribution import Distribution
from daybeatd.core.enforcement import mode_of
from daybeatd.core.ledger import Declared, Ledger, Product, Stream
from daybeatd.core.schedule import Moment
from daybeatd.core.window import Window
from daybeatd.statements import Statement, delete, put

_WINDOW_TABLES = ("number", "distribution", "process")


def changes(ledger: Ledger) -> list[Statement]:
    """The statements that bring the tables up to date. What they say is marked as saved."""
    # First, for what was forgotten may be known again.
    statements = [delete("policy", digest=digest) for digest in ledger.forgotten_policies]
    statements += [delete("product", name=name) for name in ledger.forgotten_products]
    for key in ledger.forgotten_streams:
        statements += [*closing(key), delete("stream", **_key(key))]
    ledger.forgotten_policies, ledger.forgotten_products, ledger.forgotten_streams = set(), set(), set()
    for product in ledger.products.values():
        if product.changed:
            statements.append(_product(product))
            product.changed = False
    for declared in ledger.declared.values():
        if declared.changed:
            row = {"digest": declared.digest, "packed": declared.packed, "declared": declared.order}
            statements.append(put("policy", **row))
            declared.changed = False
    for stream in ledger.streams.values():
        statements.extend(_stream(stream))
    return statements


def _product(product: Product) -> Statement:
    return put(
        "product",
        name=product.name,
        install_id=product.install_id,
        salt=product.salt,
        first_seen=product.first_seen,
        version=product.version,
        system=packb(product.system),
        host_class=product.host_class,
        announced=product.announced,
        choice=product.choice,
    )


def _stream(stream: Stream) -> Iterable[Statement]:
    window = stream.window
    key = _key(stream.key)
    if stream.changed or window.changed:
        yield put(
            "stream",
            **key,
            beat_id=window.beat_id,
            start=window.start,
            processes=window.processes,
            peak=window.peak,
            last_wall=stream.last.wall,
            last_up=stream.last.up,
            last_boot=stream.last.boot,
            first=stream.first,
            sequence=stream.sequence,
            digest=stream.digest,
            ended=" ".join(stream.ended),
            gzip=stream.gzip,
        )
    for kind, name in window.changed_numbers:
        yield put("number", **key, kind=kind, name=name, value=window.numbers[kind][name])
    for name in window.changed_distributions:
        yield put("distribution", **key, name=name, body=packb(window.distributions[name].to_map()))
    for nonce in window.forgotten_members:
        yield delete("process", **key, nonce=nonce)
    for nonce in window.changed_members:
        yield put("process", **key, nonce=nonce)
    stream.changed = window.changed = False
    window.changed_numbers = set()
    window.changed_distributions = set()
    window.changed_members = set()
    window.forgotten_members = set()


def _key(key: tuple[str, str]) -> dict[str, str]:
    product, destination = key
    return {"product": product, "destination": destination}


def closing(key: tuple[str, str]) -> list[Statement]:
    """The statements that empty a stream's window: in the same transaction as its heartbeat enters the outbox."""
    return [delete(table, **_key(key)) for table in _WINDOW_TABLES]


def erasing(product: str) -> list[Statement]:
    """The statements that delete what a product's streams hold and what of it was not yet sent."""
    return [delete(table, product=product) for table in (*_WINDOW_TABLES, "stream", "outbox")]


def forgetting(product: str) -> list[Statement]:
    """The statements that delete all that is held of a product, what was sent included."""
    told = [delete(table, product=product) for table in ("history", "consent")]
    return [*erasing(product), *told, delete("product", name=product)]


def emptying() -> list[Statement]:
    """The statements that empty all tables that the daemon's memory is the truth of."""
    return [delete(table) for table in (*_WINDOW_TABLES, "stream", "outbox", "product", "policy")]


def noting_choice(at: float, product: str, choice: str) -> Statement:
    """The statement that keeps a change of consent with its date."""
    return put("consent", at=at, product=product, choice=choice)


def restore(ledger: Ledger, rows: dict[str, list[tuple[Any, ...]]]) -> None:
    """Fill a fresh ledger from the rows of a store."""
    for name, install_id, salt, first_seen, version, system, host_class, announced, choice in rows["product"]:
        ledger.products[name] = Product(
            name, install_id, salt, first_seen, version, unpackb(system), host_class, bool(announced), choice, False
        )
    for row in rows["policy"]:
        _restore_policy(ledger, *row)
    for row in rows["stream"]:
        _restore_stream(ledger, *row)
    for product, destination, words in rows["answer"]:
        if (product, destination) in ledger.streams:
            ledger.streams[product, destination].told = str(words)
    for product, destination, kind, name, value in rows["number"]:
        if type(value) is not int:
            raise TypeError("a number is none")
        ledger.streams[product, destination].window.numbers[kind][name] = value
    for product, destination, name, body in rows["distribution"]:
        found = Distribution.from_map(unpackb(body, strict_map_key=False))
        ledger.streams[product, destination].window.distributions[name] = found
    for product, destination, nonce in rows["process"]:
        ledger.streams[product, destination].window.members[nonce] = None


def _restore_policy(ledger: Ledger, digest: bytes, packed: bytes, order: int) -> None:
    try:
        declaration = wire.unpack_policy(packed)
    except wire.WireError:
        return  # a version before this one allowed it; its processes will declare themselves again
    policy = declaration.policy
    rules = privacy.Rules(policy, ledger.products[policy.product].salt)
    found = Declared(digest, packed, policy, declaration.rule, rules, order=order, changed=False)
    found.mode = mode_of(found, ledger.recorded)
    ledger.declared[digest] = found


def _restore_stream(
    ledger: Ledger,
    product: str,
    destination: str,
    beat_id: str,
    start: float,
    processes: int,
    peak: int,
    wall: float,
    up: float,
    boot: str,
    first: int,
    sequence: int,
    digest: bytes,
    ended: str,
    gzip: int,
) -> None:
    window = Window(beat_id, start)
    window.processes, window.peak, window.changed = processes, peak, False
    ledger.streams[product, destination] = Stream(
        product=product,
        destination=destination,
        window=window,
        last=Moment(wall, up, boot),
        first=bool(first),
        sequence=sequence,
        digest=digest,
        changed=False,
        ended=tuple(ended.split()),
        gzip=bool(gzip),
    )
