"""The recorded choices as the daemon enforces them: the files, and what Idun's own telemetry had recorded before."""

from __future__ import annotations

import contextlib
import os

from daybeat.endpoint import Endpoint
from daybeatd import choices, legacyfile
from daybeatd.core.legacy import PRODUCT, Legacy


class RecordedChoices:
    """Read anew at every call, so that a file that a person edits counts at once."""

    def __init__(self, place: Endpoint) -> None:
        self._place = place
        #: Choices that were found and could not be written down.
        self._unwritten: dict[str, str] = {}
        if not os.access(place.config, os.W_OK) and not choices.read(place, PRODUCT):
            left = legacyfile.read(PRODUCT)
            if left is not None and left.is_off:
                self._unwritten[PRODUCT] = "off"

    def of(self, name: str) -> str:
        """The recorded choice, "" when there is none."""
        return choices.read(self._place, name) or self._unwritten.get(name, "")

    def take_over(self, product: str) -> Legacy | None:
        """What a product had before daybeat came. That it was off is recorded at once, as the person's choice."""
        left = legacyfile.read(product)
        if left is not None and left.is_off and not self.of(product):
            self._unwritten[product] = "off"
            with contextlib.suppress(OSError):  # then it is off all the same, for this daemon and the next
                choices.write(self._place, product, "off")
                del self._unwritten[product]
        return left
