"""The recorded choices as files: read by the daemon, written by the tool, or by the person by hand."""

from __future__ import annotations

import os
import tempfile

from daybeat.consent import ADMINISTRATOR, CHOICES, MAX_CHOICE
from daybeat.endpoint import ADMIN_CONSENT, Endpoint
from daybeatd import files


def read(place: Endpoint, name: str) -> str:
    """The text of a recorded choice, "" when there is none. One that can't be read grants nothing: "off"."""
    # The administrator's only forbids, and where users have a namespace of their own root is nobody there.
    administrator = name == ADMINISTRATOR
    path = ADMIN_CONSENT if administrator else place.consent(name)
    try:
        content, _ = files.read(path, MAX_CHOICE, whosever=administrator)
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError:
        return "off"
    return content.decode("utf-8", "replace") if len(content) <= MAX_CHOICE else "off"


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
