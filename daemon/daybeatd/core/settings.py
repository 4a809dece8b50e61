"""What the person set in `config.toml`, as a value, and what follows from it. Pure; `daybeatd.settings` reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from daybeat.policy import Sink

DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` to `end`, both in seconds since local midnight; across midnight where `end` is the lesser."""

    start: int
    end: int

    def left(self, local: float) -> float:
        """The seconds until they end, at `local` seconds since local midnight; 0 outside them."""
        if (local - self.start) % DAY >= (self.end - self.start) % DAY:
            return 0.0
        return (self.end - local) % DAY


@dataclass(frozen=True, slots=True)
class Override:
    """What the person says of one product. With `replaced`, `sink` stands in place of the product's own.

    `held` says why nothing of the product is sent, "" when it may be.
    """

    replaced: bool = False
    sink: Sink | None = None
    held: str = ""


_UNSAID = Override()


@dataclass(frozen=True, slots=True)
class Settings:
    """All of `config.toml`. Settings can hold back and send elsewhere; consent they never give.

    `held` says why nothing at all is sent, "" when it may be. `proxy` is an address, `ca` the path of a PEM file; ""
    leaves them to the environment and the system.
    """

    held: str = ""
    proxy: str = field(default="", repr=False)
    ca: str = ""
    quiet_hours: QuietHours | None = None
    products: Mapping[str, Override] = field(default_factory=dict)

    def sink_for(self, product: str, sink: Sink | None) -> Sink | None:
        """Where a product's heartbeats go: to its own `sink`, or where the person says instead."""
        override = self.products.get(product, _UNSAID)
        return override.sink if override.replaced else sink

    def replaces(self, product: str) -> bool:
        """Whether the person named a place, or none, instead of the product's own."""
        return self.products.get(product, _UNSAID).replaced

    def why_elsewhere(self, product: str) -> str:
        """Why a product's numbers no longer go to a place that they were counted for, in one line."""
        override = self.products.get(product, _UNSAID)
        if override.replaced and override.sink is None:
            return 'config.toml says sink = "none"'
        return "it goes elsewhere now" + (", by config.toml" if override.replaced else "")

    def may_send(self, product: str) -> bool:
        return not self.why_held(product)

    def why_held(self, product: str) -> str:
        """Why nothing of a product is sent, in one line; "" when it may be."""
        return self.held or self.products.get(product, _UNSAID).held

    def quiet_left(self, local: float) -> float:
        """The seconds until the quiet hours end, at `local` seconds since local midnight; 0 outside them."""
        return self.quiet_hours.left(local) if self.quiet_hours is not None else 0.0
