"""A body appended to a file, as the courier does it: whole or not at all, and on the disk before it counts."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
from collections.abc import Iterator

from daybeatd.sinks.contract import Result

#: Bytes after which the file is set aside as `<path>.1`, of which one is kept: 20 MB at most in all.
MAX_FILE = 10_000_000

_FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC

_WORDS = {
    errno.EACCES: "may not be written by this user",
    errno.EDQUOT: "could not be written: the disk quota is used up",
    errno.EISDIR: "is a directory",
    errno.ELOOP: "is a symbolic link, which is not followed",
    errno.ENAMETOOLONG: "has too long a name",
    errno.ENOENT: "could not be made: its directory does not exist",
    errno.ENOSPC: "could not be written: the disk is full",
    errno.ENOTDIR: "could not be made: what should be its directory is none",
    errno.ENXIO: "is not a regular file",
    errno.EPERM: "may not be written by this user",
    errno.EROFS: "could not be written: the file system is read-only",
}


def append(path: str, line: bytes, most: int = MAX_FILE) -> Result:
    """Append `line`, which ends itself, with one write, and wait until the disk has it. A new file is 0600.

    A file that would grow above `most` bytes becomes `<path>.1` first. A last line that an earlier crash tore stays as
    it is, and `line` begins on a new one. A write that was cut short is taken back. Only a regular file is written,
    and no symbolic link at `path` is followed. Several may append to one file: they wait for each other.
    """
    try:
        return _append(path, line, most)
    except OSError as error:
        return _failed(_WORDS.get(error.errno or 0, f"could not be written ({error.strerror})"))


def _append(path: str, line: bytes, most: int) -> Result:
    with _alone(path) as descriptor:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            return _failed("is not a regular file")
        if found.st_size and found.st_size + len(line) > most:
            os.replace(path, path + ".1")
            return _append(path, line, most)
        if found.st_size and os.pread(descriptor, 1, found.st_size - 1) != b"\n":
            line = b"\n" + line
        if not _write_whole(descriptor, line, found.st_size):
            return _failed("took only part of the line, which was taken back: the disk is full")
        os.fsync(descriptor)
    if not found.st_size:
        _keep_name(path)
    return Result(status=200, words="written to the file")


@contextlib.contextmanager
def _alone(path: str) -> Iterator[int]:
    """The file at `path`, which nobody else appends to or sets aside meanwhile: else two of them would set it aside."""
    while True:
        descriptor = os.open(path, _FLAGS, 0o600)
        try:
            with contextlib.suppress(OSError):  # a file system without locks
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            if _is_at(path, descriptor):  # and was not set aside while we waited
                yield descriptor
                return
        finally:
            os.close(descriptor)


def _is_at(path: str, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.lstat(path), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _write_whole(descriptor: int, line: bytes, size: int) -> bool:
    if os.write(descriptor, line) == len(line):
        return True
    os.ftruncate(descriptor, size)
    return False


def _keep_name(path: str) -> None:
    """A new file's name is the directory's to keep."""
    directory = os.open(os.path.dirname(path) or ".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _failed(words: str) -> Result:
    return Result(status=0, words=f"the file {words}")
