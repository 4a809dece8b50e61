"""A product's numbers are erased, and with `forget` its identity too. Pure."""

from __future__ import annotations

from daybeat import privacy
from daybeatd.core.ledger import Ledger, Product


def erase(ledger: Ledger, product: str) -> None:
    """Forget a product's numbers. Its policies stay known: they are the product's, not the person's."""
    for stream in list(ledger.streams_of(product)):
        del ledger.streams[stream.key]
        ledger.batches.pop(stream.key, None)
    ledger.legacy.pop(product, None)
    ledger.undeclared.forget(product)


def forget(ledger: Ledger, product: str) -> None:
    """Erase a product's numbers and its identity: a new install id and salt. Live processes go on under those."""
    erase(ledger, product)
    old = ledger.products[product]
    fresh = Product(product, ledger.new_id(), ledger.new_salt(), old.first_seen)
    # That its first run was told once is all that stays: it is told once in a life.
    fresh.announced, fresh.choice = old.announced, old.choice
    fresh.version, fresh.system, fresh.host_class = old.version, old.system, old.host_class
    ledger.products[product] = fresh
    for declared in ledger.declared.values():
        if declared.policy.product == product:
            declared.rules = privacy.Rules(declared.policy, fresh.salt)
