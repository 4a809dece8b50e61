"""The recorded choices as the daemon enforces them: the files', and those that a product had before daybeat came."""

from __future__ import annotations

import contextlib
import os

from daybeat.endpoint import Endpoint
from daybeatd import choices, heritage
from daybeatd.core.heritage import PRODUCT, Heritage


class Inheritance:
    def __init__(self, place: Endpoint) -> None:
        self._place = place
        #: Choices that were found and could not be written down.
        self._unwritten: dict[str, str] = {}
        if not os.access(place.config, os.W_OK) and not choices.read(place, PRODUCT):
            left = heritage.read(PRODUCT)
            if left is not None and left.is_off:
                self._unwritten[PRODUCT] = "off"

    def recorded(self, name: str) -> str:
        """The recorded choice, "" when there is none."""
        return choices.read(self._place, name) or self._unwritten.get(name, "")

    def of(self, product: str) -> Heritage | None:
        """What a product had before daybeat came. That it was off is recorded at once, as the person's choice."""
        left = heritage.read(product)
        if left is not None and left.is_off and not self.recorded(product):
            self._unwritten[product] = "off"
            with contextlib.suppress(OSError):  # then it is off all the same, for this daemon and the next
                choices.write(self._place, product, "off")
                del self._unwritten[product]
        return left
