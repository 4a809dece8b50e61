"""Directories that are the user's alone, and the place of a socket in them."""

from __future__ import annotations

import os
import stat


class DirectoryError(Exception):
    """A directory, or a socket's place in it, can't be used; the message says why and what to do."""


def own(path: str) -> None:
    """Make a directory that nobody else can look into, or make it so. Raises DirectoryError."""
    try:
        os.makedirs(path, mode=0o700, exist_ok=True)
        found = os.stat(path)
        if found.st_uid != os.geteuid():
            raise DirectoryError(f"{path} belongs to another user; name a directory of your own")
        if found.st_mode & stat.S_ISVTX:
            raise DirectoryError(f"{path} is shared with other users; name a directory of your own")
        if stat.S_IMODE(found.st_mode) & 0o077:
            os.chmod(path, 0o700)
    except OSError as error:
        raise DirectoryError(f"{path} can't be used: {error.strerror}") from error


def remove_stale_socket(path: str) -> None:
    """A socket that a dead daemon left is removed. Raises DirectoryError for anything else: it is somebody's."""
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(found.st_mode):
        raise DirectoryError(f"{path} is there and is no socket; move it away")
    os.unlink(path)
