"""How much memory the numbers of each product take, and which products may take no more. Pure.

A product alone may take all that there is for numbers. When that is full, those that hold more than a product's share
get no new names, processes, places or waiting events, and their distributions become coarser. What they hold they go on
counting, and nothing counted is lost. So all products together take at most twice `MAX_HELD`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from daybeatd.core.ledger import Ledger
from daybeatd.core.outbox import Parcel
from daybeatd.core.registration import MAX_PRODUCTS

#: Bytes of memory for the numbers of all products, those in heartbeats that wait included.
MAX_HELD = 64 * 1024 * 1024
#: Bytes that each product may take although that is full.
SHARE = MAX_HELD // MAX_PRODUCTS
#: Verdicts about names that are remembered for all policies together.
MAX_VERDICTS = 8192

#: Bytes of a stream and of a parcel without their numbers, as measured on CPython 3.11.
_STREAM = 6144
_PARCEL = 2048


def look(ledger: Ledger, parcels: Iterable[Parcel]) -> None:
    """Measure whether all the memory is taken, and who has more than a share. Forgets verdicts beyond their limit."""
    held: Counter[str] = Counter()
    for stream in ledger.streams.values():
        held[stream.product] += _STREAM + stream.window.memory
    for (product, _), batch in ledger.batches.items():
        held[product] += batch.memory
    for parcel in parcels:
        held[parcel.product] += _PARCEL + len(parcel.body)
        if parcel.window is not None:
            held[parcel.product] += parcel.window.memory
    ledger.is_full = held.total() >= MAX_HELD
    ledger.crowded = {product for product, size in held.items() if size > SHARE} if ledger.is_full else set()
    if sum(declared.rules.remembered for declared in ledger.declared.values()) > MAX_VERDICTS:
        for declared in ledger.declared.values():
            declared.rules.forget()


def room_for(ledger: Ledger, product: str) -> float:
    """Bytes that the numbers of a product may still take."""
    if not ledger.is_full:
        return float("inf")
    if product in ledger.crowded:
        return 0
    held = sum(_STREAM + stream.window.memory for stream in ledger.streams_of(product))
    held += sum(batch.memory for (name, _), batch in ledger.batches.items() if name == product)
    return SHARE - held
