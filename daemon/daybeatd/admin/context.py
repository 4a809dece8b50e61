"""What the answers to a person's requests are made from: the parts of the daemon, as `app` wired them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from daybeat.endpoint import Endpoint
from daybeatd.batches import Batches
from daybeatd.builder import Builder
from daybeatd.core.ledger import Ledger, Product
from daybeatd.core.schedule import Moment
from daybeatd.ingest import Ingest
from daybeatd.keeper import Keeper
from daybeatd.post import Post
from daybeatd.reception import Reception
from daybeatd.settings import SettingsFile


@dataclass(frozen=True, slots=True)
class Context:
    place: Endpoint
    #: The clocks now.
    moment: Callable[[], Moment]
    #: When the daemon started, by `monotonic`.
    started: float
    settings: SettingsFile
    keeper: Keeper
    ingest: Ingest
    reception: Reception
    post: Post
    batches: Batches
    builder: Builder

    @property
    def ledger(self) -> Ledger:
        return self.keeper.ledger

    def products(self, name: str) -> list[Product]:
        """The product of that name, or for "" all of them."""
        found = self.ledger.products
        return [found[name]] if name else sorted(found.values(), key=lambda each: each.name)
