"""The recorded choices as files: read by the daemon, written by the tool, or by the person by hand."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator

from daybeat import consent
from daybeat.consent import ADMINISTRATOR, ALL, CHOICES, MAX_CHOICE, UNREADABLE
from daybeat.endpoint import ADMIN_CONSENT, Endpoint
from daybeat.policy import is_product
from daybeatd import files

#: How the names of files begin that are being written.
WRITING = ".choice-"


def read(place: Endpoint, name: str) -> str:
    """The text of a recorded choice, "" when there is none. One that can't be read is UNREADABLE: it grants nothing."""
    return _look(place, name)[0]


def fault(place: Endpoint, name: str) -> str:
    """Why a recorded choice means off although it does not say so, in one line with its path; "" where all is well."""
    text, why = _look(place, name)
    word = consent.word_of(text)
    if why or (word and word not in CHOICES):
        return f"{path_of(place, name)} {why or 'is none of ' + ', '.join(CHOICES)}: it reads as off"
    return ""


def faults(place: Endpoint) -> list[str]:
    """The same for every record that there is."""
    return list(filter(None, (fault(place, name) for name in names(place))))


def names(place: Endpoint) -> Iterator[str]:
    """For which names something may be recorded: the administrator's, and those in the directory."""
    yield ADMINISTRATOR
    try:
        found = os.listdir(os.path.dirname(place.consent(ALL)))
    except OSError:
        return
    yield from sorted(name for name in found if is_product(name))  # "all" has the form of a product's name


def path_of(place: Endpoint, name: str) -> str:
    return ADMIN_CONSENT if name == ADMINISTRATOR else place.consent(name)


def _look(place: Endpoint, name: str) -> tuple[str, str]:
    """The text, and why it can't be read."""
    try:
        # The administrator's only forbids, and where users have a namespace of their own root is nobody there.
        content, _ = files.read(path_of(place, name), MAX_CHOICE, whosever=name == ADMINISTRATOR)
    except (FileNotFoundError, NotADirectoryError):
        return "", ""
    except OSError as error:
        return UNREADABLE, f"can't be read ({error.strerror})"
    if len(content) > MAX_CHOICE:
        return UNREADABLE, f"is longer than {MAX_CHOICE} bytes"
    return content.decode("utf-8", "replace"), ""


def write(place: Endpoint, name: str, choice: str) -> None:
    """Record `choice` for a product or for all. Raises OSError where the directory can't be written."""
    if choice not in CHOICES:
        raise ValueError(f"a choice is one of {' '.join(CHOICES)}")
    path = place.consent(name)
    directory = os.path.dirname(path)
    for each in (place.config, directory):  # makedirs gives its mode to the last of a path alone
        os.makedirs(each, mode=0o700, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=directory, prefix=WRITING)  # 0600
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(choice + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
