"""How a window ends: in a heartbeat, or among the numbers that stay here. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from daybeatd.core.destination import LOCAL
from daybeatd.core.heartbeat import FIRST_RUN, HEARTBEAT, Heartbeat
from daybeatd.core.ledger import EPHEMERAL, PERSON, Ledger, Product, Stream, ended_versions
from daybeatd.core.schedule import Moment, window_start
from daybeatd.core.window import COUNTER, DROPPED, ERROR, Window


def heartbeat(ledger: Ledger, stream: Stream, now: float) -> Heartbeat:
    """What the stream's heartbeat says now. The same for a preview and for sending."""
    product = ledger.products[stream.product]
    window = stream.window
    return Heartbeat(
        kind=HEARTBEAT,
        beat_id=window.beat_id,
        sequence=stream.sequence,
        product=product.name,
        product_version=product.version,
        install_id=product.install_id,
        start=window_start(window.start, now),
        end=now,
        system=product.system,
        host_class=_host_class(ledger, product, now),
        counters=dict(window.numbers[COUNTER]),
        distributions=dict(window.distributions),
        errors=dict(window.numbers[ERROR]),
        processes=window.processes,
        peak=window.peak,
        dropped=dict(window.numbers[DROPPED]),
    )


def first_run(ledger: Ledger, product: Product, now: float) -> Heartbeat:
    """The message that tells of a product's first run here: its system and nothing counted."""
    return Heartbeat(
        kind=FIRST_RUN,
        beat_id=ledger.new_id(),
        sequence=0,
        product=product.name,
        product_version=product.version,
        install_id=product.install_id,
        start=now,
        end=now,
        system=product.system,
        host_class=_host_class(ledger, product, now),
    )


def _host_class(ledger: Ledger, product: Product, now: float) -> str:
    """A person's home is one that has been there for a day."""
    return EPHEMERAL if product.host_class == PERSON and now < ledger.young_until else product.host_class


def close(ledger: Ledger, stream: Stream, now: Moment) -> None:
    """Begin a new window: the numbers so far are in a heartbeat."""
    stream.window = Window(ledger.new_id(), now.wall)
    ledger.undeclared.ease(stream.product)
    stream.sequence += 1
    stream.last = now
    stream.first = False
    stream.changed = True


def end(ledger: Ledger, stream: Stream, version: str, windows: Iterable[Window], now: Moment) -> None:
    """The receiver wants no more of a version: what it did not take, in `windows`, and what is held stay here."""
    stream.ended = ended_versions(*stream.ended, version)
    keep_here(ledger, stream, windows, now)


def keep_here(ledger: Ledger, stream: Stream, windows: Iterable[Window], now: Moment) -> None:
    """What is held of the stream, and `windows` of it, may never be sent: it joins the product's local numbers."""
    local = ledger.streams.get((stream.product, LOCAL))
    if local is None:
        local = Stream(stream.product, LOCAL, Window(ledger.new_id(), now.wall), now, digest=stream.digest)
        ledger.streams[local.key] = local
    for each in (*windows, stream.window):
        local.window.merge(each, ledger.rules_of(stream))
    stream.window = Window(ledger.new_id(), now.wall)
    stream.changed = True
