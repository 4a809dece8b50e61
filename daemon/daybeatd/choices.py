"""The recorded choices as files: read by the daemon, written by the tool, or by the person by hand."""

from __future__ import annotations

import os
import tempfile

from daybeat.consent import ADMINISTRATOR, CHOICES
from daybeat.endpoint import ADMIN_CONSENT, Endpoint

_MAX_CHOICE = 64


def read(place: Endpoint, name: str) -> str:
    """The text of a recorded choice, "" when there is none. One that can't be read grants nothing: "off"."""
    path = ADMIN_CONSENT if name == ADMINISTRATOR else place.consent(name)
    try:
        with open(path, "rb") as choice:
            return choice.read(_MAX_CHOICE).decode("utf-8", "replace")
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError:
        return "off"


def write(place: Endpoint, name: str, choice: str) -> None:
    """Record `choice` for a product or for all. Raises OSError where the directory can't be written."""
    if choice not in CHOICES:
        raise ValueError(f"a choice is one of {' '.join(CHOICES)}")
    path = place.consent(name)
    directory = os.path.dirname(path)
    os.makedirs(directory, mode=0o700, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=directory, prefix=".choice-")  # 0600
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(choice + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
